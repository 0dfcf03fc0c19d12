"""The tracking log as a file."""

from __future__ import annotations

import errno
import fcntl
import logging
import multiprocessing
import os
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest

from lykeion.events.lost import LostCount, file_of, read_lost
from lykeion.events.sink import TrackingLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log goes; its folder is not there yet."""
    return tmp_path / "log" / "tracking.log"


def test_lines_are_appended_to_what_is_there(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"old\n")

    log = TrackingLog()
    assert log.write(path, b"one\n")
    assert log.write(path, b"two\n")

    assert path.read_bytes() == b"old\none\ntwo\n"


def test_after_rotation_lines_go_to_the_new_file(path: Path) -> None:
    log = TrackingLog()
    log.write(path, b"one\n")

    path.rename(path.with_suffix(".1"))
    log.write(path, b"two\n")
    path.unlink()
    log.write(path, b"three\n")

    assert path.with_suffix(".1").read_bytes() == b"one\n"
    assert path.read_bytes() == b"three\n"


def test_another_path_closes_the_first_file(path: Path) -> None:
    log = TrackingLog()
    log.write(path, b"one\n")
    log.write(path.with_name("other.log"), b"two\n")

    assert path.read_bytes() == b"one\n"
    assert path.with_name("other.log").read_bytes() == b"two\n"


def test_a_full_disk_is_counted_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    log = TrackingLog()

    with caplog.at_level(logging.ERROR):
        written = [log.write(Path("/dev/full"), b"line\n") for _ in range(3)]

    assert written == [False, False, False]
    assert log.lost == 3
    (told,) = caplog.messages
    assert "No space left on device" in told
    assert "1 events lost" in told


def test_a_folder_that_cannot_be_made_raises_nothing(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    log = TrackingLog()

    assert log.write(tmp_path / "log" / "tracking.log", b"line\n") is False
    assert log.lost == 1


def test_it_goes_on_when_the_trouble_is_over(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    log = TrackingLog()
    log.write(tmp_path / "log" / "tracking.log", b"lost\n")

    (tmp_path / "log").unlink()
    assert log.write(tmp_path / "log" / "tracking.log", b"kept\n")

    assert (tmp_path / "log" / "tracking.log").read_bytes() == b"kept\n"


def test_a_line_that_was_cut_stays_on_a_line_of_its_own(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = TrackingLog()
    log.write(path, b"one\n")
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, line: real(descriptor, line[:2]))
        log.write(path, b"torn\n")

    log.write(path, b"two\n")

    assert path.read_bytes() == b"one\nto\ntwo\n"
    assert log.lost == 1


def test_who_lost_lines_looks_whether_another_process_left_a_cut_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = TrackingLog()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _no_room)
        log.write(path, b"lost\n")
    path.write_bytes(b"one\nto")

    log.write(path, b"two\n")

    assert path.read_bytes() == b"one\nto\ntwo\n"


def test_what_is_lost_is_counted_for_all_processes_on_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = [TrackingLog(), TrackingLog()]
    for log in logs:
        log.write(path, b"one\n")
    before = read_lost(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _no_room)
        for log in logs:
            for _ in range(3):
                log.write(path, b"lost\n")

    found = read_lost(path)
    assert before is None
    assert found is not None
    assert (found.count, found.first <= found.last) == (6, True)
    assert file_of(path).stat().st_size == 64


def test_losses_that_could_not_be_counted_at_once_are_counted_later(path: Path) -> None:
    count = LostCount()
    count.add(path)
    count.add(path)

    path.parent.mkdir()
    count.prepare(path)
    count.add(path)

    found = read_lost(path)
    assert found is not None
    assert found.count == 3


def _no_room(_descriptor: int, _line: bytes) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_that_is_full_is_put_aside(path: Path) -> None:
    log = TrackingLog()

    for number in range(5):
        log.write(path, b"line %d\n" % number, limit=14)

    kept = [file.read_bytes() for file in sorted(path.parent.glob("tracking.log-*"))]
    assert kept == [b"line 0\nline 1\n", b"line 2\nline 3\n"]
    assert path.read_bytes() == b"line 4\n"


@pytest.mark.parametrize(("where", "what"), [(Path, "rename"), (fcntl, "flock")])
def test_where_nothing_can_be_renamed_or_locked_lines_go_on_into_the_full_log(
    path: Path, monkeypatch: pytest.MonkeyPatch, where: object, what: str
) -> None:
    def refused(*_given: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(where, what, refused)
    log = TrackingLog()

    written = [log.write(path, b"line\n", limit=5) for _ in range(3)]

    assert written == [True, True, True]
    assert path.read_bytes() == b"line\n" * 3


def _write_many(path: Path, letter: bytes, limit: int = 0) -> None:
    log = TrackingLog()
    for _ in range(300):
        log.write(path, letter * 5_000 + b"\n", limit)


def test_processes_that_put_a_full_log_aside_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_many, args=(path, letter, 100_000)) for letter in (b"a", b"b", b"c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    files = list(path.parent.glob("tracking.log*"))
    lines = [line for file in files for line in file.read_bytes().splitlines()]
    assert len(files) > 1
    assert Counter(line[:1] for line in lines) == {b"a": 300, b"b": 300, b"c": 300}
    assert all(len(line) == 5_000 and len(set(line)) == 1 for line in lines)


def test_lines_of_several_processes_never_mix(path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_many, args=(path, letter)) for letter in (b"a", b"b", b"c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    lines = path.read_bytes().splitlines()
    assert len(lines) == 900
    assert all(len(line) == 5_000 and len(set(line)) == 1 for line in lines)


def test_threads_share_one_log_while_it_is_rotated(path: Path) -> None:
    log = TrackingLog()

    def write() -> None:
        for _ in range(500):
            log.write(path, b"x" * 100 + b"\n")

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    path.parent.mkdir(parents=True, exist_ok=True)
    for number in range(10):
        if path.exists():
            path.rename(path.with_suffix(f".{number}"))
    for thread in threads:
        thread.join()

    lines = [line for file in path.parent.iterdir() if file != file_of(path) for line in file.read_bytes().splitlines()]
    assert len(lines) == 2_000
    assert set(lines) == {b"x" * 100}
