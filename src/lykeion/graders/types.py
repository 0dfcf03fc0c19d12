"""Values that cross the door of ``graders``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lykeion.core.errors import LykeionError


class State(StrEnum):
    """Where a submission stands. What is pulled and not answered in time is queued again."""

    QUEUED = "queued"
    PULLED = "pulled"  # a grader fetched it
    PUSHED = "pushed"  # another queue (LYKEION_XQUEUE_URL) has it
    RETIRED = "retired"  # answered, or replaced by a newer one
    FAILED = "failed"  # waits for the operator


OPEN = (State.QUEUED, State.PULLED, State.PUSHED, State.FAILED)
"""Submissions whose learner still waits."""


class GraderError(LykeionError):
    """Something about graders that an operator (or the grader's) can mend."""


class NoSuchSubmission(GraderError):
    """There is no submission with that number."""


class WrongKey(GraderError):
    """The key is not, or no longer, the one that this submission was handed out with."""


class Unreachable(GraderError):
    """A grader did not answer; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One answer to grade. ``key`` is the secret its reply must carry (``lms_key``), ``body`` JSON for the grader,
    ``files`` the names of files in it and the names they are stored by."""

    key: str
    queue: str
    run: str
    user_id: int
    usage: str
    input_id: str
    dispatch: str
    body: str
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """An order as it stands."""

    id: int
    order: Order
    state: State
    pull_key: str
    tries: int


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue for the operator: how many submissions wait, are being graded, failed; since when the oldest waits."""

    queue: str
    waiting: int
    grading: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A submission that only the operator can help now."""

    id: int
    queue: str
    run: str
    usage: str
    user_id: int
    created: datetime
    error: str
