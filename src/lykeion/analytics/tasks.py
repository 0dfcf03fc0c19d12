"""The background jobs of ``analytics``."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lykeion.accounts import api as accounts
from lykeion.analytics import lrs, refreshing
from lykeion.analytics.api import ASK, FORGET, FORGET_KEPT, REFRESH, REFRESH_ALL, REPORT, SEND
from lykeion.analytics.kept import drop_kept
from lykeion.analytics.models import LearnerFigure
from lykeion.analytics.sources import find_sources
from lykeion.analytics.statements import statement_of
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.types import Json, State

logger = logging.getLogger(__name__)

_LONGEST: Final = timedelta(hours=1)
"""What a report may take; answers take less."""
_MOST_AT_ONCE: Final = 1_000
_MADE: Final = _LONGEST + timedelta(minutes=15)
"""After which whatever was being made is over, by force or otherwise."""


@jobs.job(
    REFRESH, attempts=3, forget=True, limit=timedelta(hours=6), memory_mb=3072, title=_("Figures of what learners do")
)
def refresh(_payload: Json, running: jobs.Running) -> Json:
    """Reads the tracking log and publishes what it changes."""
    done = refreshing.refresh(at=now(), shown=running.progress)
    return done and asdict(done)


@jobs.job(REFRESH_ALL, limit=timedelta(hours=6), memory_mb=3072, title=_("All figures of what learners do, made anew"))
def refresh_all(_payload: Json, running: jobs.Running) -> Json:
    """The same at once, and publishes all runs. While somebody else writes to the lake it is tried again."""
    done = refreshing.refresh(at=now(), forced=True, shown=running.progress)
    return done and asdict(done)


@jobs.job(
    FORGET,
    attempts=20,
    queue="reports",
    limit=timedelta(hours=6),
    memory_mb=3072,
    title=_("Analytics forget somebody who is gone"),
)
def forget(payload: Json, running: jobs.Running) -> Json:
    """Takes the numbers of people who are gone out of the lake, and what may name them out of what is kept of it; in
    how many files of the lake they were. One order does what all others that wait are for: each would look into every
    file. What is being made of the lake meanwhile goes later, by :func:`forget_kept`."""
    from lykeion.analytics import settling  # Arrow and the engine are loaded where they are used
    from lykeion.analytics.engine import opened
    from lykeion.analytics.forgetting import forget as take_out
    from lykeion.analytics.lake import Lake

    others = jobs.find(name=FORGET, state=State.WAITING, limit=_MOST_AT_ONCE)
    before = running.kept or {}  # an earlier try heard of courses from files that do not tell any more
    users = {int(told["user_id"]) for told in (payload, *(one.payload for one in others))}
    users.update(before.get("users", ()))
    courses = {str(run.key) for user in users for run, _enrolment in catalog.enrolments_of(user, active=False)}
    courses.update(before.get("courses", ()))
    for user in users:
        drop_kept(user, courses, before=now())

    def met(found: set[str]) -> None:
        if not found <= courses:
            courses.update(found)
            running.progress(0, 0, kept={"users": sorted(users), "courses": sorted(courses)})

    lake = Lake(settings.LYKEION_LAKE_URL)
    with lake.writing():
        count = take_out(lake, users, running.progress, met)
        with opened(lake, settings.LYKEION_LAKE_ENGINE) as engine:
            settling.settle(engine, running.progress)
        LearnerFigure.objects.filter(user_id__in=users).delete()  # a refresh may have read the days as they were before
    refreshing.order_soon()
    for user in sorted(users):
        order = {"user_id": user, "courses": sorted(courses), "before": now().isoformat()}
        jobs.enqueue(FORGET_KEPT, order)
        jobs.enqueue(FORGET_KEPT, order, at=now() + _MADE)
    for one in others:
        jobs.cancel(one.id, at=now())
        jobs.drop(one.id)
    return count


@jobs.job(FORGET_KEPT, attempts=20, forget=True, title=_("Answers and reports that may name somebody who is gone"))
def forget_kept(payload: Json, _running: jobs.Running) -> None:
    """Removes what was made of the lake before it forgot somebody."""
    drop_kept(int(payload["user_id"]), payload["courses"], before=datetime.fromisoformat(payload["before"]))


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
    limit=_LONGEST,
    memory_mb=3072,
    title=_("Report of what learners did"),
)
def report(payload: Json, running: jobs.Running) -> Json:
    """Writes what each learner of ``course`` did by ``span``, or answered (``problem``); how many
    rows, the job's file are both forms of it."""
    from lykeion.analytics.reporting import report as write  # the engine is loaded where it is used

    with running.result_file("engagement.zip") as file:
        return write(payload["course"], payload["span"], file, lambda rows: running.progress(0, 0, str(rows)))


@jobs.job(SEND, attempts=20, forget=True, limit=timedelta(hours=6), title=_("Statements to the learning record store"))
def send(payload: Json, running: jobs.Running) -> Json:
    """Sends what learners did, as xAPI statements; how many."""
    store = lrs.Store(settings.LYKEION_LRS_URL, settings.LYKEION_LRS_KEY, settings.LYKEION_LRS_SECRET)

    def made_of(line: bytes) -> Json:
        return statement_of(line, settings.SITE_URL, _name_of)

    return lrs.send(find_sources(refreshing.logs()), store, made_of, _gone, shown=running.progress, log=logger.warning)


def _name_of(user_id: int) -> str:
    """What a learning record store knows somebody by."""
    return str(UUID(accounts.anonymous_id(user_id, None)))


def _gone(names: Collection[str]) -> set[str]:
    """Those of ``names`` whose account was deleted."""
    whose = {name: accounts.whose_id(UUID(name).hex) for name in names}
    retired = accounts.retired([user for user in whose.values() if user is not None])
    return {name for name, user in whose.items() if user in retired}


if settings.LYKEION_LRS_URL:
    jobs.every(SEND, timedelta(minutes=1))
jobs.every(REFRESH, timedelta(seconds=settings.LYKEION_ANALYTICS_SECONDS))
