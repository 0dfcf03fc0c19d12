"""A process that orders or does jobs, for tests that kill it. Not a test itself.

Words: ``migrate``; ``order N``; ``work [LEASE]`` (until it is killed or a file ``stop`` appears); ``states``; with a
broker (JOBS_BROKER): ``serve LEASE`` (as ``lykeion worker``), ``send N`` (orders, and stays until the broker has them).
Each try of the job ``slow`` appends ``start <number>`` and ``end <number>`` to the file named by JOBS_LOG.
"""

from __future__ import annotations

import os
import signal
import sys
import time
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
    time.sleep(payload.get("seconds", 0))
    note(f"end {payload['number']}")
    return "done"


def work(lease: float) -> None:
    """Until a file named ``stop`` stands beside the log."""
    claims.LEASE = timedelta(seconds=lease)
    stop = Event()

    def watch() -> None:
        while not LOG.with_name("stop").exists():
            time.sleep(0.05)
        stop.set()

    Thread(target=watch, daemon=True).start()
    api.work_forever(stop, poll=0.05)


def serve(lease: float) -> None:
    """Does what the broker hands out, in two processes, and sweeps, until it is asked to end."""
    claims.LEASE = timedelta(seconds=lease)
    tending.LOST = timedelta(seconds=lease)
    hands = crew.Member("worker", lambda stop: _by_celery())
    keeper = crew.Member("keeper", lambda stop: api.tend_forever(stop))
    crew.run_crew([hands, keeper], parent=os.getppid())


def _by_celery() -> None:
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)
    api.serve_broker(api.QUEUES, 2)


def order(count: int, seconds: float, first: int = 0) -> None:
    """Orders jobs; prints how many seconds that took."""
    began = time.monotonic()
    for number in range(first, first + count):
        api.enqueue("slow", {"number": number, "seconds": seconds})
    print(time.monotonic() - began)


def main(words: list[str]) -> None:
    """Does what ``words`` say."""
    match words:
        case ["migrate"]:
            call_command("migrate", "jobs", verbosity=0)
        case ["order", count]:
            order(int(count), 0)
        case ["order", count, seconds]:
            order(int(count), float(seconds))
        case ["order", count, seconds, first]:
            order(int(count), float(seconds), int(first))
        case ["send", count]:
            order(int(count), 0)
            while Job.objects.filter(sent=None).exists():
                time.sleep(0.05)
            print(api.ask_broker()["default"])
        case ["loaded"]:
            print("celery" in sys.modules)
        case ["serve", lease]:
            serve(float(lease))
        case ["work", lease]:
            work(float(lease))
        case ["states"]:
            print(" ".join(Job.objects.order_by("id").values_list("state", flat=True)))


main(sys.argv[1:])
