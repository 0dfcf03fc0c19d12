"""Values that cross the door of ``grades``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one learner in one block, weighted. ``first_attempted`` is None for a block not attempted."""

    earned: float
    possible: float
    graded: bool
    first_attempted: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewScore:
    """A raw score that a block published. Without ``raw_possible`` the block's own maximum counts; ``deleted`` (or no
    ``raw_earned``) takes the score away; ``only_if_higher`` keeps a better one (equal ones are replaced)."""

    ref: str
    raw_earned: float | None
    raw_possible: float | None
    only_if_higher: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Why scores are written: ``kind`` is the name of the event that tells so (``edx.grades.problem.rescored`` ...);
    ``by``: who of the team had it done; ``only_if_higher`` as it was asked for."""

    kind: str
    by: int | None = None
    only_if_higher: bool | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the course grade of a learner was when their row was locked."""

    percent: float
    letter: str
    passed: bool
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Override:
    """Values that somebody put in the place of computed ones; None leaves the computed one."""

    earned_all: float | None = None
    possible_all: float | None = None
    earned_graded: float | None = None
    possible_graded: float | None = None


@dataclass(frozen=True, slots=True)
class SubsectionGrade:
    """Totals of one learner in one subsection; ``percent`` is graded earned / possible, 4 places, half-even."""

    ref: str
    title: str
    format: str
    earned_all: float
    possible_all: float
    earned_graded: float
    possible_graded: float
    percent: float
    scores: Mapping[str, Score]
    attempted: bool
    overridden: bool = False


class BookCell(NamedTuple):
    """The stored grade of one learner in one subsection: graded points, an override in force. There are millions of
    these in a report."""

    earned: float
    possible: float
    attempted: bool
    overridden: bool


@dataclass(frozen=True, slots=True)
class BookRow:
    """One learner's line of a gradebook: the course grade, and cells by ref of a subsection."""

    percent: float
    letter: str
    passed: bool
    cells: Mapping[str, BookCell]


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One line of a breakdown: a slot of an assignment type, or its average. ``mark`` says why it was dropped."""

    category: str
    label: str
    detail: str
    percent: float
    prominent: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TypeTotal:
    """What an assignment type contributes: ``percent`` of the type times ``weight``."""

    type: str
    short_label: str
    percent: float
    weight: float
    weighted: float
    lines: tuple[AssignmentLine, ...]


@dataclass(frozen=True, slots=True)
class CourseGrade:
    """The whole grade: ``percent`` in whole hundredths (0.59), the letter or '' and whether it passes."""

    percent: float
    letter: str
    passed: bool
    types: tuple[TypeTotal, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """What a learner's course grade comes to: the fraction, the letter or '', and whether it passes."""

    percent: float
    letter: str
    passed: bool


NO_MARK = Mark(0.0, "", False)


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """A subsection for the learner's own eyes. ``hidden``: '' or why its scores may not be shown: ``until_due``,
    ``for_good``."""

    grade: SubsectionGrade
    graded: bool
    due: datetime | None
    hidden: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What the progress page may show: ``grade`` counts the subsections whose scores are visible only."""

    grade: CourseGrade
    lines: tuple[ProgressLine, ...]
