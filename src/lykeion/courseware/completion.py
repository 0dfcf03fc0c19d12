"""Completion: what of a course a learner has seen, watched or answered; kept with a summary per subsection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from lykeion.core.keys import usage_text
from lykeion.core.prepared import Prepared
from lykeion.core.upsert import upsert
from lykeion.courseware.models import LearnerState, SubsectionDone
from lykeion.courseware.plan import Plan, PlanSubsection
from lykeion.courseware.types import Visitor
from lykeion.events.api import emit
from lykeion.events.types import CompletionPayload
from lykeion.grades import api as grades

COMPLETE = 1.0
_SUMMARIES = Prepared(
    SubsectionDone,
    lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list(
        "ref", "done", "stamp", "last_ref", "last_at"
    ),
    write=True,
)


class Seen(NamedTuple):
    """What a stored row says besides its state."""

    completion: float | None
    version: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """How far a learner is in a run. ``by_subsection``: how many leaves are complete; ``last_ref``: completed last."""

    by_subsection: Mapping[str, int]
    last_ref: str

    def done(self, subsection: PlanSubsection) -> int:
        """How many leaves of ``subsection`` are complete."""
        return self.by_subsection.get(subsection.ref, 0)


NOTHING_DONE = Done({}, "")


def is_complete(completion: float | None) -> bool:
    """Whether a block is done."""
    return completion is not None and completion >= COMPLETE


def keep_completions(
    visitor: Visitor,
    user_id: int,
    completions: Mapping[str, float],
    seen: Mapping[str, Seen],
    subsections: Sequence[PlanSubsection],
    *,
    written: Collection[str],
) -> None:
    """Keeps new completions, and counts the ``subsections`` they are in anew.

    ``seen`` are the rows as they were, under lock; rows ``written`` with their state have their completion already.
    """
    changed = {ref: new for ref, new in completions.items() if ref not in seen or seen[ref].completion != new}
    if not changed:
        return
    rows = [_row(visitor, user_id, ref, new) for ref, new in changed.items() if ref not in written]
    upsert(rows, ["completion", "modified"])
    now = {ref: row.completion for ref, row in seen.items()} | changed
    newest = [ref for ref, completion in changed.items() if is_complete(completion)][-1:]
    _count(visitor, user_id, subsections, now, newest)
    for ref, completion in changed.items():
        is_new = seen[ref].completion is None if ref in seen else True
        _tell(visitor, user_id, ref, completion, is_new=is_new)


def _row(visitor: Visitor, user_id: int, ref: str, completion: float) -> LearnerState:
    return LearnerState(
        user_id=user_id,
        run_id=visitor.run.id,
        ref=ref,
        completion=completion,
        created=visitor.at,
        modified=visitor.at,
    )


def _count(
    visitor: Visitor,
    user_id: int,
    subsections: Iterable[PlanSubsection],
    now: Mapping[str, float | None],
    newest: Sequence[str],
) -> None:
    rows = [_summary(visitor, user_id, one, now, newest) for one in subsections]
    last = ["last_ref", "last_at"] if newest else []
    upsert(rows, ["done", "total", "stamp", *last])


def _summary(
    visitor: Visitor,
    user_id: int,
    subsection: PlanSubsection,
    now: Mapping[str, float | None],
    newest: Sequence[str],
) -> SubsectionDone:
    return SubsectionDone(
        user_id=user_id,
        run_id=visitor.run.id,
        ref=subsection.ref,
        done=sum(is_complete(now.get(leaf)) for leaf in subsection.leaves),
        total=len(subsection.leaves),
        stamp=subsection.stamp,
        last_ref=newest[0] if newest else "",
        last_at=visitor.at if newest else None,
    )


def _tell(visitor: Visitor, user_id: int, ref: str, completion: float, *, is_new: bool) -> None:
    run = visitor.outline.run
    event: CompletionPayload = {
        "user_id": user_id,
        "course_id": str(run),
        "context_key": str(run),
        "block_id": usage_text(run, ref),
        "block_type": ref.partition("@")[0],
        "completion": completion,
        "is_new": is_new,
    }
    emit("edx.completion.block_completion.changed", event, course_id=run, at=visitor.at)


def read_done(visitor: Visitor, plan: Plan) -> Done:
    """How far the visitor is: one small read, unless the course (or their part of it) changed since it was counted."""
    if visitor.viewer.user_id is None:
        return NOTHING_DONE
    found = _SUMMARIES(visitor.viewer.user_id, visitor.run.id)
    last = max((row for row in found if row[4] is not None), key=lambda row: row[4], default=None)
    last_ref = last[3] if last else ""
    if all(_fits(plan, row[0], row[2]) for row in found):
        return Done({row[0]: row[1] for row in found}, last_ref)
    return Done(_recount(visitor, visitor.viewer.user_id, plan), last_ref)


def _fits(plan: Plan, ref: str, stamp: str) -> bool:
    subsection = plan.subsections.get(ref)
    return subsection is not None and subsection.stamp == stamp


def _recount(visitor: Visitor, user_id: int, plan: Plan) -> dict[str, int]:
    """Counts every subsection anew and keeps the counts; grows with what the learner did, and happens once a change."""
    with transaction.atomic():
        grades.hold(user_id, visitor.run.id, visitor.at)
        return count_anew(visitor, user_id, plan)


def count_anew(visitor: Visitor, user_id: int, plan: Plan) -> dict[str, int]:
    """Counts every subsection anew from what is stored, for a transaction that holds the learner's grade; how many
    leaves are complete in each that has some."""
    rows = LearnerState.objects.filter(user_id=user_id, run_id=visitor.run.id, completion__gte=COMPLETE)
    complete = dict.fromkeys(rows.values_list("ref", flat=True), COMPLETE)
    touched = [one for one in plan.subsections.values() if not complete.keys().isdisjoint(one.leaves)]
    _count(visitor, user_id, touched, complete, ())
    counted = {one.ref for one in touched}
    SubsectionDone.objects.filter(user_id=user_id, run_id=visitor.run.id).exclude(ref__in=counted).delete()
    return {one.ref: sum(leaf in complete for leaf in one.leaves) for one in touched}
