"""Processes that live and die together: children end with their parent, and a child that dies is started anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from types import TracebackType

ENDINGS = (signal.SIGTERM, signal.SIGINT)  # how a process is asked to end
LOOK = 1.0  # seconds between two looks whether the parent is still there
STEADY = 60.0  # seconds; a child that lived this long is not failing again and again
LONGEST_PAUSE = 60.0  # seconds
PATIENCE = 30  # seconds that a process has to end when it is asked to


def when_orphaned(parent: int, then: Callable[[], object]) -> None:
    """Calls ``then`` from a thread once process ``parent`` is no longer this one's parent, and again each second.

    Even ``kill -9`` of the parent is noticed: the system hands its children to another one.
    """

    def watch() -> None:
        while True:
            if os.getppid() != parent:
                then()
            time.sleep(LOOK)

    Thread(target=watch, name="lykeion-parent", daemon=True).start()


def pause_after(deaths: int) -> float:
    """Seconds before the next start: none at first, then 1, 2, 4 ... up to :data:`LONGEST_PAUSE`."""
    return min(2.0 ** min(deaths - 1, 10), LONGEST_PAUSE) if deaths else 0.0


class Kept:
    """A child process that is started anew whenever it ends, after a pause that doubles while it keeps failing.

    A context manager: on leaving it, the child is asked to end (SIGTERM), and killed if it does not within ``patience``
    seconds.
    """

    def __init__(
        self,
        what: str,
        command: Sequence[str],
        pause: Callable[[int], float] = pause_after,
        patience: float = PATIENCE,
    ) -> None:
        self._what = what
        self._command = command
        self._pause = pause
        self._patience = patience
        self._leaving = Event()
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._keep, name="lykeion-kept", daemon=True)

    def __enter__(self) -> Kept:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._leaving.set()
            if self._child is not None:
                self._child.terminate()
        self._thread.join(self._patience)
        if self._thread.is_alive() and self._child is not None:
            print(f"{self._what} did not end when asked to; it is killed", file=sys.stderr, flush=True)
            self._child.kill()
        self._thread.join()

    def _keep(self) -> None:
        deaths = 0
        while not self._leaving.wait(self._pause(deaths)):
            born = time.monotonic()
            code = self._live()
            if self._leaving.is_set():
                return
            deaths = 1 if time.monotonic() - born > STEADY else deaths + 1
            print(
                f"{self._what} ended (code {code}); starting it anew in {self._pause(deaths):.0f} s",
                file=sys.stderr,
                flush=True,
            )

    def _live(self) -> int:
        """Starts the child and waits for its end; its exit code, or the negative number of the signal."""
        with self._lock:
            if self._leaving.is_set():
                return 0
            self._child = subprocess.Popen(self._command)  # noqa: S603  # words of the program's own
        return self._child.wait()
