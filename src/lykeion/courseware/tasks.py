"""Background jobs of ``courseware``."""

from __future__ import annotations

from lykeion.core.clock import now
from lykeion.courseware.regrading import REGRADE, regrade
from lykeion.jobs.api import Running, job
from lykeion.jobs.types import Json


@job(REGRADE)
def regrade_run(payload: Json, running: Running) -> int:
    """Grades of a run (or of one learner in it) anew; how many."""
    return regrade(payload["run"], payload["user_id"], at=now(), told=running.progress)
