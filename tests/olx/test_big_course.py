from __future__ import annotations

import resource
from pathlib import Path

from bench.make_course import write_big_course

from lykeion.olx.api import read_course, write_course


def _own_seconds() -> float:
    """CPU time of this process outside the kernel, whose time for 25,000 files is the disk's business."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def test_a_course_of_20_000_blocks_is_read_and_written_quickly_in_little_memory(tmp_path: Path) -> None:
    blocks = write_big_course(tmp_path / "big", 20_000, drafts=3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    started = _own_seconds()
    course = read_course(tmp_path / "big")
    read = _own_seconds() - started
    write_course(course, tmp_path / "out")
    written = _own_seconds() - started - read

    assert sum(course.counts().values()) == blocks == 20_000
    assert len(course.drafts) == 3
    assert (course.warnings, course.extras) == ((), ())
    assert (read < 8, written < 10) == (True, True), f"{read:.1f} s to read, {written:.1f} s to write"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kilobytes
    assert read_course(tmp_path / "out") == course


def test_the_same_arguments_make_the_same_course(tmp_path: Path) -> None:
    write_big_course(tmp_path / "one", 300)
    write_big_course(tmp_path / "two", 300)

    assert read_course(tmp_path / "one") == read_course(tmp_path / "two")
