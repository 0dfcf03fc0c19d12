"""The background jobs of ``analytics``."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lykeion.accounts import api as accounts
from lykeion.analytics import lrs, refreshing
from lykeion.analytics.api import ASK, FORGET, REFRESH, REPORT, SEND
from lykeion.analytics.sources import find_sources
from lykeion.analytics.statements import statement_of
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.types import Json, State

logger = logging.getLogger(__name__)


@jobs.job(
    REFRESH, attempts=3, forget=True, limit=timedelta(hours=6), memory_mb=3072, title=_("Figures of what learners do")
)
def refresh(payload: Json, running: jobs.Running) -> Json:
    """Reads the tracking log and publishes what it changes. ``{"forced": true}``: of all runs, at once."""
    forced = bool(payload and payload.get("forced"))
    if not _writes_alone(running):
        if forced:
            raise _busy()
        return None  # the next one sees to it
    done = refreshing.refresh(at=now(), forced=forced, shown=running.progress)
    return done and asdict(done)


@jobs.job(
    FORGET, attempts=20, queue="reports", limit=timedelta(hours=6), title=_("Analytics forget somebody who is gone")
)
def forget(payload: Json, running: jobs.Running) -> Json:
    """Takes the number of somebody who is gone out of the lake; in how many files it was."""
    from lykeion.analytics.forgetting import forget as take_out  # Arrow is loaded where it is used
    from lykeion.analytics.lake import Lake

    if not _writes_alone(running):
        raise _busy()
    count = take_out(Lake(settings.LYKEION_LAKE_URL), [int(payload["user_id"])], running.progress)
    refreshing.order_soon()
    return count


def _writes_alone(running: jobs.Running) -> bool:
    """Whether no other job writes to the lake now. In a folder of this machine a lock sees to that; elsewhere nothing
    does, and of two who write the same file anew one would bring back what the other took out. Of two who begin at
    once, both see the other."""
    if "://" not in settings.LYKEION_LAKE_URL:
        return True
    others = (one.id for name in (REFRESH, FORGET) for one in jobs.find(name=name, state=State.RUNNING))
    return not set(others) - {running.id}


def _busy() -> Exception:
    from lykeion.analytics.lake import LakeBusy  # see above

    return LakeBusy("Another job is writing to the lake; this one is tried again.")


@jobs.job(ASK, attempts=1, queue="reports", limit=timedelta(minutes=10), memory_mb=3072, title=_("Question in SQL"))
def ask(payload: Json, running: jobs.Running) -> Json:
    """Asks ``sql`` of ``courses`` (null: of all); what was found, and its files as the job's file."""
    from lykeion.analytics.asking import answer  # the engine is loaded where it is used

    def look(what: str) -> None:
        running.progress(0, 0, what)

    with running.result_file("answer.zip") as file:
        return answer(payload["sql"], payload["courses"], file, look)


@jobs.job(
    REPORT,
    attempts=2,
    queue="reports",
    limit=timedelta(hours=1),
    memory_mb=3072,
    title=_("Report of what learners did"),
)
def report(payload: Json, running: jobs.Running) -> Json:
    """Writes what each learner of ``course`` did by ``span``; how many rows, the job's file are both forms of it."""
    from lykeion.analytics.reporting import report as write  # the engine is loaded where it is used

    with running.result_file("engagement.zip") as file:
        return write(payload["course"], payload["span"], file, lambda rows: running.progress(0, 0, str(rows)))


@jobs.job(SEND, attempts=20, forget=True, limit=timedelta(hours=6), title=_("Statements to the learning record store"))
def send(payload: Json, running: jobs.Running) -> Json:
    """Sends what learners did, as xAPI statements; how many."""
    store = lrs.Store(settings.LYKEION_LRS_URL, settings.LYKEION_LRS_KEY, settings.LYKEION_LRS_SECRET)

    def made_of(line: bytes) -> Json:
        return statement_of(line, settings.SITE_URL, lambda user_id: str(UUID(accounts.anonymous_id(user_id, None))))

    return lrs.send(find_sources(refreshing.logs()), store, made_of, shown=running.progress, log=logger.warning)


if settings.LYKEION_LRS_URL:
    jobs.every(SEND, timedelta(minutes=1))
jobs.every(REFRESH, timedelta(seconds=settings.LYKEION_ANALYTICS_SECONDS))
