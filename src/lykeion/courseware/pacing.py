"""When things are due for one learner: pure rules over an outline, the dates of a learner, and a moment.

Sources: openedx.md §1.3 (self-paced schedules) and §2.1 (extensions); Open edX ``schedules`` (where a schedule starts)
and ``course_date_signals`` (what is due when).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from lykeion.catalog.types import Enrolment, Run
from lykeion.content.types import Outline, OutlineBlock
from lykeion.courseware.access import is_learner
from lykeion.courseware.plan import SUBSECTION_DEPTH, PlanSubsection, subsection_of
from lykeion.courseware.types import Visitor, Wall

SHORTEST: Final = timedelta(weeks=4)
LONGEST: Final = timedelta(weeks=18)
"""Between which the time that a course is spread over lies (Open edX: ``course_date_signals/utils.py``)."""

_OWN_DATES_WITHIN: Final = frozenset({"openassessment"})
"""Blocks with dates of their steps: alone in a subsection they give it none (Open edX: ``_gather_graded_items``)."""


# What the course says


def due_after(outline: Outline) -> dict[str, timedelta]:
    """How long after a learner's schedule starts each subsection is due, by ref, if the run is self-paced.

    Weeks that a subsection sets itself count. Others that are assignments are spread by section over the time that the
    course asks for (``weeks_to_complete`` in ``other_course_settings``). Open edX asks its discovery service for that,
    and spreads every course over four weeks where that is silent; a course that nobody said this of stays without
    dates here, since dates nobody set would close its problems.
    """
    found: dict[str, timedelta] = {}
    for section, spread in _spread(outline):
        for subsection in outline.children(section):
            weeks = subsection.own.get("relative_weeks_due")
            if weeks is not None and weeks > 0:
                found[subsection.ref] = timedelta(weeks=weeks)
            elif spread and _is_assignment(outline, subsection):
                found[subsection.ref] = spread
    return found


def _spread(outline: Outline) -> Iterator[tuple[OutlineBlock, timedelta | None]]:
    """The sections for learners, each with its even part of the time; None when the course does not ask."""
    sections = [one for one in outline.children(outline.course) if not one.settings.get("visible_to_staff_only")]
    weeks = (outline.course.own.get("other_course_settings") or {}).get("weeks_to_complete")
    time = None if not weeks or weeks <= 0 else within_bounds(float(weeks))
    for place, section in enumerate(sections, 1):
        yield section, None if time is None else time * place / len(sections)


def within_bounds(weeks: float) -> timedelta:
    """The time to spread a course over, of which its authors say that it takes so many weeks."""
    return timedelta(weeks=min(max(weeks, SHORTEST.days / 7), LONGEST.days / 7))


def _is_assignment(outline: Outline, subsection: OutlineBlock) -> bool:
    scored = (block for block in outline.subtree(subsection) if block.facts.has_score and block.own.get("weight") != 0)
    return bool(subsection.settings.get("graded")) and any(block.type not in _OWN_DATES_WITHIN for block in scored)


# What holds for a learner


def schedule_start(run: Run, enrolment: Enrolment) -> datetime:
    """What the learner's relative dates count from: when they enrolled, or shifted their dates; not before the run."""
    start = enrolment.schedule_start or enrolment.created
    return start if run.start is None else max(start, run.start)


class OwnDues(Mapping[str, datetime]):
    """Due dates of one learner by ref of a subsection, worked out as they are asked for: a course may have thousands.

    ``extended`` are dates that the team gave them. Of two the later counts: an extension takes no time away, and
    dates that were shifted stay so.
    """

    def __init__(self, start: datetime, after: Mapping[str, timedelta], extended: Mapping[str, datetime]) -> None:
        self._start = start
        self._after = after
        self._extended = extended

    def __getitem__(self, ref: str) -> datetime:
        after, extended = self._after.get(ref), self._extended.get(ref)
        if after is None:
            return self._extended[ref]
        relative = self._start + after
        return relative if extended is None else max(relative, extended)

    def __iter__(self) -> Iterator[str]:
        yield from self._after
        yield from (ref for ref in self._extended if ref not in self._after)

    def __len__(self) -> int:
        return len(self._after.keys() | self._extended.keys())


def never_earlier(outline: Outline, extended: Mapping[str, datetime]) -> dict[str, datetime]:
    """``extended`` as far as the course has such subsections; where its author chose a later date since, that."""
    blocks = ((outline.get(ref), due) for ref, due in extended.items())
    return {block.ref: max(due, block.settings.get("due") or due) for block, due in blocks if block is not None}


def due_of(visitor: Visitor, block: OutlineBlock) -> datetime | None:
    """When ``block`` is due for ``visitor``; None when it never is. The grace period comes on top."""
    own = visitor.dues.get(subsection_of(visitor.outline, block)) if visitor.dues else None
    authored: datetime | None = block.settings.get("due")
    return own or authored


def original_due(
    run: Run, enrolment: Enrolment, block: OutlineBlock, after: Mapping[str, timedelta]
) -> datetime | None:
    """When the subsection ``block`` is due for a learner to whom the team gave no date of their own."""
    if run.self_paced and block.ref in after:
        return schedule_start(run, enrolment) + after[block.ref]
    authored: datetime | None = block.settings.get("due")
    return authored


def reopened(
    outline: Outline, closing: Iterable[str], dues: Mapping[str, datetime], at: datetime
) -> tuple[tuple[str, Wall], ...]:
    """Those of the ``closing`` subsections (``hide_after_due``) that closed for others, but not for a learner with
    these ``dues``; not for self-paced runs, where they close when the course ends."""
    blocks = (block for block in map(outline.get, closing) if block is not None and block.depth == SUBSECTION_DEPTH)
    late = (block for block in blocks if (block.settings.get("due") or at) < at)
    return tuple((block.ref, "") for block in late if block.ref in dues and dues[block.ref] >= at)


# Shifting


def may_shift(visitor: Visitor) -> bool:
    """Whether dates of ``visitor`` can move at all: they take a self-paced run that goes on. Nobody shifts for those
    they look as."""
    run = visitor.run
    is_over = run.end is not None and run.end < visitor.at
    return run.self_paced and not is_over and visitor.mask is None and is_learner(visitor.enrolment)


def is_missed(visitor: Visitor, after: Mapping[str, timedelta], subsection: PlanSubsection, done: int) -> bool:
    """Whether ``subsection``, of which ``done`` blocks are complete, is past a date that would move, and unfinished."""
    if subsection.ref not in after or subsection.wall or done >= len(subsection.leaves):
        return False
    return may_shift(visitor) and visitor.dues[subsection.ref] < visitor.at
