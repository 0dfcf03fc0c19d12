"""Values that cross the door of ``jobs``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lykeion.core.errors import LykeionError

Json = Any  # None, bool, int, float, str, list and dict of such


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobError(LykeionError):
    """A job that cannot be ordered or found."""


class UnknownJob(JobError):
    """No function does the job of this name here; a process of a newer release may have one."""


class GiveUp(LykeionError):
    """Raised by a job that will never succeed, however often it is repeated; the message is kept as its error."""


class Cancelled(LykeionError):
    """Somebody cancelled a job while it ran; raised by its next sign of progress, to end it."""


class OverLimit(GiveUp):
    """A job took more time or memory than its kind may; it ends as failed."""


class LeaseLost(LykeionError):
    """A job took so long without a sign of life that another worker has it now; this one must stop."""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """The file that a job made: the name people see, and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a job's log."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many jobs of a queue wait, and since when the oldest could have begun."""

    queue: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as pages and the command line show it. ``done`` of ``total`` are steps; 0 of 0 when it does not count.

    ``by`` is the id of the person who asked for it, ``about`` the key of what it is about (a run), ``title`` what it is
    called for people; ``cancelling``: it runs, and will end at its next sign of progress.
    """

    id: int
    name: str
    state: State
    payload: Mapping[str, Json]
    attempts: int
    done: int
    total: int
    message: str
    result: Json
    error: str
    created: datetime
    due: datetime
    finished: datetime | None
    queue: str = "default"
    priority: int = 0
    by: int | None = None
    title: str = ""
    about: str = ""
    file: ResultFile | None = None
    started: datetime | None = None
    cancelling: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in (State.DONE, State.FAILED, State.CANCELLED)
