"""A process that orders or does jobs, for tests that kill it. Not a test itself.

Its words are the keys of :data:`DEEDS`. ``work`` goes on until it is killed or a file ``stop`` appears; ``load`` orders
until there is a file ``enough``; ``serve`` is as ``lykeion worker`` with a broker (JOBS_BROKER).
Each try of the job ``slow`` appends ``start <number>`` and ``end <number>`` to the file named by JOBS_LOG; should it
take a negative time, it ends when there is a file ``go``.

The job ``count`` has an effect that must not come twice: it adds to its row of the table ``effects``, a step at a time.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import django
from django.conf import settings

from lykeion.core.databases import database

LOG = Path(os.environ["JOBS_LOG"])
settings.configure(  # jobs alone: a process that starts in half a second
    INSTALLED_APPS=["lykeion.jobs"],
    DATABASES={"default": database(os.environ["JOBS_DATABASE"], LOG.parent)},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    LYKEION_BROKER_URL=os.environ.get("JOBS_BROKER", ""),
    LYKEION_LOG_LEVEL="WARNING",
    LYKEION_JOB_FILES=LOG.parent / "job-files",
)
django.setup()

from django.core.management import call_command  # noqa: E402  # models exist only after setup()
from django.db import Error, close_old_connections, connection, connections, transaction  # noqa: E402

from lykeion.commands import crew  # noqa: E402
from lykeion.jobs import api, claims, tending  # noqa: E402
from lykeion.jobs.models import Job  # noqa: E402


def note(words: str) -> None:
    """One line, whole, from any process."""
    descriptor = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{words}\n".encode())
    os.close(descriptor)


@api.job("slow", attempts=30)
def slow(payload: dict[str, int], running: api.Running) -> str:
    """Takes as long as it is told."""
    note(f"start {payload['number']}")
    time.sleep(max(payload["seconds"], 0))
    while payload["seconds"] < 0 and not LOG.with_name("go").exists():
        time.sleep(0.05)
    note(f"end {payload['number']}")
    return "done"


if settings.LYKEION_BROKER_URL:
    from lykeion.jobs import broker  # Celery is loaded where there is a broker

    del broker._ARGUMENTS["x-consumer-timeout"]  # the broker cuts off whom it wants, as old ones do


class TakenBack(Exception):
    """A change that is rolled back with what it ordered."""


@api.job("count", attempts=30)
def count(payload: dict[str, float], running: api.Running) -> str:
    """Adds to its row as often as there are steps, and shows each in the same transaction: whoever lost the job to
    another worker adds nothing, and another try goes on after the last step."""
    steps = int(payload["steps"])
    note(f"begin {payload['number']} {os.getpid()}")
    for step in range(running.kept or 0, steps):
        time.sleep(payload["seconds"])
        with transaction.atomic():
            execute("UPDATE effects SET count = count + 1 WHERE number = %s", payload["number"])
            running.progress(step + 1, steps, kept=step + 1)
    return "done"


def execute(statement: str, *values: float) -> None:
    """Changes what no model stands for."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def load(pace: float, steps: int) -> None:
    """Orders one job after the other, each with its row; each seventh is taken back, each tenth takes its time."""
    for number in itertools.count():
        if LOG.with_name("enough").exists():
            return
        began = time.monotonic()
        try:
            _change_and_order(number, steps)
            note(f"ordered {number} {time.monotonic() - began}")
        except TakenBack:
            note(f"took-back {number}")
        except Error:  # the database is away, and whoever asked is told so
            note(f"refused {number}")
            close_old_connections()
        time.sleep(pace)


def _change_and_order(number: int, steps: int) -> None:
    with transaction.atomic():
        execute("INSERT INTO effects (number, count) VALUES (%s, 0)", number)
        api.enqueue("count", {"number": number, "steps": steps, "seconds": 0 if number % 10 else 0.3})
        if number % 7 == 6:
            raise TakenBack


def work(lease: float) -> None:
    """Until a file named ``stop`` stands beside the log; there is a file ``stopping`` once that is seen."""
    claims.LEASE = timedelta(seconds=lease)
    stop = Event()

    def watch() -> None:
        while not LOG.with_name("stop").exists():
            time.sleep(0.05)
        stop.set()
        LOG.with_name("stopping").touch()

    Thread(target=watch, daemon=True).start()
    api.work_forever(stop, poll=0.05)


def serve(lease: float) -> None:
    """Does in two processes what the broker hands out (without one: what is there), and sweeps, until it is asked to
    end."""
    claims.LEASE = timedelta(seconds=lease)
    tending.LOST = timedelta(seconds=lease)
    hands = [_by_celery] if settings.LYKEION_BROKER_URL else [api.work_forever, api.work_forever]
    members = [crew.Member(f"worker {place}", work) for place, work in enumerate(hands)]
    crew.run_crew([*members, crew.Member("keeper", api.tend_forever)], parent=os.getppid())


def _by_celery(_stop: Event) -> None:
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)
    api.serve_broker(api.QUEUES, 2)


def order(count: int, seconds: float = 0) -> float:
    """Orders jobs; how many seconds that took."""
    began = time.monotonic()
    for number in range(count):
        api.enqueue("slow", {"number": number, "seconds": seconds})
    return time.monotonic() - began


def migrate() -> None:
    """Makes the tables."""
    call_command("migrate", "jobs", verbosity=0)
    execute("CREATE TABLE effects (number INTEGER PRIMARY KEY, count INTEGER NOT NULL)")


def fork(*words: str) -> int:
    """Does what ``words`` say in a child that shares all that is loaded; its id."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            do(*words)
        except BaseException:  # noqa: BLE001  # a child must not return into what its parent was doing
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def clerk() -> None:
    """Does what each line (words as JSON) says, and answers by a line: a process takes a second to start, this none."""
    for line in sys.stdin:
        print(json.dumps(do(*json.loads(line))), flush=True)


DEEDS: dict[str, Callable[..., object]] = {
    "clerk": clerk,
    "migrate": migrate,
    "clear": lambda: Job.objects.all().delete(),
    "order": lambda count, seconds="0": order(int(count), float(seconds)),
    "load": lambda pace, steps: load(float(pace), int(steps)),
    "loaded": lambda: "celery" in sys.modules,
    "serve": lambda lease: serve(float(lease)),
    "work": lambda lease: work(float(lease)),
    "states": lambda: list(Job.objects.order_by("id").values_list("state", flat=True)),
    "fork": fork,
    "wait": lambda child: os.waitstatus_to_exitcode(os.waitpid(int(child), 0)[1]),
}


def do(*words: str) -> object:
    """What ``words`` say."""
    return DEEDS[words[0]](*words[1:])


do(*sys.argv[1:])
