"""Keeps processes ready that have everything loaded, one for each run; ends those that run too long."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lykeion.sandbox.jail import isolate, preload
from lykeion.sandbox.jail.cell import Cell
from lykeion.sandbox.jail.plan import Plan

_MOST_FAILURES: Final = 5


class CannotStart(Exception):
    """Processes end before they take any work: something is wrong with this machine or installation."""


@dataclass(slots=True)
class _Child:
    pid: int
    box: str
    notice: int | None  # the end of a pipe on which the process says that its run begins; None once it did
    since: float = 0.0  # when it did


def run(plan: Plan, level: str, listener: socket.socket) -> None:
    """Serves ``listener`` until there was nothing to do for the plan's ``idle_seconds``. Raises CannotStart."""
    modules, _missing = preload.load()
    nowhere = os.open(os.devnull, os.O_RDWR)
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    walls = isolate.Walls(plan, level, isolate.readable_folders())
    walls.close()
    gc.collect()
    gc.freeze()  # what is loaded stays shared between the processes
    Nursery(Cell(listener, walls, modules, mapped, nowhere)).work()


class Nursery:
    """The processes that wait or run.

    ``children`` are found by a descriptor that the kernel makes readable when the process has ended, ``notices`` by the
    one on which those that wait will say that their run begins.
    """

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.plan = cell.walls.plan
        self.children: dict[int, _Child] = {}
        self.notices: dict[int, _Child] = {}
        self.poll = select.poll()
        self.failures = 0
        self.last_work = time.monotonic()

    def work(self) -> None:
        """Until idle for long enough."""
        while self._is_needed():
            while len(self.children) < self.plan.running:
                self._add()
            for descriptor, _ in self.poll.poll(self._patience()):
                if descriptor in self.children:
                    self._ended(descriptor)
                elif descriptor in self.notices:  # else it ended with its process, just before
                    self._began(descriptor)
            self._end_the_late()
        for child in self.children.values():
            os.kill(child.pid, signal.SIGKILL)
            isolate.clear(child.box)

    def _running(self) -> list[_Child]:
        return [child for child in self.children.values() if child.notice is None]

    def _is_needed(self) -> bool:
        return time.monotonic() - self.last_work < self.plan.idle_seconds or bool(self._running())

    def _patience(self) -> float:
        """Milliseconds until somebody has to be ended, or until it is time to see whether we are needed."""
        deadlines = [child.since + self.plan.wall_seconds for child in self._running()]
        deadlines.append(self.last_work + self.plan.idle_seconds)
        return max(0.0, min(deadlines) - time.monotonic()) * 1000 + 1

    def _add(self) -> None:
        box = self.cell.walls.new_box()
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            self.cell.serve_one(box, theirs)
        os.close(theirs)
        end = os.pidfd_open(pid)
        self.children[end] = self.notices[ours] = _Child(pid, box, ours)
        self.poll.register(end, select.POLLIN)
        self.poll.register(ours, select.POLLIN)

    def _began(self, notice: int) -> None:
        """A run begins, or a process ended before any did; once only: code that runs cannot ask for more time."""
        child = self.notices.pop(notice)
        if os.read(notice, 1):
            child.since = self.last_work = time.monotonic()
            self.failures = 0
        else:
            child.since = time.monotonic()
            self.failures += 1
        child.notice = None
        self.poll.unregister(notice)
        os.close(notice)
        if self.failures > _MOST_FAILURES:
            raise CannotStart("Processes for authors' code end as soon as they start; see the messages above.")

    def _ended(self, end: int) -> None:
        child = self.children[end]
        if child.notice is not None:
            self._began(child.notice)
        self.poll.unregister(end)
        os.close(end)
        del self.children[end]
        os.waitpid(child.pid, 0)
        isolate.clear(child.box)

    def _end_the_late(self) -> None:
        now = time.monotonic()
        for child in self._running():
            if now - child.since > self.plan.wall_seconds:
                os.kill(child.pid, signal.SIGKILL)
