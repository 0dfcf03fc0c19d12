"""A lake in S3, as moto plays it: logs are read from there, and metrics are those of a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lykeion.analytics import locking, measuring
from lykeion.analytics.engine import opened
from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import ingest
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import SCHEMAS, Lake, LakeBusy, LakeError
from lykeion.analytics.metrics.tables import OUTLINE, PLACES
from lykeion.core import places
from lykeion.core.places import PlaceError, address

END = date(2026, 1, 7)
TOGETHER = """
import json, os, sys, time
from pathlib import Path
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake, LakeBusy

logs, url, here = sys.argv[1:]
lake = Lake(url)
(Path(here) / f"{os.getpid()}.ready").touch()
while len(list(Path(here).glob("*.ready"))) < 2:
    time.sleep(0.005)
while True:
    try:
        report = ingest([logs], lake, processes=1)
        break
    except LakeBusy:
        time.sleep(0.1)
print(json.dumps({"lines": report.lines}))
"""
HOLDS = """
import sys, time
from lykeion.analytics.lake import Lake

with Lake(sys.argv[1]).writing():
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_lake_in_s3_holds_what_one_in_a_folder_does(bucket: str, tmp_path: Path) -> None:
    generate(Plan(learners=30, days=2), tmp_path / "logs")
    folder, away = Lake(str(tmp_path / "lake")), Lake(bucket.format("lake"))
    _upload(tmp_path / "logs", bucket.format("logs"))

    whole = ingest([tmp_path / "logs"], folder)
    first = ingest([bucket.format("logs")], away, processes=1)
    again = ingest([bucket.format("logs")], away, processes=1)

    assert (first.sources, first.lines, again.lines) == (2, whole.lines, 0)
    assert _results(away) == _results(folder)
    assert away.files("_tmp") == []


def test_two_commands_on_a_lake_in_s3_read_each_line_once(bucket: str, tmp_path: Path) -> None:
    generate(Plan(learners=30, days=2), tmp_path / "logs")
    folder, url = Lake(str(tmp_path / "lake")), bucket.format("together")
    whole = ingest([tmp_path / "logs"], folder)
    command = [sys.executable, "-c", TOGETHER, str(tmp_path / "logs"), url, str(tmp_path)]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _each in range(2)]
    told = [json.loads(one.communicate(timeout=240)[0]) for one in both]

    away = Lake(url)
    assert sorted(one["lines"] for one in told) == [0, whole.lines]
    assert {kind: _rows(away, kind) for kind in KINDS} == {kind: _rows(folder, kind) for kind in KINDS}
    assert _results(away) == _results(folder)
    assert (away.files("_lock"), away.files("_tmp")) == ([], [])


def test_a_lake_in_s3_is_free_again_when_its_writer_was_killed(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = bucket.format("held")
    command = [sys.executable, "-c", HOLDS, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LakeBusy, match=f"process {holder.pid} on "), Lake(url).writing():
            pass
        holder.kill()

    monkeypatch.setattr(locking, "LEASE", 1.0)  # S3 tells whole seconds
    free = False
    while not free:
        with suppress(LakeBusy), Lake(url).writing():
            free = True

    assert Lake(url).files("_lock") == []


def test_logs_that_are_not_there_are_named(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"There is no log s3://lykeion/nowhere"):
        ingest([bucket.format("nowhere")], Lake(str(tmp_path)))


def test_a_place_that_says_nothing_is_an_error_of_the_lake() -> None:
    with pytest.raises(PlaceError, match=r"gopher://x/y cannot be opened"):
        places.opened("gopher://somebody:secret@x/y")
    with pytest.raises(LakeError, match=r"--lake or LYKEION_LAKE_URL names it"):
        Lake("gopher://x/y")


@pytest.mark.parametrize(
    ("url", "path", "called"),
    [
        ("/srv/lake", "/srv/lake/a", "file:///srv/lake/a"),
        ("hdfs://host:9000/lake", "/lake/a", "hdfs://host:9000/lake/a"),
        ("s3://bucket/lake?region=x", "bucket/lake/a", "s3a://bucket/lake/a"),
        ("gs://bucket/lake", "bucket/lake/a", "gs://bucket/lake/a"),
        (
            "abfss://box@account.dfs.core.windows.net/lake",
            "box/lake/a",
            "abfss://box@account.dfs.core.windows.net/lake/a",
        ),
    ],
)
def test_spark_calls_places_by_other_names(url: str, path: str, called: str) -> None:
    assert address(url, path) == called


def _upload(logs: Path, url: str) -> None:
    place, root = places.opened(url)
    for one in logs.iterdir():
        with place.open_output_stream(f"{root}/{one.name}") as sink:
            sink.write(one.read_bytes())


def _rows(lake: Lake, kind: str) -> int:
    return int(lake.table([one.path for one in lake.files(kind)], SCHEMAS[kind]).count_rows())


def _results(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    nowhere = OUTLINE.empty_table(), PLACES.empty_table()
    with opened(lake) as engine:
        counts = {
            name: count for name, count, _seconds in measuring.measure(engine, END, *nowhere, measuring.nobody_known)
        }
    found = {}
    for name in ("enrolment", "answers", "timeline", "learners"):
        rows = lake.table([one.path for one in lake.files("results", name)], None).to_table().to_pylist()
        assert len(rows) == counts[name] > 0
        found[name] = sorted(rows, key=repr)
    return found
