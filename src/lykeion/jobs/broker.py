"""Celery on RabbitMQ. A message says "look at job N": the row, with its lease, decides what there is to do.

Only imported where ``LYKEION_BROKER_URL`` names a broker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from socket import gethostname
from typing import Any

from amqp.exceptions import AMQPError, NotFound
from celery import Celery
from celery.app.task import Task
from celery.worker.consumer import Consumer as CeleryConsumer
from django.conf import settings
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.exceptions import KombuError

from lykeion.jobs.registry import QUEUES, hard_limit_of

BROKER_ERRORS = (OSError, AMQPError, KombuError)
"""What publishing raises when the broker is away."""
WAIT = 3.0  # seconds for a connection, and for the broker's answer
_GROWN = 1_500_000  # kB; a process that was ever larger is replaced after its job
_ARGUMENTS = {
    "x-queue-type": "quorum",
    "x-consumer-timeout": 2 * 24 * 3600 * 1000,  # ms until a message must be acknowledged; RabbitMQ 3.12 on heeds it
}
_PREFIX = "lykeion."
_LOOK = "lykeion.jobs.look"


@dataclass(frozen=True, slots=True)
class Order:
    """What is sent: which job, and what the worker must know before it looks."""

    job_id: int
    name: str
    queue: str


class Consumer(CeleryConsumer):  # type: ignore[misc]  # Celery has no types
    """Without the step that declares 28 queues for delayed messages: what is not due yet waits in its row."""

    class Blueprint(CeleryConsumer.Blueprint):  # type: ignore[misc]  # Celery has no types
        """The steps that a worker needs."""

        default_steps = [one for one in CeleryConsumer.Blueprint.default_steps if "delayed_delivery" not in one]


@lru_cache(maxsize=1)
def app() -> Celery:
    """The Celery application with its one task."""
    made = Celery("lykeion", broker=settings.LYKEION_BROKER_URL, set_as_current=False)
    made.conf.update(
        task_queues=[_queue(name) for name in QUEUES],
        task_default_queue=_PREFIX + "default",
        task_default_queue_type="quorum",
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],  # never pickles: who may write to the broker may not run code here
        worker_prefetch_multiplier=1,
        worker_consumer="lykeion.jobs.broker:Consumer",
        worker_enable_remote_control=False,  # its queue is transient, which RabbitMQ gives up
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,  # the lease holds on; the message again is nothing
        broker_connection_timeout=WAIT,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_channel_error_retry=True,  # an older RabbitMQ cuts off who does one job for longer than half an hour
        worker_enable_prefetch_count_reduction=False,  # on quorum queues it would never be restored
        worker_proc_alive_timeout=60,  # seconds that a new process may take to begin
        worker_max_memory_per_child=_GROWN,
        broker_transport_options={"confirm_publish": True, "read_timeout": WAIT, "write_timeout": WAIT},
        broker_heartbeat=30,
    )
    made.task(name=_LOOK)(_look)
    return made


def _look(job_id: int) -> None:
    from lykeion.jobs.worker import do_one  # the sender, which every web process has, does without it

    do_one(job_id)


def _queue(name: str) -> Any:
    made: Any = Queue  # Kombu has no types
    return made(_PREFIX + name, routing_key=_PREFIX + name, queue_arguments=_ARGUMENTS)


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection that gives up soon. Raises one of :data:`BROKER_ERRORS`."""
    with app().connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=WAIT)
        yield connection


def send(connection: Connection, orders: Sequence[Order]) -> None:
    """Sends ``orders``; returns once the broker has confirmed all. Raises one of :data:`BROKER_ERRORS`."""
    task: Task[Any, Any] = app().tasks[_LOOK]
    with app().amqp.Producer(connection) as producer:
        for order in orders:
            hard = hard_limit_of(order.name).total_seconds() + 5  # the worker's own end comes first
            task.apply_async(
                [order.job_id], queue=_PREFIX + order.queue, producer=producer, retry=False, time_limit=hard
            )


def depths(connection: Any) -> dict[str, int]:
    """How many messages wait in each queue; a queue that is not there has none."""
    return {name: _depth(connection, name) for name in QUEUES}


def _depth(connection: Any, name: str) -> int:
    with connection.channel() as channel:
        try:
            queue: Any = _queue(name)
            return int(queue.bind(channel).queue_declare(passive=True).message_count)
        except NotFound:
            return 0


def serve(queues: Sequence[str], processes: int) -> None:
    """Does jobs of ``queues`` in so many processes until SIGTERM; finishes those at hand first."""
    app().Worker(
        queues=[_PREFIX + name for name in queues],
        concurrency=processes,
        hostname=f"{'-'.join(queues)}@{gethostname()}",
        pool="prefork",
        without_gossip=True,
        without_mingle=True,
        loglevel=settings.LYKEION_LOG_LEVEL,
        quiet=True,
    ).start()
