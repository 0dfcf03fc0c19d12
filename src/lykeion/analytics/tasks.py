"""The background jobs of ``analytics``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lykeion.analytics import refreshing
from lykeion.analytics.api import FORGET, REFRESH
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.types import Json


@jobs.job(
    REFRESH, attempts=3, forget=True, limit=timedelta(hours=6), memory_mb=3072, title=_("Figures of what learners do")
)
def refresh(payload: Json, running: jobs.Running) -> Json:
    """Reads the tracking log and publishes what it changes. ``{"forced": true}``: of all runs, at once."""
    forced = bool(payload and payload.get("forced"))
    done = refreshing.refresh(at=now(), forced=forced, shown=running.progress)
    return done and asdict(done)


@jobs.job(
    FORGET, attempts=20, queue="reports", limit=timedelta(hours=6), title=_("Analytics forget somebody who is gone")
)
def forget(payload: Json, running: jobs.Running) -> Json:
    """Takes the number of somebody who is gone out of the lake; in how many files it was."""
    from lykeion.analytics.forgetting import forget as take_out  # Arrow is loaded where it is used
    from lykeion.analytics.lake import Lake

    return take_out(Lake(settings.LYKEION_LAKE_URL), [int(payload["user_id"])], running.progress)


jobs.every(REFRESH, timedelta(seconds=settings.LYKEION_ANALYTICS_SECONDS))
