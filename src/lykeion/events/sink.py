"""The tracking log: one line, one write, never an exception."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from threading import Lock

logger = logging.getLogger(__name__)

_COMPLAIN_EVERY = 60.0  # seconds


class TrackingLog:
    """Appends lines to one file, from any thread or process.

    Each line is one ``write`` on a descriptor opened for appending, so lines of several processes never mix. When the
    file was renamed or removed (logrotate), the next line opens a fresh one. A line that cannot be written (disk full,
    no such folder) is counted in ``lost`` and reported to the process's log at most once a minute.
    """

    def __init__(self) -> None:
        self.lost = 0
        self._lock = Lock()
        self._path: Path | None = None
        self._descriptor = -1
        self._file = (0, 0)
        self._torn = False
        self._complained = -_COMPLAIN_EVERY

    def write(self, path: Path, line: bytes) -> bool:
        """Appends ``line`` (with its newline) to ``path``; False when it was lost."""
        with self._lock:
            try:
                self._ensure_open(path)
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
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        status = os.fstat(self._descriptor)
        self._path, self._file = path, (status.st_dev, status.st_ino)

    def _is_still_there(self, path: Path) -> bool:
        try:
            status = os.stat(path)  # noqa: PTH116  # half the time of Path.stat, and this runs for every event
        except FileNotFoundError:
            return False
        return (status.st_dev, status.st_ino) == self._file

    def _append(self, line: bytes) -> None:
        if self._torn:
            line = b"\n" + line  # what is left of the line before stays on a line of its own
        written = os.write(self._descriptor, line)
        self._torn = written < len(line)
        if self._torn:
            raise OSError(f"only {written} of {len(line)} bytes fitted")

    def _lose(self, path: Path, error: OSError) -> None:
        self.lost += 1
        self._close()
        if time.monotonic() - self._complained >= _COMPLAIN_EVERY:
            self._complained = time.monotonic()
            logger.error("Tracking log %s cannot be written (%s); %d events lost so far.", path, error, self.lost)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
