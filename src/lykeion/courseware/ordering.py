"""Orders to compute grades anew: what changes a learner's parts of a course needs nothing else of ``regrading``."""

from __future__ import annotations

from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs

REGRADE = "courseware.regrade"


def order_regrade(run: CourseLocator, *, user_id: int | None = None) -> None:
    """Orders the grades of all learners of a run (or of one) to be computed anew; waiting orders are not doubled."""
    about = "" if user_id else str(run)  # one of very many learners is nothing to show beside a course
    payload = {"run": str(run), "user_id": user_id}
    jobs.enqueue(REGRADE, payload, key=f"{REGRADE}:{run}:{user_id or 'all'}", about=about)
