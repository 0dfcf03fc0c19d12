"""The tracking log as a file."""

from __future__ import annotations

import logging
import multiprocessing
import os
from pathlib import Path
from threading import Thread

import pytest

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


def _write_many(path: Path, letter: bytes) -> None:
    log = TrackingLog()
    for _ in range(300):
        log.write(path, letter * 5_000 + b"\n")


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

    lines = [line for file in path.parent.iterdir() for line in file.read_bytes().splitlines()]
    assert len(lines) == 2_000
    assert set(lines) == {b"x" * 100}
