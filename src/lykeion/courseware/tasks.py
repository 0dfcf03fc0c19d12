"""Background jobs of ``courseware``."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from lykeion.core.clock import now
from lykeion.courseware import regrading
from lykeion.courseware.exams.office import close_overdue_exams
from lykeion.courseware.ordering import REGRADE
from lykeion.courseware.regrading import regrade
from lykeion.jobs.api import Running, every, job
from lykeion.jobs.types import Json

CATCH_UP = "courseware.catch_up"
AGAIN_AFTER = timedelta(hours=1)
LONG = timedelta(hours=12)


@job(CATCH_UP, forget=True, title=_("Looks for grades that follow old rules"))
def catch_up(_payload: Json, running: Running) -> None:
    """Finds grades that follow old rules: a process may die between a publish and its order.

    Exams that ended while nobody looked are noted as submitted as well; the clock shut them long before."""
    close_overdue_exams(now())
    regrading.catch_up(now())


every(CATCH_UP, AGAIN_AFTER)


@job(REGRADE, queue="reports", limit=LONG, title=_("Grades computed anew"))
def regrade_run(payload: Json, running: Running) -> int:
    """Grades of a run (or of one learner in it) anew; how many."""
    return regrade(payload["run"], payload["user_id"], at=now(), kept=running.kept, told=running.progress)
