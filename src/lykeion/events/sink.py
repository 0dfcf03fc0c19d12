"""The tracking log: one line, one write, never an exception."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from lykeion.events.lost import LostCount

logger = logging.getLogger(__name__)

_COMPLAIN_EVERY = 60.0  # seconds


def aside_name(path: Path) -> Path:
    """What a full log is called from now on; with the time, so that names stand in order and none comes twice."""
    while True:
        name = path.with_name(f"{path.name}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
        if not name.exists():
            return name


class TrackingLog:
    """Appends lines to one file, from any thread or process.

    Each line is one ``write`` on a descriptor opened for appending, so lines of several processes never mix. When the
    file was renamed or removed (logrotate), the next line opens a fresh one. One that has grown to its limit is put
    aside under its name and the time; whoever still writes to it then does so, and nothing is lost. A line that cannot
    be written (disk full, no such folder) is counted in ``lost`` and, for all processes together, in a file beside the
    log; it is reported to the process's log at most once a minute. Nothing waits in memory, and nobody waits for room.
    """

    def __init__(self) -> None:
        self.lost = 0
        self._lock = Lock()
        self._path: Path | None = None
        self._descriptor = -1
        self._file = (0, 0)
        self._size = 0
        self._failed = self._torn = False
        self._count = LostCount()
        self._complained = -_COMPLAIN_EVERY

    def write(self, path: Path, line: bytes, limit: int = 0) -> bool:
        """Appends ``line`` (with its newline) to ``path``; False when it was lost. From ``limit`` bytes on (0: never)
        the file is put aside first."""
        with self._lock:
            try:
                self._ensure_open(path)
                if 0 < limit <= self._size:
                    self._put_aside(path)
                self._append(line)
            except OSError as error:
                self._lose(path, error)
                return False
        return True

    def close(self) -> None:
        """Lets go of the file; the next line opens it again."""
        with self._lock:
            self._close()

    def _ensure_open(self, path: Path) -> None:
        if self._descriptor >= 0 and path == self._path and self._is_still_there(path):
            return
        self._close()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._count.prepare(path)
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        status = os.fstat(self._descriptor)
        self._path, self._file, self._size = path, (status.st_dev, status.st_ino), status.st_size
        self._torn = self._failed and self._size > 0 and os.pread(self._descriptor, 1, self._size - 1) != b"\n"

    def _put_aside(self, path: Path) -> None:
        """Who has the lock of the file that has the name gives it another; who comes second finds that done."""
        with suppress(OSError):  # another process is at it, or nobody may lock or rename here: the line goes into this
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                if self._is_still_there(path):
                    path.rename(aside_name(path))
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._ensure_open(path)

    def _is_still_there(self, path: Path) -> bool:
        try:
            status = os.stat(path)  # noqa: PTH116  # half the time of Path.stat, and this runs for every event
        except FileNotFoundError:
            return False
        self._size = status.st_size
        return (status.st_dev, status.st_ino) == self._file

    def _append(self, line: bytes) -> None:
        if self._torn:
            line = b"\n" + line  # what is left of a line, be it another process's, stays on a line of its own
        written = os.write(self._descriptor, line)
        self._failed = self._torn = False
        if written < len(line):
            raise OSError(f"only {written} of {len(line)} bytes fitted")

    def _lose(self, path: Path, error: OSError) -> None:
        self.lost += 1
        self._failed = True
        self._close()
        self._count.add(path)
        if time.monotonic() - self._complained >= _COMPLAIN_EVERY:
            self._complained = time.monotonic()
            logger.error("Tracking log %s cannot be written (%s); %d events lost so far.", path, error, self.lost)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
