"""Course home and dates: lines of the plan, with what one learner has done of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lykeion.courseware import infopages
from lykeion.courseware.access import TO_COME, may_read
from lykeion.courseware.barriers import told, warnings
from lykeion.courseware.completion import Done, read_done
from lykeion.courseware.entering import plan
from lykeion.courseware.exams.pages import granted, note_of
from lykeion.courseware.exams.rules import is_exam, is_over
from lykeion.courseware.needs import needs_of
from lykeion.courseware.places import resume
from lykeion.courseware.plan import Plan, PlanSection, PlanSubsection, section_of
from lykeion.courseware.shifting import any_missed, missed
from lykeion.courseware.types import CourseDate, HomePage, Resume, SectionLine, SubsectionLine, Visitor

SOON: Final = 5  # dates on course home
_HAS_PAGE: Final = frozenset({"", "exam_not_started", "exam_over"})


def home_page(visitor: Visitor, *, open_section: str | None, all_open: bool) -> HomePage:
    """Course home; see :func:`lykeion.courseware.api.home`."""
    here = plan(visitor)
    done = read_done(visitor, here)
    reads = may_read(visitor.run, visitor.viewer, visitor.enrolment)
    there = resume(visitor, here, done.last_ref) if reads else None
    opened = open_section or _section_of(visitor, here, there)
    extra = granted(visitor)
    return HomePage(
        sections=tuple(
            _section(visitor, one, done, extra, is_open=all_open or one.ref == opened)
            for one in here.sections
            if one.in_menu
        ),
        resume=there,
        dates=_soon(visitor, here, done),
        missed=any_missed(visitor, here, done),
        updates=infopages.updates(visitor) if reads else (),
        handouts=infopages.handouts(visitor) if reads else "",
        done=sum(
            min(done.done(here.subsections[ref]), len(here.subsections[ref].leaves)) for ref in _known(here, done)
        ),
        total=here.total,
        entrance=visitor.work.entrance,
        warnings=warnings(visitor.outline) if visitor.is_staff and needs_of(visitor.outline).gated else (),
    )


def _known(here: Plan, done: Done) -> list[str]:
    return [ref for ref in done.by_subsection if ref in here.subsections]


def _section_of(visitor: Visitor, here: Plan, there: Resume | None) -> str:
    """The section to open by itself: the one to go on in, else the first."""
    if there is None:
        return here.sections[0].ref if here.sections else ""
    return section_of(visitor.outline, visitor.outline.blocks[visitor.outline.index[there.ref]])


def _section(
    visitor: Visitor, section: PlanSection, done: Done, extra: Mapping[str, int], *, is_open: bool
) -> SectionLine:
    listed = [one for one in section.subsections if one.in_menu]
    return SectionLine(
        ref=section.ref,
        title=section.title,
        complete=section.total > 0 and all(_is_complete(one, done) for one in section.subsections),
        open=is_open,
        subsections=tuple(_subsection(visitor, one, done, extra) for one in listed) if is_open else (),
    )


def _is_complete(subsection: PlanSubsection, done: Done) -> bool:
    return done.done(subsection) >= len(subsection.leaves) and subsection.wall not in TO_COME


def _subsection(visitor: Visitor, subsection: PlanSubsection, done: Done, extra: Mapping[str, int]) -> SubsectionLine:
    return SubsectionLine(
        ref=subsection.ref,
        title=subsection.title,
        format=subsection.format,
        graded=subsection.graded,
        due=visitor.dues.get(subsection.ref, subsection.due),
        problems=subsection.problems,
        done=done.done(subsection),
        total=len(subsection.leaves),
        locked=_lock(visitor, subsection),
        unlock=told(visitor, subsection.wall, subsection.ref)[1],
        note=_note(visitor, subsection, extra.get(subsection.ref, 0)),
        gated=subsection.gated,
    )


def _note(visitor: Visitor, subsection: PlanSubsection, extra: int) -> str:
    """Of a timed exam: how long it is, or where it stands."""
    exam = visitor.outline.blocks[visitor.outline.index[subsection.ref]]
    if not is_exam(exam):
        return ""
    where, minutes = note_of(visitor, exam, extra)
    words = {"running": _("Timed exam, the clock is running"), "expired": _("Timed exam, missed")}
    if where in {"submitted", "review"}:
        return _("Timed exam, submitted")
    length = ngettext("Timed exam, {minutes} minute", "Timed exam, {minutes} minutes", minutes)
    return words.get(where) or length.format(minutes=minutes)


def _lock(visitor: Visitor, subsection: PlanSubsection) -> str:
    """Why a listed subsection cannot be opened, in words."""
    if subsection.wall == "not_released":
        day = date_format(localtime(subsection.opens), "DATE_FORMAT")
        return _("Opens on {date}").format(date=day)
    if subsection.wall == "closed_after_due":
        return _("Closed after its due date")
    if subsection.wall in {"prerequisite", "entrance_exam"}:
        return told(visitor, subsection.wall, subsection.ref)[0]
    if subsection.wall == "track":
        return _("For verified learners")
    if not may_read(visitor.run, visitor.viewer, visitor.enrolment):
        return _("Enrol to open it") if visitor.viewer.user_id is not None else _("Sign in to open it")
    return ""


def course_dates(visitor: Visitor) -> tuple[CourseDate, ...]:
    """All dates of the run; see :func:`lykeion.courseware.api.dates`."""
    here = plan(visitor)
    return _sorted(visitor, [*_run_dates(visitor), *_dues(visitor, here, read_done(visitor, here))])


def _soon(visitor: Visitor, here: Plan, done: Done) -> tuple[CourseDate, ...]:
    """The next few dates. Looks at what is due from now on only."""
    coming = (date for date in _dues(visitor, here, done, after=visitor.at) if not date.done)
    first = [date for date, _place in zip(coming, range(SOON), strict=False)]
    ahead = [date for date in _run_dates(visitor) if date.at >= visitor.at]
    return tuple(date for date in _sorted(visitor, [*ahead, *first]) if date.kind != "today")[:SOON]


def _dues(visitor: Visitor, here: Plan, done: Done, after: datetime | None = None) -> Iterator[CourseDate]:
    dues = _own_dues(visitor, here) if visitor.dues else here.dues
    first = 0 if after is None else bisect_left(dues, (after, ""))
    for due, ref in dues[first:]:
        one = here.subsections[ref]
        is_done = len(one.leaves) > 0 and done.done(one) >= len(one.leaves)
        is_done = is_done or is_over(visitor.work.attempts.get(ref), visitor.at)
        is_late = not is_done and missed(visitor, one, done.done(one))
        yield CourseDate(due, "due", one.title, ref if one.wall in _HAS_PAGE else None, is_done, is_late)


def _own_dues(visitor: Visitor, here: Plan) -> Sequence[tuple[datetime, str]]:
    """As ``here.dues``, with the learner's own dates in place of the authors'."""
    listed = (ref for ref in visitor.dues if ref in here.subsections and here.subsections[ref].in_menu)
    own = {ref: visitor.dues[ref] for ref in listed}
    authored = {ref: due for due, ref in here.dues}
    return sorted((due, ref) for ref, due in {**authored, **own}.items())


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
