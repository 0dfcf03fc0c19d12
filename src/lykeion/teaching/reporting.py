"""Background jobs that make reports and sweep them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from lykeion.core.clock import now
from lykeion.jobs.api import Running, enqueue, job
from lykeion.jobs.types import Json
from lykeion.teaching.api.reports import MAKE, SWEEP, keeps
from lykeion.teaching.reports.making import make, sweep

_TRIES: Final = 3
_LONGEST: Final = timedelta(hours=6)


@job(MAKE, attempts=_TRIES, queue="reports", limit=_LONGEST, memory_mb=1024, title=_("Report"))
def make_report(payload: Json, running: Running) -> int:
    """Makes one report; how many rows it has."""
    return make(payload["report"], at=now(), last_try=running.attempt >= _TRIES, told=running.progress)


@job(SWEEP, forget=True, title=_("Removes old files of reports"))
def sweep_reports(_payload: Json, _running: Running) -> None:
    """Removes files that were kept long enough, and comes again when the next one will have been."""
    oldest = sweep(now() - keeps())
    if oldest is not None:
        enqueue(SWEEP, None, at=oldest + keeps(), key=SWEEP)
