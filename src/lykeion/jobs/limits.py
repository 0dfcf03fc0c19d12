"""What one job may use: time and memory. A job over them is told to end; if it does not, its process is ended.

Works in the main thread of a process that does one job at a time.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from lykeion.jobs.registry import Kind
from lykeion.jobs.types import OverLimit

MB = 1024 * 1024
LEAST_MB = 64
"""Room for the stacks of a driver's threads (8 MB each): one that cannot start says nothing, and is missed later."""
_STATM = Path("/proc/self/statm")
_STDERR = 2  # whatever became of sys.stderr


class Limits:
    """Of the job at hand."""

    def __init__(self, work: Kind) -> None:
        self._work = work
        self._before = used_memory()
        self._over_memory = False
        self._told = False

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Raises :class:`OverLimit` from within the block when the job takes too much; once, and only there."""
        signal.signal(signal.SIGALRM, self._end)  # it stays: a signal that comes late must not end the process
        memory = self._fence()
        faulthandler.dump_traceback_later(self._work.hard_limit.total_seconds(), exit=True, file=_STDERR)
        signal.setitimer(signal.ITIMER_REAL, self._work.limit.total_seconds())
        try:
            try:
                yield
            finally:
                self._told = True
        except MemoryError as error:
            raise OverLimit(self._too_much_memory()) from error
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.cancel_dump_traceback_later()
            resource.setrlimit(resource.RLIMIT_DATA, memory)

    def look(self) -> None:
        """Looks, from another thread, whether the job has taken too much memory; it is told to end if so."""
        if not self._over_memory and used_memory() - self._before > self._work.memory_mb * MB:
            self.tell_of_memory()

    def tell_of_memory(self) -> None:
        """Tells the job, from another thread, that it takes too much memory."""
        self._over_memory = True
        os.kill(os.getpid(), signal.SIGALRM)

    def _fence(self) -> tuple[int, int]:
        """What the process may allocate from now on; the limits before."""
        before = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = allocated_memory() + max(self._work.hard_memory_mb, LEAST_MB) * MB
        _, most = before
        resource.setrlimit(
            resource.RLIMIT_DATA, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most)
        )
        return before

    def _end(self, signum: int, frame: FrameType | None) -> None:
        if not self._told:
            self._told = True
            raise OverLimit(
                self._too_much_memory() if self._over_memory else f"It took longer than {self._work.limit}."
            )

    def _too_much_memory(self) -> str:
        return f"It needed more than {self._work.memory_mb} MB of memory."


def used_memory() -> int:
    """Bytes of memory that this process holds."""
    return int(_STATM.read_text().split()[1]) * resource.getpagesize()


def allocated_memory() -> int:
    """Bytes that count against RLIMIT_DATA."""
    return int(_STATM.read_text().split()[5]) * resource.getpagesize()
