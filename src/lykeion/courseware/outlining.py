"""Course home and dates: lines of the plan, with what one learner has done of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lykeion.courseware import infopages
from lykeion.courseware.access import may_read
from lykeion.courseware.completion import Done, read_done
from lykeion.courseware.entering import plan
from lykeion.courseware.places import resume
from lykeion.courseware.plan import Plan, PlanSection, PlanSubsection
from lykeion.courseware.types import CourseDate, HomePage, Resume, SectionLine, SubsectionLine, Visitor

SOON: Final = 5  # dates on course home


def home_page(visitor: Visitor, *, open_section: str | None, all_open: bool) -> HomePage:
    """Course home; see :func:`lykeion.courseware.api.home`."""
    here = plan(visitor)
    done = read_done(visitor, here)
    reads = may_read(visitor.run, visitor.viewer, visitor.enrolment)
    there = resume(visitor, here, done.last_ref) if reads else None
    opened = open_section or _section_of(visitor, here, there)
    return HomePage(
        sections=tuple(
            _section(visitor, one, done, is_open=all_open or one.ref == opened) for one in here.sections if one.in_menu
        ),
        resume=there,
        dates=_soon(visitor, here, done),
        updates=infopages.updates(visitor) if reads else (),
        handouts=infopages.handouts(visitor) if reads else "",
        done=sum(
            min(done.done(here.subsections[ref]), len(here.subsections[ref].leaves)) for ref in _known(here, done)
        ),
        total=here.total,
    )


def _known(here: Plan, done: Done) -> list[str]:
    return [ref for ref in done.by_subsection if ref in here.subsections]


def _section_of(visitor: Visitor, here: Plan, there: Resume | None) -> str:
    """The section to open by itself: the one to go on in, else the first."""
    if there is None:
        return here.sections[0].ref if here.sections else ""
    subsection = visitor.outline.blocks[visitor.outline.index[here.home[there.ref]]]
    return visitor.outline.blocks[subsection.parent].ref


def _section(visitor: Visitor, section: PlanSection, done: Done, *, is_open: bool) -> SectionLine:
    listed = [one for one in section.subsections if one.in_menu]
    return SectionLine(
        ref=section.ref,
        title=section.title,
        complete=section.total > 0 and all(done.done(one) >= len(one.leaves) for one in section.subsections),
        open=is_open,
        subsections=tuple(_subsection(visitor, one, done) for one in listed) if is_open else (),
    )


def _subsection(visitor: Visitor, subsection: PlanSubsection, done: Done) -> SubsectionLine:
    return SubsectionLine(
        ref=subsection.ref,
        title=subsection.title,
        format=subsection.format,
        graded=subsection.graded,
        due=subsection.due,
        problems=subsection.problems,
        done=done.done(subsection),
        total=len(subsection.leaves),
        locked=_lock(visitor, subsection),
    )


def _lock(visitor: Visitor, subsection: PlanSubsection) -> str:
    """Why a listed subsection cannot be opened, in words."""
    if subsection.wall == "not_released":
        day = date_format(localtime(subsection.opens), "DATE_FORMAT")
        return _("Opens on {date}").format(date=day)
    if subsection.wall == "closed_after_due":
        return _("Closed after its due date")
    if not may_read(visitor.run, visitor.viewer, visitor.enrolment):
        return _("Enrol to open it") if visitor.viewer.user_id is not None else _("Sign in to open it")
    return ""


def course_dates(visitor: Visitor) -> tuple[CourseDate, ...]:
    """All dates of the run; see :func:`lykeion.courseware.api.dates`."""
    here = plan(visitor)
    return _sorted(visitor, [*_run_dates(visitor), *_dues(here, read_done(visitor, here))])


def _soon(visitor: Visitor, here: Plan, done: Done) -> tuple[CourseDate, ...]:
    """The next few dates. Looks at what is due from now on only."""
    coming = (date for date in _dues(here, done, after=visitor.at) if not date.done)
    first = [date for date, _place in zip(coming, range(SOON), strict=False)]
    ahead = [date for date in _run_dates(visitor) if date.at >= visitor.at]
    return tuple(date for date in _sorted(visitor, [*ahead, *first]) if date.kind != "today")[:SOON]


def _dues(here: Plan, done: Done, after: datetime | None = None) -> Iterator[CourseDate]:
    first = 0 if after is None else bisect_left(here.dues, (after, ""))
    for due, ref in here.dues[first:]:
        one = here.subsections[ref]
        is_done = len(one.leaves) > 0 and done.done(one) >= len(one.leaves)
        yield CourseDate(due, "due", one.title, None if one.wall else ref, is_done)


def _run_dates(visitor: Visitor) -> list[CourseDate]:
    run = visitor.run
    named = (
        (run.start, "course-start", _("Course starts")),
        (run.end, "course-end", _("Course ends")),
        (run.enrollment_end, "enrollment-end", _("Enrolment closes")),
    )
    return [CourseDate(at, kind, title) for at, kind, title in named if at is not None]


def _sorted(visitor: Visitor, dates: list[CourseDate]) -> tuple[CourseDate, ...]:
    today = CourseDate(visitor.at, "today", _("Today"))
    return tuple(sorted([*dates, today], key=lambda date: date.at))
