"""Grades computed anew because the rules changed, not because somebody answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lykeion.blocks.types import Viewer
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator, parse_run
from lykeion.courseware.entering import learner, policy_at, sheet
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
    return policy_at(run, old).hash != policy_at(run, new).hash


def catch_up(at: datetime) -> list[CourseLocator]:
    """Orders what a publish should have ordered while a process died or a database was away: grades of runs that were
    computed by other rules than those of today. Returns the runs; grows with the number of runs: for jobs."""
    heads, used = content.heads("published"), grades.policies_used()
    keys = catalog.keys(list(used))
    behind = [key for one, key in keys.items() if key in heads and used[one] - {policy_at(key, heads[key]).hash}]
    open_ones = [key for key in behind if not grades.is_frozen(catalog.run(key).end, at)]
    for key in open_ones:
        order_regrade(key)
    return open_ones


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
        grades.close(user_id, nobody.run.id)
        return
    grades.recompute(user_id=user_id, run_id=who.run.id, sheet=sheet(who), at=who.at)
