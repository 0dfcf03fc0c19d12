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


class JobError(LykeionError):
    """A job that cannot be ordered or found."""


class GiveUp(LykeionError):
    """Raised by a job that will never succeed, however often it is repeated; the message is kept as its error."""


class LeaseLost(LykeionError):
    """A job took so long without a sign of life that another worker has it now; this one must stop."""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as pages and the command line show it. ``done`` of ``total`` are steps; 0 of 0 when it does not count."""

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
