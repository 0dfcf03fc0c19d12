"""Grades computed anew because the rules changed, not because somebody answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from lykeion.blocks.types import Viewer
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator, parse_run
from lykeion.courseware.entering import learners, policy_at, sheet
from lykeion.courseware.ordering import REGRADE, order_regrade
from lykeion.courseware.types import Visitor
from lykeion.grades import api as grades
from lykeion.jobs import api as jobs
from lykeion.jobs.types import JobStatus, Json

CHUNK: Final = 100  # learners between two signs of life
TOGETHER: Final = 50  # of one transaction: who answers meanwhile waits until it ends
Told = Callable[[int, int, str, Json], None]


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


def regrade(run_key: str, user_id: int | None, *, at: datetime, kept: Json, told: Told) -> int:
    """Computes grades anew, of everybody who has one or of one learner; how many. Frozen ones stay.

    In chunks, by learner: ``told`` hears of done, total, what is being done, and what a later try goes on from if it
    gets it as ``kept``. Safe to repeat.
    """
    run = catalog.run(parse_run(run_key))
    if grades.is_frozen(run.end, at):
        return 0
    nobody = Visitor(run, content.outline(run.key), Viewer(user_id=None), None, at)
    if user_id is not None:
        _regrade(nobody, [user_id])
        return 1
    after, done = kept or (0, 0)
    total = grades.count_graded(run.id)
    told(done, max(total, done), run.title, None)
    while found := grades.graded_learners(run.id, after=after, limit=CHUNK):
        for start in range(0, len(found), TOGETHER):
            _regrade(nobody, found[start : start + TOGETHER])
        after, done = found[-1], done + len(found)
        told(done, max(total, done), run.title, [after, done])
    return done


def regrade_under_way(run: CourseLocator) -> JobStatus | None:
    """The order to compute all grades of a run anew that waits or runs. One read."""
    return next(iter(jobs.under_way(REGRADE, {"user_id": None}, about=str(run))), None)


def _regrade(nobody: Visitor, user_ids: Sequence[int]) -> None:
    there = learners(nobody, user_ids)
    for gone in set(user_ids) - there.keys():
        grades.close(gone, nobody.run.id)
    grades.recompute_many(nobody.run.id, {one: sheet(who) for one, who in there.items()}, at=nobody.at)
