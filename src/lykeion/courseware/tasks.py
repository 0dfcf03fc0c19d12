"""Background jobs of ``courseware``."""

from __future__ import annotations

from datetime import timedelta

from lykeion.core.clock import now
from lykeion.courseware import regrading
from lykeion.courseware.regrading import REGRADE, regrade
from lykeion.jobs.api import Running, enqueue, job
from lykeion.jobs.types import Json

CATCH_UP = "courseware.catch_up"
AGAIN_AFTER = timedelta(hours=1)


@job(CATCH_UP, forget=True)
def catch_up(_payload: Json, running: Running) -> None:
    """Finds grades that follow old rules, now and every hour: a process may die between a publish and its order."""
    enqueue(CATCH_UP, None, at=now() + AGAIN_AFTER, key=CATCH_UP)  # first, so that a failure does not end it
    regrading.catch_up(now())


@job(REGRADE)
def regrade_run(payload: Json, running: Running) -> int:
    """Grades of a run (or of one learner in it) anew; how many."""
    return regrade(payload["run"], payload["user_id"], at=now(), told=running.progress)
