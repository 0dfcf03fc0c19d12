"""``lykeion up``, ``web``, ``worker`` and ``migrate``: the processes of a site."""

from __future__ import annotations

import os
import sys
from threading import Event, Thread
from urllib.parse import urlsplit

from lykeion.commands.seed import seed
from lykeion.commands.services import migrations_waiting, require_services
from lykeion.commands.start import start
from lykeion.core.errors import LykeionError


def up(port: int | None, demo: bool) -> int:
    """Migrates, adds the demo if asked to, serves on loopback and runs the jobs until interrupted."""
    if port is not None:
        os.environ.setdefault("LYKEION_SITE_URL", f"http://127.0.0.1:{port}")
    start()
    from django.conf import settings  # settings exist only after start()

    migrate()
    require_services()
    if demo:
        seed()
    stop = Event()
    jobs = Thread(target=_work, args=(stop,), name="jobs")
    jobs.start()
    try:
        _serve("127.0.0.1", port or urlsplit(settings.SITE_URL).port or 8000)
    finally:
        stop.set()
        jobs.join()
    return 0


def web(address: str, port: int) -> int:
    """Serves the site until interrupted."""
    start()
    require_services()
    _serve(address, port)
    return 0


def worker() -> int:
    """Runs background jobs until interrupted."""
    start()
    require_services()
    stop = Event()
    try:
        _work(stop)
    finally:
        stop.set()
    return 0


def migrate() -> int:
    """Brings the database up to date; says nothing when it already is."""
    start()
    from django.core.management import call_command  # Django's registry exists only after start()
    from django.db import DatabaseError

    try:
        waiting = migrations_waiting()
        if waiting:
            print(f"Bringing the database up to date: {waiting} migrations", file=sys.stderr)
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise LykeionError(f"The database does not answer as it should: {error} `lykeion check` says more.") from error
    return 0


def _serve(address: str, port: int) -> None:
    from django.conf import settings  # settings exist only after start()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
    print(f"{settings.SITE_NAME} is at http://{address}:{port} (stop with Ctrl+C)", file=sys.stderr)
    Granian(
        "lykeion.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.ENV["LYKEION_WORKERS"],
        blocking_threads=settings.ENV["LYKEION_THREADS"],
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


def _work(stop: Event) -> None:
    from lykeion.jobs import api as jobs  # models exist only after start()

    jobs.enqueue("catalog.catch_up", None, key="catalog.catch_up")
    jobs.work_forever(stop)
