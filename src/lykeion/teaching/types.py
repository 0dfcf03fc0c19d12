"""Values that cross the door of ``teaching``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lykeion.accounts.types import Person
from lykeion.catalog.types import Run
from lykeion.core.errors import LykeionError


class Capability(StrEnum):
    """What somebody may do with the learners of one course (``access.py`` says which role may what)."""

    VIEW = "view"  # open the dashboard: figures, lists of learners, their progress
    ENROL = "enrol"  # enrol, invite, unenrol; beta testers
    COHORTS = "cohorts"  # make cohorts, put learners into them
    GRADE = "grade"  # change what one learner earned: override, reset, rescore, delete state
    GRADE_ALL = "grade_all"  # the same for all learners at once
    EXTEND = "extend"  # due dates of one learner, exam allowances and attempts
    REPORTS = "reports"  # order and fetch files of learners' data
    CERTIFY = "certify"  # certificates: allow, invalidate, generate
    MAIL = "mail"  # write to the learners
    TEAM = "team"  # give and take roles
    REGISTER = "register"  # make accounts for people


class TeachingError(LykeionError):
    """Something that a teacher can mend; nothing was changed."""


class FieldError(TeachingError):
    """A value that cannot be taken; ``field`` is its name in the form that it came from."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(TeachingError):
    """The person may not do this here."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody of a course's team at work: who, in which run, what they may do."""

    person: Person
    run: Run
    may: frozenset[Capability]

    def can(self, capability: Capability) -> bool:
        """Whether they may do it."""
        return capability in self.may


@dataclass(frozen=True, slots=True)
class Deed:
    """An entry of the audit log: who did ``what`` (``enrol``, ``override`` ...) when, about whom (None: about nobody in
    particular), with what words of their own (``reason``) and which particulars."""

    id: int
    by: Person | None
    what: str
    about: Person | None
    at: datetime
    reason: str
    details: dict[str, Any]


class ReportState(StrEnum):
    """Where a report stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report that was ordered: what (``kind``, ``format``), by whom (None: an account that is gone), how far it is
    (``done`` of ``total`` steps), or what became of it (``rows``, ``size`` in bytes, ``error`` for the teacher)."""

    id: int
    kind: str
    format: str
    by: Person | None
    state: ReportState
    done: int
    total: int
    rows: int
    size: int
    name: str
    error: str
    ordered: datetime
    finished: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in (ReportState.WAITING, ReportState.RUNNING)


@dataclass(frozen=True, slots=True)
class ListOfPeople:
    """People to whom the team does one thing, as pages show it. ``phase``: see ``models.PeopleList``, or ``stopped``:
    nobody works on it, though it is not finished; ``done`` of ``size`` lines are worked on; ``counts``: how many lines
    by plan (before) or outcome (after)."""

    id: int
    kind: str
    by: Person | None
    at: datetime
    options: dict[str, Any]
    size: int
    phase: str
    refused: str
    done: int
    counts: dict[str, int]
    can_undo: bool

    @property
    def is_busy(self) -> bool:
        """Whether somebody works on it."""
        return self.phase in ("looking", "ordered", "undoing")


@dataclass(frozen=True, slots=True)
class LineOfPeople:
    """One line of a list; ``code`` is what is to become of it, or what became of it; ``note`` a reason in words."""

    id: int
    number: int
    entry: str
    details: dict[str, Any]
    username: str
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a course's gradebook; ``shown``: learners see theirs on their progress page."""

    id: int
    name: str
    shown: bool
