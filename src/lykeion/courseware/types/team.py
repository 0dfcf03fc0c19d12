"""What the team does about one learner's dates, work and grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from lykeion.core.errors import LykeionError
from lykeion.core.keys import BlockUsageLocator


class DueRefused(LykeionError):
    """A date that cannot be given to a learner; the message says why, and is for the team."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """A due date that the team gave to one learner for a subsection."""

    user_id: int
    username: str
    ref: str
    title: str
    due: datetime


Rework = Literal["reset_attempts", "rescore", "rescore_higher", "delete_state"]
"""What the team may do to a learner's work in a block."""


class ReworkRefused(LykeionError):
    """Work that cannot be changed as it was asked; nothing was."""


@dataclass(frozen=True, slots=True)
class Reworked:
    """In how many blocks something was changed (``done``) and could not be (``failed``, with ``words``); where there
    was nothing to change neither counts."""

    done: int = 0
    failed: int = 0
    words: str = ""


NO_REWORK: Final = Reworked()


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt at a problem: the answers in the order of the questions, and the raw score they got."""

    number: int
    answers: tuple[str, ...]
    earned: float | None
    possible: float | None


class UserState(NamedTuple):
    """A learner's state as blocks read it for reports (``XBlockUserState`` of edx-user-state-client)."""

    username: str
    block_key: BlockUsageLocator
    state: Mapping[str, Any]
    updated: datetime
    scope: object = None


@dataclass(frozen=True, slots=True)
class WorkInBlock:
    """What one learner did in one block. Points are weighted; ``earned`` None: not scored yet. ``submissions``: the
    newest first, those that are kept."""

    ref: str
    title: str
    earned: float | None
    possible: float | None
    attempts: int
    last: datetime | None
    submissions: tuple[Submission, ...]
    has_state: bool


@dataclass(frozen=True, slots=True)
class GradeColumn:
    """A graded subsection of a run, as a column of its gradebook; ``possible``: by somebody who sees all of it."""

    ref: str
    title: str
    format: str
    label: str
    possible: float
