"""Telling the broker of jobs that were committed, from a thread of its own: who orders a job never waits for a broker.

What is not sent here (the broker is away, the process ends, too much at once) the sweeper sends (``tending.py``).
"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Sequence
from datetime import datetime
from threading import Lock, Thread
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error as AnyDatabaseError
from django.db import close_old_connections

from lykeion.core.clock import now
from lykeion.jobs.models import Job
from lykeion.jobs.types import State

if TYPE_CHECKING:
    from lykeion.jobs.broker import Order

logger = logging.getLogger(__name__)

PAUSE = 5.0  # seconds without another attempt once the broker did not answer
_MOST = 10_000  # orders in memory; what is over is left to the sweeper
_BATCH = 200


def has_broker() -> bool:
    """Whether jobs go through a broker."""
    return bool(getattr(settings, "LYKEION_BROKER_URL", ""))


class Sender:
    """One thread of this process that sends."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread = Thread()
        self._waiting: queue.Queue[tuple[int, str, str]] = queue.Queue(_MOST)

    def offer(self, job_id: int, name: str, in_queue: str) -> None:
        """Lets the broker know of a job, soon; never waits and never fails."""
        self._begin()
        try:
            self._waiting.put_nowait((job_id, name, in_queue))
        except queue.Full:
            logger.warning("Job %d is left to the sweeper: too many wait to be sent.", job_id)

    def _begin(self) -> None:
        with self._lock:
            if not self._thread.is_alive():  # none survives a fork
                self._waiting = queue.Queue(_MOST)
                self._thread = Thread(target=self._send_forever, args=[self._waiting], name="lykeion-send", daemon=True)
                self._thread.start()

    def _send_forever(self, waiting: queue.Queue[tuple[int, str, str]]) -> None:
        from lykeion.jobs import broker  # Celery is loaded where there is a broker, by this thread

        while True:
            orders = [broker.Order(*waiting.get())]
            try:
                with broker.connected() as connection:
                    while True:
                        orders += [broker.Order(*one) for one in _rest(waiting)]
                        at = now()
                        broker.send(connection, orders)
                        mark_sent(orders, at)
                        orders = [broker.Order(*waiting.get())]
            except broker.BROKER_ERRORS as error:
                logger.warning("The broker does not answer (%s); %d jobs are left to the sweeper.", error, len(orders))
                time.sleep(PAUSE)
                _rest(waiting, most=_MOST)
            except AnyDatabaseError as error:
                logger.warning("Jobs were sent, but the database does not answer: %s", error)


def mark_sent(orders: Sequence[Order], at: datetime) -> None:
    """The broker has these, which were due and sent ``at`` this moment. One that failed since, and waits to be tried
    again, is to be sent again: it is due later."""
    close_old_connections()
    sent = Job.objects.filter(pk__in=[order.job_id for order in orders], due__lte=at)
    sent.filter(state__in=[State.WAITING, State.RUNNING]).update(sent=at)
    close_old_connections()


def _rest(waiting: queue.Queue[tuple[int, str, str]], most: int = _BATCH) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    while len(found) < most:
        try:
            found.append(waiting.get_nowait())
        except queue.Empty:
            break
    return found


sender = Sender()
