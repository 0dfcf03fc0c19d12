"""Logs into the lake: once, whatever happens."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from lykeion.analytics import columnar, sources
from lykeion.analytics import ingest as ingesting
from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import Done, Task, ingest
from lykeion.analytics.lake import Lake, LakeError
from lykeion.analytics.sources import SourceMissing
from tests.analytics.lines import enrolled, later


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks of a few lines, so that a small log has many."""
    for module in (sources, ingesting):
        monkeypatch.setattr(module, "CHUNK", 1000)
    return 1000


def learners(lake: Lake) -> list[int]:
    """Who enrolled, as the lake says."""
    found = [user for one in lake.files("enrol") for user in pq.read_table(one.path)["user_id"].to_pylist()]
    return sorted(found)


def test_a_log_is_read_once_however_often_it_is_ingested(lake: Lake, tmp_path: Path) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(enrolled(1) + b"nonsense\n" + enrolled(2, at=later(24)))

    first = ingest([log], lake)
    second = ingest([log], lake)

    assert (first.lines, dict(first.rows), dict(first.aside)) == (3, {"enrol": 2}, {"not-json": 1})
    assert (sorted(first.days), second.lines) == (["2026-03-02", "2026-03-03"], 0)
    assert learners(lake) == [1, 2]


def test_a_log_that_grows_is_read_on(lake: Lake, tmp_path: Path, small_chunks: int) -> None:
    log = tmp_path / "tracking.log"
    for count in range(1, 12):
        with log.open("ab") as out:
            out.write(enrolled(count))
        ingest([log], lake)

    assert learners(lake) == list(range(1, 12))


def test_a_newer_version_that_takes_lines_for_others_leaves_none_of_the_old_files(lake: Lake, tmp_path: Path) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(enrolled(1))
    [source] = sources.find_sources([log])
    [chunk] = sources.read_chunks(source)
    place = ("nav", "dt=2026-03-02", f"{source.id}-000000.parquet")
    lake.write_text("as an older version read it", *place)

    done = ingesting.take(chunk, Task(source, 0, 0, source.size, {"nav/2026-03-02": 1}), lake)

    assert (lake.files("nav"), sorted(done.written)) == ([], ["enrol/2026-03-02", "nav/2026-03-02"])


def test_half_a_line_at_the_end_is_read_when_it_is_whole(lake: Lake, tmp_path: Path) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(enrolled(1) + enrolled(2)[:100])

    first = ingest([log], lake)
    log.write_bytes(enrolled(1) + enrolled(2))
    ingest([log], lake)

    assert (dict(first.aside), learners(lake), lake.files("aside")) == ({"not-json": 1}, [1, 2], [])


def test_a_log_that_was_rotated_packed_or_copied_is_the_same_log(lake: Lake, tmp_path: Path, small_chunks: int) -> None:
    content = b"".join(enrolled(number) for number in range(1, 10))
    log = tmp_path / "tracking.log"
    log.write_bytes(content[: len(content) // 2])
    ingest([log], lake)

    log.write_bytes(content)
    log.rename(tmp_path / "tracking.log.1")
    (tmp_path / "copy.log").write_bytes(content)
    ingest([tmp_path / "tracking.log.1", tmp_path / "copy.log"], lake)
    with gzip.open(tmp_path / "tracking.log.2.gz", "wb") as out:
        out.write(content)
    again = ingest([tmp_path / "tracking.log.2.gz"], lake)

    assert (learners(lake), again.lines) == (list(range(1, 10)), 0)


def test_a_log_that_is_rotated_while_it_is_read_is_not_taken_for_the_next(lake: Lake, tmp_path: Path) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(enrolled(1) + enrolled(2))
    ingest([log], lake)
    with log.open("ab") as out:
        out.write(enrolled(3, at=later(24)))

    def rotated(do: Callable[[Task], list[Done]], tasks: Sequence[Task]) -> Iterator[tuple[Task, list[Done]]]:
        log.rename(tmp_path / "tracking.log-1")
        log.write_bytes(enrolled(9))
        yield from ((task, do(task)) for task in tasks)

    ingest([log], lake, cluster=rotated)
    assert learners(lake) == [1, 2]

    ingest([tmp_path], lake)
    assert learners(lake) == [1, 2, 3, 9]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_of_a_line_that_is_too_long_a_part_is_looked_at(
    lake: Lake, tmp_path: Path, small_chunks: int, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(sources, "LONGEST", 2_000)
    long = enrolled(2).replace(b'"event":', b'"x":"' + b"y" * 50_000 + b'","event":')
    (tmp_path / "tracking.log").write_bytes(pack(enrolled(1) + long + enrolled(3) + b"z" * 50_000))

    [source] = sources.find_sources([tmp_path / "tracking.log"])
    chunks = list(sources.read_chunks(source))
    report = ingest([tmp_path / "tracking.log"], lake)

    assert max(len(chunk.data) for chunk in chunks) < small_chunks + 2 * 2_000
    assert [chunk.is_complete for chunk in chunks] == [True, True, False]
    assert chunks[0].end == chunks[1].start == len(enrolled(1)) + len(long)
    assert (learners(lake), dict(report.aside)) == ([1, 3], {"not-json": 2})


def test_a_packed_log_gives_the_files_that_it_gives_unpacked(tmp_path: Path, small_chunks: int) -> None:
    content = b"".join(enrolled(number) for number in range(1, 30))
    (tmp_path / "plain.log").write_bytes(content)
    with gzip.open(tmp_path / "packed.log.gz", "wb") as out:
        out.write(content)
    plain, packed = Lake(str(tmp_path / "a")), Lake(str(tmp_path / "b"))

    ingest([tmp_path / "plain.log"], plain)
    ingest([tmp_path / "packed.log.gz"], packed)

    names = [one.path.removeprefix(plain.root) for one in plain.files("enrol")]
    assert names == [one.path.removeprefix(packed.root) for one in packed.files("enrol")]
    assert (len(names) > 5, learners(plain), learners(packed)) == (True, list(range(1, 30)), list(range(1, 30)))


@pytest.mark.parametrize("head", [b"\n", b"[\n", b"time,event\n\n", b"x" * 70_000 + b"\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_logs_that_begin_with_the_same_line_of_no_event_are_two(
    lake: Lake, tmp_path: Path, head: bytes, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "one.log").write_bytes(pack(head + enrolled(1) + enrolled(2)))
    (tmp_path / "two.log").write_bytes(pack(head + enrolled(3)))

    report = ingest([tmp_path], lake)

    assert (learners(lake), report.found, report.passed.copies) == ([1, 2, 3], 2, [])


def test_a_log_of_no_events_at_all_is_set_aside(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "one.log").write_bytes(b"a\n" + b"b\n" * 600_000)

    report = ingest([tmp_path], lake)

    assert (report.found, dict(report.aside)) == (1, {"not-json": 600_001})


def test_the_first_event_is_read_when_it_is_whole(lake: Lake, tmp_path: Path) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(b"\n" + enrolled(1)[:50])
    before = sources.find_sources([log])
    log.write_bytes(b"\n" + enrolled(1))

    ingest([log], lake)

    assert (before, learners(lake)) == ([], [1])


def test_what_is_not_read_is_told(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").write_bytes(enrolled(1))
    (tmp_path / "logs" / "b.log").write_bytes(enrolled(1) + enrolled(2))
    (tmp_path / "logs" / "tracking.jsonl").write_bytes(enrolled(3))
    (tmp_path / "logs" / ".hidden").touch()

    report = ingest([tmp_path / "logs", tmp_path / "logs" / "b.log"], lake)

    assert learners(lake) == [1, 2]
    assert report.passed.copies == [str(tmp_path / "logs" / "a.log")]
    assert report.passed.others == [str(tmp_path / "logs" / "tracking.jsonl")]


def test_whoever_works_elsewhere_is_told_whole_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "tracking.log").write_bytes(enrolled(1))
    monkeypatch.chdir(tmp_path)

    def elsewhere(do: Callable[[Task], list[Done]], tasks: Sequence[Task]) -> Iterator[tuple[Task, list[Done]]]:
        monkeypatch.chdir("/")
        yield from ((task, do(task)) for task in tasks)

    ingest(["logs"], Lake("lake"), cluster=elsewhere)

    assert learners(Lake(str(tmp_path / "lake"))) == [1]


def test_a_broken_packed_log_gives_what_can_be_read_and_says_so(lake: Lake, tmp_path: Path) -> None:
    content = b"".join(enrolled(number) for number in range(1, 2000))
    log = tmp_path / "tracking.log.gz"
    log.write_bytes(gzip.compress(content)[:-2000])

    report = ingest([log], lake)

    assert list(report.broken) == [str(log)]
    assert learners(lake) == list(range(1, len(learners(lake)) + 1))
    again = ingest([log], lake)
    assert (len(learners(lake)) > 100, again.lines, again.broken) == (True, 0, report.broken)


def test_a_log_packed_in_several_parts_is_read_once_and_is_longer_than_its_first(lake: Lake, tmp_path: Path) -> None:
    first, second = b"".join(enrolled(number) for number in range(1, 9)), enrolled(9)
    (tmp_path / "first.log").write_bytes(first)
    (tmp_path / "whole.log.gz").write_bytes(gzip.compress(first) + gzip.compress(second))

    report = ingest([tmp_path], lake)

    assert learners(lake) == list(range(1, 10))
    assert report.passed.copies == [str(tmp_path / "first.log")]
    assert ingest([tmp_path], lake).sources == 0


def test_a_log_that_is_broken_from_its_beginning_is_told_of(lake: Lake, tmp_path: Path) -> None:
    log = tmp_path / "tracking.log.gz"
    log.write_bytes(gzip.compress(enrolled(1))[:40])

    report = ingest([log], lake)

    assert (list(report.broken), report.lines) == ([str(log)], 0)


def test_lines_that_are_no_events_are_kept_aside_with_the_reason(lake: Lake, tmp_path: Path) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(enrolled(1) + b'{"event_type": "x", "time": "?"}\n' + b"\xff\n")

    ingest([log], lake)

    [aside] = lake.files("aside")
    found = [json.loads(text) for text in Path(aside.path).read_text().splitlines()]
    assert [one["reason"] for one in found] == ["no-time", "not-json"]
    assert found[0]["line"] == '{"event_type": "x", "time": "?"}'


def test_of_what_is_no_log_some_lines_are_kept_and_all_counted(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar, "MOST_ASIDE", 2)
    (tmp_path / "tracking.log").write_bytes(b"a\nb\nc\n{}\n" + enrolled(1))

    report = ingest([tmp_path / "tracking.log"], lake)

    [kept] = [Path(one.path).read_text().splitlines() for one in lake.files("aside")]
    assert [json.loads(text)["line"] for text in kept] == ["a", "b"]
    assert (dict(report.aside), learners(lake)) == ({"not-json": 3, "no-type": 1}, [1])


def test_several_processes_write_what_one_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(Plan(learners=30, days=4), tmp_path / "logs")
    one, two = Lake(str(tmp_path / "one")), Lake(str(tmp_path / "two"))
    monkeypatch.setattr(ingesting, "_ALONE", 0)

    alone = ingest([tmp_path / "logs"], one, processes=1)
    together = ingest([tmp_path / "logs"], two, processes=2)

    assert (together.rows, together.aside, together.days) == (alone.rows, alone.aside, alone.days)
    assert _content(one) == _content(two)


def test_whoever_is_killed_in_the_middle_is_made_good(lake: Lake, tmp_path: Path) -> None:
    generate(Plan(learners=150, days=3), tmp_path / "logs")
    whole = Lake(str(tmp_path / "whole"))
    ingest([tmp_path / "logs"], whole, processes=1)
    command = [sys.executable, "-m", "lykeion", "lake", "ingest", str(tmp_path / "logs"), "--lake", lake.url]

    process = subprocess.Popen([*command, "--processes", "1"])
    while process.poll() is None and len(lake.files("problem")) < 2:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    (Path(lake.root) / "_tmp" / "left").write_bytes(b"half a file")
    ingest([tmp_path / "logs"], lake, processes=1)

    assert (_content(lake), lake.files("_tmp")) == (_content(whole), [])


def test_whoever_is_killed_takes_along_those_who_worked_for_it(lake: Lake, tmp_path: Path) -> None:
    generate(Plan(learners=150, days=4), tmp_path / "logs")
    script = "import sys; from lykeion.analytics import ingest; from lykeion.analytics.lake import Lake; "
    script += "ingest._ALONE = 0; ingest.ingest([sys.argv[1]], Lake(sys.argv[2]), processes=2)"

    process = psutil.Popen([sys.executable, "-c", script, str(tmp_path / "logs"), lake.url])
    while process.poll() is None and not lake.files("problem"):
        time.sleep(0.005)
    workers = process.children(recursive=True)
    process.kill()
    _gone, left = psutil.wait_procs([process, *workers], timeout=60)
    for one in left:
        one.kill()

    assert (len(workers) > 2, left) == (True, [])


def test_two_do_not_write_at_once(lake: Lake, tmp_path: Path) -> None:
    log = tmp_path / "tracking.log"
    log.write_bytes(enrolled(1))

    with lake.writing(), pytest.raises(LakeError, match="Somebody else is writing"):
        ingest([log], Lake(lake.url))


class _Copying:
    """A store that knows no move, as Azure's plain accounts."""

    def __init__(self, store: fs.FileSystem) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def move(self, _src: str, _dest: str) -> None:
        raise NotImplementedError


def test_a_store_that_only_copies_is_written_to_as_others(tmp_path: Path) -> None:
    (tmp_path / "tracking.log").write_bytes(enrolled(1))
    for name in ("here", "there"):
        lake = Lake(str(tmp_path / name))
        if name == "there":
            lake.is_local, lake.fs = False, _Copying(lake.fs)
        ingest([tmp_path / "tracking.log"], lake, cluster=_here(lake))
        lake.adopt(str(tmp_path / name / "enrol"), "settled")

    names = [
        [one.path.removeprefix(str(tmp_path / name)) for one in Lake(str(tmp_path / name)).files()]
        for name in ("here", "there")
    ]

    assert ([one for one in names[0] if one != "/.lock"], "/settled/data.parquet" in names[0]) == (names[1], True)


def _here(lake: Lake) -> Callable[[Callable[[Task], list[Done]], Sequence[Task]], Iterator[tuple[Task, list[Done]]]]:
    """Work that is done with this very lake, not with one that is opened anew by its URL."""

    def done(_do: Callable[[Task], list[Done]], tasks: Sequence[Task]) -> Iterator[tuple[Task, list[Done]]]:
        for task in tasks:
            chunks = sources.read_chunks(task.source, task.first, task.last)
            yield task, [ingesting.take(chunk, task, lake) for chunk in chunks]

    return done


def test_a_log_that_is_not_there_is_named(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"nowhere\.log"):
        ingest([tmp_path / "nowhere.log"], lake)


def test_the_same_seed_makes_the_same_logs(tmp_path: Path) -> None:
    plan = Plan(learners=20, days=2, seed=3)

    counts = [generate(plan, tmp_path / name) for name in ("a", "b")]

    read = [[path.read_bytes() for path in sorted((tmp_path / name).iterdir())] for name in ("a", "b")]
    assert (counts[0], read[0]) == (counts[1], read[1])
    assert generate(Plan(learners=20, days=2, seed=4), tmp_path / "c") != counts[0]


def _content(lake: Lake) -> dict[str, Any]:
    return {
        one.path.removeprefix(lake.root): pq.read_table(one.path, partitioning=None).to_pylist()
        for kind in ("enrol", "problem", "video", "page", "other")
        for one in lake.files(kind)
    }
