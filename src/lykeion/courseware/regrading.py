"""Grades computed anew because the rules changed, not because somebody answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lykeion.blocks.types import Viewer
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator, parse_run
from lykeion.courseware.entering import learner, policy_of, sheet
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.grades import api as grades
from lykeion.jobs import api as jobs

REGRADE = "courseware.regrade"
Told = Callable[[int, int, str], None]


def order_regrade(run: CourseLocator, *, user_id: int | None = None) -> None:
    """Orders the grades of all learners of a run (or of one) to be computed anew; waiting orders are not doubled."""
    jobs.enqueue(REGRADE, {"run": str(run), "user_id": user_id}, key=f"{REGRADE}:{run}:{user_id or 'all'}")


def policy_changed(run: CourseLocator, old: ObjectId, new: ObjectId) -> bool:
    """Whether two published roots grade by different rules."""
    before, after = (policy_of(content.outline_at(run, root)) for root in (old, new))
    return before.hash != after.hash


def regrade(run_key: str, user_id: int | None, *, at: datetime, told: Told) -> int:
    """Computes grades anew, of everybody who has one or of one learner; how many. Frozen ones stay.

    Safe to repeat. ``told`` hears of done, total, and what is being done.
    """
    run = catalog.run(parse_run(run_key))
    if grades.is_frozen(run.end, at):
        return 0
    nobody = Visitor(run, content.outline(run.key), Viewer(user_id=None), None, at)
    learners = (user_id,) if user_id is not None else grades.graded_learners(run.id)
    for done, one in enumerate(learners):
        told(done, len(learners), run.title)
        _regrade(nobody, one)
    return len(learners)


def _regrade(nobody: Visitor, user_id: int) -> None:
    try:
        who = learner(nobody, user_id)
    except AccessDenied:  # the account is gone
        return
    grades.recompute(user_id=user_id, run_id=who.run.id, sheet=sheet(who), at=who.at)
