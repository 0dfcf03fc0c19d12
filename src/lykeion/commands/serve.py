"""``lykeion up``, ``web`` and ``migrate``: a site, and what it needs first."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lykeion.commands.family import ENDINGS, Kept, when_orphaned
from lykeion.commands.seed import seed
from lykeion.commands.services import migrations_waiting, require_services
from lykeion.commands.start import start
from lykeion.core.errors import LykeionError

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

_LYKEION = [sys.executable, "-m", "lykeion"]


def up(port: int | None, demo: bool) -> int:
    """Migrates, adds the demo if asked to, serves on loopback, runs jobs and authors' Python until interrupted.

    The server forks its web processes, and no connection to a database may be open across a fork (SQLite then takes
    locks of the parent for its own, for ever); so this process opens none: it lets others do the work.
    """
    if port is not None:
        os.environ.setdefault("LYKEION_SITE_URL", f"http://127.0.0.1:{port}")
    from lykeion.settings import SITE_URL  # read once the address is known

    port = port or urlsplit(SITE_URL).port or 8000
    _require_free("127.0.0.1", port)
    wrong = _prepare("--migrate", *(["--demo"] if demo else []))
    if wrong:
        return wrong
    jobs = Kept("The process of the jobs", [*_LYKEION, "worker", "--with-parent"])
    sandbox = Kept("The sandbox", [*_LYKEION, "sandbox", "--with-parent"])
    with jobs, sandbox:
        _serve("127.0.0.1", port)
    return 0


def web(address: str, port: int) -> int:
    """Serves the site until interrupted. As :func:`up`, this process opens no connection."""
    _require_free(address, port)
    wrong = _prepare()
    if not wrong:
        _serve(address, port)
    return wrong


def prepare(migrate_first: bool, demo: bool) -> int:
    """Makes ready to serve. Raises :class:`LykeionError` naming the first service that does not answer."""
    start()
    if migrate_first:
        migrate()
    require_services()
    if demo:
        seed()
    return 0


def _require_free(address: str, port: int) -> None:
    """Raises :class:`LykeionError` when somebody listens there. The server shares its port among its processes
    (``SO_REUSEPORT``), so a second site would get every other request of the first, and neither would say so."""
    try:
        family, kind, *_rest, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that just ended do not count
            one.bind(place)
    except OSError as error:
        raise LykeionError(
            f"Nothing can be served on {address}:{port} ({error.strerror}): stop what listens there, or choose another"
            " port, such as `PORT=8010 make up` or --port 8010."
        ) from error


def _prepare(*options: str) -> int:
    command = [*_LYKEION, "prepare", *options]
    return subprocess.run(command, check=False).returncode  # noqa: S603  # ourselves, with words of our own


def migrate(expand_only: bool = False) -> int:
    """Brings the database up to date; says nothing when it already is.

    ``expand_only``: raises :class:`LykeionError`, with nothing changed, when code of before could not go on.
    """
    start()
    from django.core.management import call_command  # Django's registry exists only after start()
    from django.db import DatabaseError

    try:
        waiting = migrations_waiting()
        if waiting:
            if expand_only:
                _refuse_what_contracts()
            print(f"Bringing the database up to date: {waiting} migrations", file=sys.stderr)
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise LykeionError(f"The database does not answer as it should: {error} `lykeion check` says more.") from error
    return 0


def _refuse_what_contracts() -> None:
    from lykeion.commands.expanding import unsafe_waiting  # Django's registry exists only after start()

    unsafe = unsafe_waiting()
    if unsafe:
        raise LykeionError(
            "Running code of an earlier release could not bear these changes; nothing was changed:\n  "
            + "\n  ".join(unsafe)
            + "\nRelease first what no longer needs the old, or stop the site and migrate without --expand-only."
        )


def _serve(address: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from lykeion import settings  # read once the address is known; Django itself is for the web processes

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
    _let_children_hear()
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
        workers_kill_timeout=settings.ENV["LYKEION_STOP_SECONDS"],
        log_level=LogLevels.warning,
    ).serve(target_loader=partial(_application, os.getpid()))


def _let_children_hear() -> None:
    """A web process that is asked to end while it still loads does so at once. Without this it would take the signal
    for the server that forked it, and be waited for; once it serves, the server's library gives it ears of its own."""

    def end_when_asked() -> None:
        for one in ENDINGS:
            signal.signal(one, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)

    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, ENDINGS),
        after_in_child=end_when_asked,
        after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, ENDINGS),
    )


def _application(server: int, target: str) -> WSGIHandler:
    """In a web process: what answers requests. The process ends with the server that forked it, however that ended."""
    when_orphaned(server, partial(os.kill, os.getpid(), signal.SIGTERM))
    module, _, name = target.partition(":")
    application: WSGIHandler = getattr(import_module(module), name)
    return application
