"""A process that orders or does jobs, for tests that kill it. Not a test itself.

Words: ``migrate``; ``order N``; ``work [LEASE]`` (until it is killed or a file ``stop`` appears); ``states``.
Each try of the job ``slow`` appends ``start <number>`` and ``end <number>`` to the file named by JOBS_LOG.
"""

from __future__ import annotations

import os
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
)
django.setup()

from django.core.management import call_command  # noqa: E402  # models exist only after setup()

from lykeion.jobs import api, claims  # noqa: E402
from lykeion.jobs.models import Job  # noqa: E402


def note(words: str) -> None:
    """One line, whole, from any process."""
    descriptor = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{words}\n".encode())
    os.close(descriptor)


@api.job("slow")
def slow(payload: dict[str, int], running: api.Running) -> str:
    """Takes as long as it is told."""
    note(f"start {payload['number']}")
    time.sleep(payload.get("seconds", 0))
    note(f"end {payload['number']}")
    return "done"


def work(lease: float) -> None:
    """Until a file named ``stop`` stands beside the log."""
    claims.LEASE = timedelta(seconds=lease)
    claims.claim_next.__kwdefaults__["lease"] = claims.extend.__kwdefaults__["lease"] = claims.LEASE
    stop = Event()

    def watch() -> None:
        while not LOG.with_name("stop").exists():
            time.sleep(0.05)
        stop.set()

    Thread(target=watch, daemon=True).start()
    api.work_forever(stop, poll=0.05)


def main(words: list[str]) -> None:
    """Does what ``words`` say."""
    match words:
        case ["migrate"]:
            call_command("migrate", "jobs", verbosity=0)
        case ["order", count, *seconds]:
            for number in range(int(count)):
                api.enqueue("slow", {"number": number, "seconds": float((seconds or ["0"])[0])})
        case ["work", lease]:
            work(float(lease))
        case ["states"]:
            print(" ".join(Job.objects.order_by("id").values_list("state", flat=True)))


main(sys.argv[1:])
