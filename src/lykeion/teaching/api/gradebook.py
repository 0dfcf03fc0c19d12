"""The gradebook: learners by graded subsections, and what a teacher gives in the place of computed grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Roster, RosterLine, RosterQuery
from lykeion.courseware import api as courseware
from lykeion.courseware.types import GradeColumn
from lykeion.grades import api as grades
from lykeion.grades.types import BookCell, BookRow, SubsectionGrade
from lykeion.teaching.api import columns, courses, deeds
from lykeion.teaching.taken import refusals
from lykeion.teaching.types import Capability, Column, Deed, Teacher, TeachingError

__all__ = [
    "Book",
    "BookFilter",
    "BookLine",
    "Cell",
    "Choices",
    "book",
    "cell",
    "choices",
    "is_frozen",
    "learner",
    "learner_named",
    "override",
]

OVERRIDE, UNOVERRIDE = "override", "remove_override"
_BY_ALL: Final = 100
_NO_LIMIT: Final = 1e9  # weights may make more than 100 %
NO_ROW: Final = BookRow(0.0, "", passed=False, cells={})


@dataclass(frozen=True, slots=True)
class BookFilter:
    """Which learners (``low`` to ``high``: whole percents of the course grade) and which columns (``kind``)."""

    text: str = ""
    mode: str = ""
    cohort: str = ""
    kind: str = ""
    low: int = 0
    high: int = _BY_ALL
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class BookLine:
    """A learner with the course grade, the stored cells by ref of a column, and what manual columns say."""

    learner: RosterLine
    percent: float
    letter: str
    cells: Mapping[str, BookCell]
    manual: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a gradebook can be narrowed to."""

    kinds: tuple[str, ...]
    modes: tuple[str, ...]
    cohorts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A page of the gradebook; ``total`` learners on all pages (None: more than are here, and to count them all would
    cost as much again), ``before`` and ``after`` lead to the pages beside it."""

    columns: tuple[GradeColumn, ...]
    manual: tuple[Column, ...]
    lines: tuple[BookLine, ...]
    total: int | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One learner's grade in one subsection: what it is made of, and who changed it."""

    learner: Person
    grade: SubsectionGrade
    titles: Mapping[str, str]
    history: tuple[Deed, ...]


def book(teacher: Teacher, asked: BookFilter) -> Book:
    """A page of 50 learners by user name. Ten reads at most, however many learners there are."""
    shown = tuple(one for one in courseware.grade_columns(teacher.run.key) if asked.kind in ("", one.format))
    query = RosterQuery(asked.text, asked.mode, asked.cohort, asked.after, asked.before)
    among, outside = [], None
    most = asked.high / _BY_ALL if asked.high < _BY_ALL else _NO_LIMIT
    if asked.low > 0:
        among.append(grades.with_percent(teacher.run.id, asked.low / _BY_ALL, most))
    elif most < _NO_LIMIT:  # who has no grade has none that is too high
        outside = grades.with_percent(teacher.run.id, (asked.high + 0.5) / _BY_ALL, _NO_LIMIT)
    page = catalog.roster(teacher.run.id, query, among=among, outside=outside)
    ids = [one.user_id for one in page.lines]
    known, manual = grades.book(teacher.run.id, ids), columns.of_course(teacher)
    marks = columns.marks(manual, ids)
    lines = []
    for one in page.lines:
        row = known.get(one.user_id, NO_ROW)
        own = tuple(marks.get((column.id, one.user_id), "") for column in manual)
        lines.append(BookLine(one, row.percent, row.letter, row.cells, own))
    return Book(shown, manual, tuple(lines), _total(teacher, asked, page), page.before, page.after)


def _total(teacher: Teacher, asked: BookFilter, page: Roster) -> int | None:
    """Counted where an index counts, or where all are on the page."""
    if not (page.before or page.after):
        return len(page.lines)
    if asked.text or asked.low > 0 or asked.high < _BY_ALL:
        return None
    return catalog.roster_size(teacher.run.id, RosterQuery(mode=asked.mode, cohort=asked.cohort))


def choices(teacher: Teacher) -> Choices:
    """What the gradebook can be narrowed to. Two reads."""
    kinds = dict.fromkeys(one.format for one in courseware.grade_columns(teacher.run.key) if one.format)
    modes = tuple(mode for mode, _until in catalog.modes(teacher.run))
    cohorts = catalog.cohort_choices(teacher.run.id) if teacher.run.cohorted else ()
    return Choices(tuple(kinds), modes, tuple(name for _id, name in cohorts))


def is_frozen(teacher: Teacher, at: datetime) -> bool:
    """Whether the grades of the course stay as they are by now."""
    return grades.is_frozen(teacher.run.end, at)


def learner(teacher: Teacher, user_id: int) -> Person:
    """Somebody who takes or took the teacher's course. Two reads. Raises :class:`TeachingError` for others."""
    found = accounts.people([user_id]).get(user_id)
    if found is None or catalog.run_and_enrolment(teacher.run.key, user_id)[1] is None:
        raise TeachingError(_("There is no such learner in this course."))
    return found


def learner_named(teacher: Teacher, name: str) -> Person:
    """As :func:`learner`, by user name or address. Who has an account but does not take the course is as unknown as
    who has none: a team cannot ask whose addresses the site knows."""
    found = accounts.find_person(name) if name.strip() else None
    if found is None or catalog.run_and_enrolment(teacher.run.key, found.id)[1] is None:
        raise TeachingError(_("No learner of this course is called “{name}”.").format(name=name.strip()))
    return found


def cell(teacher: Teacher, user_id: int, ref: str, at: datetime) -> Cell:
    """A cell with its scores and its history. Raises :class:`TeachingError`."""
    who = learner(teacher, user_id)
    with refusals():
        grade = courseware.subsection_grade(teacher.run.key, user_id, ref, at)
    whats = (OVERRIDE, UNOVERRIDE)
    history, _more = deeds.log(teacher, about=user_id, whats=whats, particulars={"subsection": ref})
    return Cell(who, grade, courseware.titles(teacher.run.key, grade.scores), tuple(history))


def override(
    teacher: Teacher, user_id: int, ref: str, earned: float | None, *, reason: str, at: datetime, quiet: bool = False
) -> tuple[SubsectionGrade, SubsectionGrade]:
    """Gives ``earned`` points in the place of those computed (None: the computed ones count again); the grade before
    and after. With ``quiet`` nothing is written where nothing changes. Raises :class:`TeachingError`."""
    courses.require(teacher, Capability.GRADE)
    with refusals(), transaction.atomic():
        before, after = courseware.override_grade(teacher.run.key, user_id, ref, earned, reason=reason, at=at)
        changed = (before.earned_graded, before.overridden) != (after.earned_graded, after.overridden)
        if changed or not quiet:
            details = {"subsection": ref, "from": before.earned_graded, "to": after.earned_graded}
            details["of"] = after.possible_graded
            what = UNOVERRIDE if earned is None else OVERRIDE
            deeds.record(teacher, what, about=user_id, reason=reason, details=details, at=at)
    return before, after
