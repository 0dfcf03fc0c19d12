"""How many events could not be written, for all processes of a site: a file of fixed size beside the tracking log.

It is made while there is room, and changed in place, which a file system can do when it is full.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_LENGTH: Final = 64  # bytes: a number and two times, filled up with blanks
_SUFFIX: Final = ".lost"


@dataclass(frozen=True, slots=True)
class Lost:
    """How many events were lost, and when the first and the last of them."""

    count: int
    first: str
    last: str


class LostCount:
    """Counts what is lost. What cannot be counted in the file (its disk is away) waits, as a number, for the next."""

    def __init__(self) -> None:
        self._waiting = 0

    def prepare(self, log: Path) -> None:
        """Makes the file of a log, unless it is there or ``log`` is no file (a pipe, a device)."""
        if log.exists() and not log.is_file():
            return
        with suppress(OSError):  # it is there, or cannot be made: then losses are counted in this process alone
            descriptor = os.open(file_of(log), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
            try:
                os.write(descriptor, b" " * _LENGTH)
            finally:
                os.close(descriptor)

    def add(self, log: Path) -> None:
        """One more event of ``log`` was lost. Never raises, never waits for another process."""
        self._waiting += 1
        with suppress(OSError):  # no file, no disk, or another process has it this moment: counted next time
            _add(file_of(log), self._waiting)
            self._waiting = 0


def file_of(log: Path) -> Path:
    """The file in which the lost events of ``log`` are counted."""
    return log.with_suffix(_SUFFIX)


def read_lost(log: Path) -> Lost | None:
    """What was lost of ``log`` since somebody removed its file; None for nothing."""
    try:
        words = file_of(log).read_text().split()
    except FileNotFoundError:
        return None
    return Lost(int(words[0]), words[1], words[2]) if len(words) == 3 else None


def _add(file: Path, count: int) -> None:
    descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        words = os.pread(descriptor, _LENGTH, 0).decode().split()
        at = datetime.now(UTC).isoformat(timespec="seconds")
        before, first = (int(words[0]), words[1]) if words else (0, at)
        os.pwrite(descriptor, f"{before + count} {first} {at}".ljust(_LENGTH).encode(), 0)
    finally:
        os.close(descriptor)
