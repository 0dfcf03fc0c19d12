"""The sweeper and the clock: what a broker never confirmed or lost is sent again, jobs over their time are ended, old
ones removed, plans give their orders. Any number of processes may do this; they take turns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event

from django.db import Error as AnyDatabaseError
from django.db import close_old_connections, connection
from django.db.models import F, Q

from lykeion.core.clock import now
from lykeion.jobs import claims, files, plans
from lykeion.jobs.models import Job, JobLine
from lykeion.jobs.registry import QUEUES
from lykeion.jobs.sending import has_broker, mark_sent
from lykeion.jobs.turns import take_turn
from lykeion.jobs.types import State

logger = logging.getLogger(__name__)

LOOK = timedelta(seconds=1)
GRACE = timedelta(seconds=2)  # so long the process that ordered a job may take to send it itself
LOST = timedelta(seconds=30)  # so old an order is lost if its queue is empty
_GIVEN_UP = timedelta(minutes=15)  # so old it is sent again whatever the queue holds
KEEP_DONE = timedelta(days=30)
KEEP_FAILED = timedelta(days=90)
_BATCH = 500
_SWEEP = "jobs.sweep"
_TRIM = "jobs.trim"
_TRIM_EVERY = timedelta(hours=1)


def tend_forever(stop: Event, order: Callable[[str], object]) -> None:
    """Sweeps, and gives the orders of plans by ``order(name)``, until ``stop`` is set."""
    try:
        while not stop.wait(LOOK.total_seconds()):
            close_old_connections()
            try:
                _tend(order)
            except AnyDatabaseError as error:
                logger.warning("The job table cannot be used at the moment (%s); trying again.", error)
    finally:
        connection.close()


def _tend(order: Callable[[str], object]) -> None:
    at = now()
    plans.give_due(order, at)
    if take_turn(_SWEEP, at, pause=LOOK):
        end_overdue(at)
        if has_broker():
            sweep(at)
    if take_turn(_TRIM, at, pause=_TRIM_EVERY):
        trim(at)


def end_overdue(at: datetime) -> int:
    """Jobs whose process was ended because they took too long are failed; how many."""
    over = Job.objects.filter(state=State.RUNNING, ends__lt=at - GRACE, lease_until__gte=F("ends"))
    return sum(_end(row, at) for row in over[:_BATCH])


def _end(row: Job, at: datetime) -> int:
    words = f"OverLimit: It took longer than {_took(row)} and was ended."
    unchanged = Job.objects.filter(state=State.RUNNING, claim=row.claim)
    return claims.end(unchanged, row.pk, row.name, State.FAILED, at, error=words)


def _took(row: Job) -> timedelta:
    return timedelta() if row.ends is None or row.started is None else row.ends - row.started


def sweep(at: datetime) -> int:
    """Sends what the broker does not know of; how many. A broker that is away is only noted."""
    from lykeion.jobs import broker  # Celery is loaded where there is a broker

    if not Job.objects.filter(_unsent(at) | _lost(at, QUEUES)).exists():
        return 0
    try:
        with broker.connected() as link:
            empty = [name for name, depth in broker.depths(link).items() if not depth]
            rows = Job.objects.filter(_unsent(at) | _lost(at, empty)).order_by("-priority", "due", "id")
            orders = [broker.Order(row.pk, row.name, row.queue) for row in rows[:_BATCH]]
            broker.send(link, orders)
    except broker.BROKER_ERRORS as error:
        logger.warning("The broker does not answer: %s", error)
        return 0
    if orders:
        mark_sent(orders, at)
    return len(orders)


def _unsent(at: datetime) -> Q:
    """Never confirmed: new ones, those to be tried again, and those whose worker died."""
    waiting = Q(state=State.WAITING, due__lte=at, sent=None, created__lt=at - GRACE)
    orphaned = Q(state=State.RUNNING, lease_until__lt=at) & (Q(sent=None) | Q(sent__lt=F("lease_until")))
    return waiting | orphaned


def _lost(at: datetime, empty: Sequence[str]) -> Q:
    """Confirmed some time ago, but no message of its queue is left."""
    ready = Q(state=State.WAITING, due__lte=at) | Q(state=State.RUNNING, lease_until__lt=at)
    return ready & (Q(sent__lt=at - LOST, queue__in=empty) | Q(sent__lt=at - _GIVEN_UP))


def trim(at: datetime) -> None:
    """Removes the jobs that were over long before ``at``, with their files and what they said."""
    for states, keep in (((State.DONE, State.CANCELLED), KEEP_DONE), ((State.FAILED,), KEEP_FAILED)):
        old = Job.objects.filter(state__in=states, finished__lt=at - keep)
        files.drop(old.exclude(file="").values_list("file", flat=True))
        old.delete()
    JobLine.objects.filter(at__lt=at - KEEP_FAILED).delete()
