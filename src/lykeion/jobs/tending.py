"""The sweeper and the clock: what a broker never confirmed or lost is sent again, jobs over their time are ended, plans
give their orders. Any number of processes may do this; they take turns."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from django.db import DatabaseError, close_old_connections, connection
from django.db.models import F, Q, QuerySet

from lykeion.core.clock import now
from lykeion.jobs import plans
from lykeion.jobs.models import Job
from lykeion.jobs.registry import forgets
from lykeion.jobs.sending import has_broker, mark_sent
from lykeion.jobs.turns import take_turn
from lykeion.jobs.types import State

logger = logging.getLogger(__name__)

LOOK = timedelta(seconds=1)
GRACE = timedelta(seconds=2)  # so long the process that ordered a job may take to send it itself
LOST = timedelta(seconds=30)  # so old an order is lost if its queue is empty
_GIVEN_UP = timedelta(minutes=15)  # so old it is sent again whatever the queue holds
_BATCH = 500
_SWEEP = "jobs.sweep"


def tend_forever(stop: Event, order: Callable[[str], object]) -> None:
    """Sweeps, and gives the orders of plans by ``order(name)``, until ``stop`` is set."""
    try:
        while not stop.wait(LOOK.total_seconds()):
            close_old_connections()
            try:
                _tend(order)
            except DatabaseError as error:
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


def end_overdue(at: datetime) -> int:
    """Jobs whose process was ended because they took too long are failed; how many."""
    over = Job.objects.filter(state=State.RUNNING, ends__lt=at - GRACE, lease_until__gte=F("ends"))
    return sum(_end(row, at) for row in over[:_BATCH])


def _end(row: Job, at: datetime) -> int:
    words = "OverLimit" if forgets(row.name) else f"OverLimit: It took longer than {_took(row)} and was ended."
    unchanged = Job.objects.filter(pk=row.pk, state=State.RUNNING, claim=row.claim)
    return unchanged.update(state=State.FAILED, finished=at, error=words, claim="", lease_until=None)


def _took(row: Job) -> timedelta:
    return timedelta() if row.ends is None or row.started is None else row.ends - row.started


def sweep(at: datetime) -> int:
    """Sends what the broker does not know of; how many. A broker that is away is only noted."""
    from lykeion.jobs import broker  # Celery is loaded where there is a broker

    try:
        with broker.connected() as link:
            empty = [name for name, depth in broker.depths(link).items() if not depth]
            rows = [*_unsent(at)[:_BATCH], *_lost(at, empty)[:_BATCH]]
            orders = [broker.Order(row.pk, row.name, row.queue) for row in rows]
            broker.send(link, orders)
    except broker.BROKER_ERRORS as error:
        logger.warning("The broker does not answer: %s", error)
        return 0
    if orders:
        mark_sent(orders)
    return len(orders)


def _unsent(at: datetime) -> QuerySet[Job]:
    """Never confirmed: new ones, those to be tried again, and those whose worker died."""
    waiting = Q(state=State.WAITING, due__lte=at, sent=None, created__lt=at - GRACE)
    orphaned = Q(state=State.RUNNING, lease_until__lt=at) & (Q(sent=None) | Q(sent__lt=F("lease_until")))
    return Job.objects.filter(waiting | orphaned).order_by("-priority", "due", "id")


def _lost(at: datetime, empty: list[str]) -> QuerySet[Job]:
    """Confirmed some time ago, but no message of its queue is left."""
    ready = Q(state=State.WAITING, due__lte=at) | Q(state=State.RUNNING, lease_until__lt=at)
    gone = Q(sent__lt=at - LOST, queue__in=empty) | Q(sent__lt=at - _GIVEN_UP)
    return Job.objects.filter(ready & gone).order_by("-priority", "due", "id")
