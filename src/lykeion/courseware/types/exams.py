"""Timed exams: attempts, what a learner sees of one, what those who run it do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lykeion.core.errors import LykeionError

AttemptStatus = Literal["created", "started", "ready_to_submit", "submitted"]
"""Open edX's words (edx-proctoring, statuses.py). An attempt whose time ran out is ``submitted`` at that moment."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One learner's attempt at the exam ``ref``. From the start on ``ends`` is when its time is over;
    ``allowed_minutes`` are those given at the start."""

    id: int
    ref: str
    status: AttemptStatus
    code: str
    allowed_minutes: int
    started: datetime | None
    ends: datetime | None
    completed: datetime | None


ExamState = Literal["entry", "running", "ready_to_submit", "submitted", "expired"]


@dataclass(frozen=True, slots=True)
class ExamPage:
    """What stands in the place of a timed exam's units: its ``entry``, the question whether to submit it
    (``ready_to_submit``), that it is ``submitted`` (by the clock: ``timed_out``), or that it was missed (``expired``).

    ``minutes`` are those allowed, ``extra`` of them granted to this learner alone. ``shown_later``: after the due date
    the answers can be seen. ``unproctored``: the author wants somebody to watch, and this site has nobody.
    ``previous`` and ``next`` are where the course goes on, as in :class:`UnitPage`.
    """

    ref: str
    usage: str
    title: str
    section: str
    section_ref: str
    state: ExamState
    minutes: int
    extra: int
    due: datetime | None
    is_practice: bool
    unproctored: bool
    shown_later: bool
    timed_out: bool
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class ExamClock:
    """A running exam: seconds since it was asked for until the end, and seconds allowed in all."""

    ref: str
    usage: str
    title: str
    status: AttemptStatus
    ends: datetime
    seconds_left: int
    seconds_allowed: int


@dataclass(frozen=True, slots=True)
class ExamLine:
    """An attempt or an allowance of one learner, for those who run exams. ``extra`` are further minutes granted."""

    user_id: int
    username: str
    ref: str
    title: str
    extra: int
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class Granted:
    """Minutes that a learner has for an exam on top of its own; those they had ``before``; and whether they have begun
    it already, so that these minutes count for the next attempt only."""

    minutes: int
    before: int
    begun: bool


class ExamError(LykeionError):
    """Something about a timed exam or the entrance exam cannot be done; the message says why."""
