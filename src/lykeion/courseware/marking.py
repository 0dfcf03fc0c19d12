"""Grades that the team gives in the place of computed ones, and the columns they stand in (openedx.md §2.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.blocks.types import Viewer
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import ObjectId, Outline, OutlineBlock
from lykeion.core.keys import CourseLocator
from lykeion.core.lru import WeightedCache
from lykeion.courseware.entering import learner, policy_of, sheet
from lykeion.courseware.gating import entrance_section
from lykeion.courseware.plan import SUBSECTION_DEPTH
from lykeion.courseware.types import AccessDenied, GradeColumn, ReworkRefused, Visitor
from lykeion.courseware.visit import everything
from lykeion.grades import api as grades
from lykeion.grades.types import Override, SubsectionGrade

_COLUMNS: WeightedCache[ObjectId, tuple[GradeColumn, ...]] = WeightedCache(100_000, weigh=lambda found: len(found) + 1)


def grade_columns(run_key: CourseLocator) -> tuple[GradeColumn, ...]:
    """The graded subsections of a run in course order, with the labels of their types. No query about learners."""
    outline = content.outline(run_key)
    found = _COLUMNS.get(outline.root)
    if found is None:
        found = _columns(outline)
        _COLUMNS.put(outline.root, found)
    return found


def _columns(outline: Outline) -> tuple[GradeColumn, ...]:
    labels = {kind.type: kind.short_label for kind in policy_of(outline).types}
    counts: dict[str, int] = {}
    found = []
    for block in outline.blocks:
        if block.depth == SUBSECTION_DEPTH and _is_graded(outline, block):
            name = str(block.own.get("format") or "")
            counts[name] = counts.get(name, 0) + 1
            label = f"{labels.get(name, name)} {counts[name]:02d}".strip()
            possible = grades.possible_in(outline, block, everything)
            found.append(GradeColumn(block.ref, block.title, name, label, possible))
    return tuple(found)


def titles(run_key: CourseLocator, refs: Iterable[str]) -> dict[str, str]:
    """The titles of blocks of a run as it is published; those that are gone are left out. No query about learners."""
    outline = content.outline(run_key)
    found = {ref: outline.get(ref) for ref in refs}
    return {ref: block.title for ref, block in found.items() if block is not None}


def entrance_exam(run_key: CourseLocator) -> str:
    """The ref of the section that is a run's entrance exam; '' without one."""
    section = entrance_section(content.outline(run_key))
    return "" if section is None else section.ref


def _is_graded(outline: Outline, block: OutlineBlock) -> bool:
    return bool(block.settings.get("graded")) and any(one.facts.has_score for one in outline.subtree(block))


def subsection_grade(run_key: CourseLocator, user_id: int, ref: str, at: datetime) -> SubsectionGrade:
    """A learner's grade in the subsection ``ref``, with the scores in it. Raises :class:`ReworkRefused` when it is not
    for them."""
    return _grade(visitor_of(run_key, user_id, at), user_id, ref)


def override_grade(
    run_key: CourseLocator, user_id: int, ref: str, earned: float | None, *, reason: str, at: datetime
) -> tuple[SubsectionGrade, SubsectionGrade]:
    """Puts ``earned`` of the graded points of a subsection in the place of computed ones, until it is taken back
    (``earned`` None); the grade before and after. One transaction.

    Raises :class:`ReworkRefused` for points that cannot be, and once grades are frozen.
    """
    who = visitor_of(run_key, user_id, at)
    run = who.run
    if grades.is_frozen(run.end, at):
        raise ReworkRefused(_("The grades of this course are frozen: it ended more than 30 days ago."))
    with transaction.atomic():
        grades.hold(user_id, run.id, at)
        before = _grade(who, user_id, ref)
        value = Override() if earned is None else _value(before, earned)
        grades.override_subsection(
            user_id=user_id,
            run_id=run.id,
            sheet=sheet(who),
            ref=ref,
            override=value,
            reason=reason[:500] if earned is not None else "",
            system="GRADEBOOK" if earned is not None else "",
            at=at,
        )
        return before, _grade(who, user_id, ref)


def _value(before: SubsectionGrade, earned: float) -> Override:
    """The points that can be earned are kept with those that are given, so that the share stays as it was meant."""
    possible = before.possible_graded
    if possible <= 0:
        raise ReworkRefused(_("There is nothing to earn for this learner in “{title}”.").format(title=before.title))
    if not 0 <= earned <= possible:
        raise ReworkRefused(_("Give points from 0 to {most}.").format(most=f"{possible:g}"))
    return Override(earned_graded=earned, possible_graded=possible)


def _grade(who: Visitor, user_id: int, ref: str) -> SubsectionGrade:
    work = sheet(who)
    if work.line(ref) is None:
        raise ReworkRefused(_("This subsection is not for this learner, so it has no grade for them."))
    found = grades.subsection_grades(user_id, who.run.id, work)
    return next(one for one in found if one.ref == ref)


def visitor_of(run_key: CourseLocator, user_id: int, at: datetime) -> Visitor:
    """A learner of a run as themselves. Raises :class:`ReworkRefused` for nobody."""
    run = catalog.run(run_key)
    try:
        return learner(Visitor(run, content.outline(run.key), Viewer(user_id=None), None, at), user_id)
    except AccessDenied as error:
        raise ReworkRefused(_("There is no such learner.")) from error
