"""Where learners are in a run: the unit they looked at last, the position in each subsection, where to go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.prepared import Prepared
from lykeion.core.upsert import upsert
from lykeion.courseware.models import LastPlace, LearnerState, SubsectionDone
from lykeion.courseware.plan import Plan, PlanSubsection
from lykeion.courseware.state import decode, encode
from lykeion.courseware.types import Resume, Standing, Visitor

POSITION = "position"
"""The learner-side field of a subsection that holds the place of a unit in it, from 1 (Open edX: seq_block.py)."""


_LAST = Prepared(
    LastPlace, lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list("ref", "total"), write=True
)


def last_place(user_id: int, run_id: int) -> str:
    """The ref of the unit a learner looked at last, or ''. One read."""
    return next((str(row[0]) for row in _LAST(user_id, run_id)), "")


def is_last_place(user_id: int, run_id: int, ref: str, total: int) -> bool:
    """Whether :func:`remember_place` would change nothing of the run's place. One read."""
    return _LAST(user_id, run_id) == [(ref, total)]


def remember_place(visitor: Visitor, user_id: int, unit: OutlineBlock, total: int) -> None:
    """Makes ``unit`` the one a learner looked at last, in the run and in its subsection.

    ``total`` is how much of the run they can complete: kept with it, so that a list of courses need not look at them.
    """
    at, run_id = visitor.at, visitor.run.id
    subsection = visitor.outline.blocks[unit.parent]
    rows = [LastPlace(user_id=user_id, run_id=run_id, ref=unit.ref, at=at, total=total)]
    with transaction.atomic():
        upsert(rows, ["ref", "at", "total"])
        if unit.index in subsection.children and subsection.type == "sequential":
            state = encode({POSITION: subsection.children.index(unit.index) + 1})
            upsert([_position(user_id, run_id, subsection.ref, state, visitor)], ["state", "modified"])


def _position(user_id: int, run_id: int, ref: str, state: str, visitor: Visitor) -> LearnerState:
    at = visitor.at
    return LearnerState(user_id=user_id, run_id=run_id, ref=ref, state=state, created=at, modified=at)


def standings(user_id: int, run_ids: Iterable[int]) -> dict[int, Standing]:
    """How far a learner is in each run that they began; see :func:`lykeion.courseware.api.standings`. Two reads."""
    ids = list(run_ids)
    places = LastPlace.objects.filter(user_id=user_id, run_id__in=ids).values_list("run_id", "ref", "total")
    found = {run_id: Standing(ref, 0, total) for run_id, ref, total in places}
    rows = SubsectionDone.objects.filter(user_id=user_id, run_id__in=ids).order_by("last_at")
    for run_id, last_ref, done in rows.values_list("run_id", "last_ref", "done"):
        so_far = found.get(run_id, Standing("", 0, 0))
        found[run_id] = replace(so_far, ref=last_ref or so_far.ref, done=so_far.done + done)
    return {run_id: one for run_id, one in found.items() if one.ref}


def unit_holding(outline: Outline, plan: Plan, ref: str) -> str:
    """The open unit that ``ref`` is or is in; '' when it is gone or shut."""
    block = outline.get(ref)
    while block is not None and block.index > 0:
        if block.ref in plan.home:
            return block.ref
        block = outline.blocks[block.parent]
    return ""


def resume(visitor: Visitor, plan: Plan, last_completed: str) -> Resume | None:
    """Where to go on: at what was completed last, else where the visitor was, else at the start. One read at most."""
    outline = visitor.outline
    ref = unit_holding(outline, plan, last_completed) if last_completed else ""
    if not ref and visitor.viewer.user_id is not None:
        ref = unit_holding(outline, plan, last_place(visitor.viewer.user_id, visitor.run.id))
    there = ref or (plan.way[0] if plan.way else "")
    block = outline.get(there)
    return None if block is None else Resume(there, block.title, started=bool(ref))


def unit_to_show(visitor: Visitor, plan: Plan, block: OutlineBlock) -> str:
    """The unit to show for ``block``: the one it is in; of a section or subsection the one the visitor was at, else the
    first. '' when nothing in it can be opened."""
    held = unit_holding(visitor.outline, plan, block.ref)
    if held:
        return held
    below = (block, *visitor.outline.children(block)) if block.index else visitor.outline.blocks
    inside = [plan.subsections[one.ref] for one in below if one.ref in plan.subsections]
    first = next((one for one in inside if one.units), None)
    if first is None:
        return ""
    return _was_at(visitor, plan, inside, first) or first.units[0].ref


def _was_at(visitor: Visitor, plan: Plan, inside: Iterable[PlanSubsection], first: PlanSubsection) -> str:
    user_id, run_id = visitor.viewer.user_id, visitor.run.id
    if user_id is None:
        return ""
    was = last_place(user_id, run_id)
    if plan.home.get(was) in {one.ref for one in inside}:
        return was
    rows = LearnerState.objects.filter(user_id=user_id, run_id=run_id, ref=first.ref)
    position = decode(rows.values_list("state", flat=True).first() or "").get(POSITION)
    return unit_at(visitor.outline, plan, first.ref, position)


def unit_at(outline: Outline, plan: Plan, ref: str, position: object) -> str:
    """The open unit at ``position`` (from 1, hidden neighbours counted) of a subsection, or ''."""
    subsection = outline.get(ref)
    if subsection is None or not isinstance(position, int) or not 1 <= position <= len(subsection.children):
        return ""
    unit = outline.blocks[subsection.children[position - 1]]
    return unit.ref if unit.ref in plan.home else ""
