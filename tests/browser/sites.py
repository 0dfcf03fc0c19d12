"""Sites as people run them: `lykeion up` on the column that this run of the tests is for, with its own databases."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests import homes
from tests.processes import free_port, running, wait_until_it_answers

PATIENCE = 60_000  # milliseconds that a browser waits for anything, on a machine that has other tests to run as well


SELDOM = {"LYKEION_ANALYTICS_SECONDS": "86400"}  # nobody looks at the analytics of these sites


@contextmanager
def serving(home: Path, *, before: list[list[str]], once: str = "", **settings: str) -> Iterator[str]:
    """The address of a site in ``home`` on which the commands ``before`` were run; stopped when the block ends.

    ``once`` names what the commands make: without servers, one process makes it, and the others take a copy; as they
    do of a home that is only seeded.
    """
    address = f"http://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        environ |= {"LYKEION_HOME": str(home / "var"), "LYKEION_SITE_URL": address, **SELDOM, **settings}
        environ |= stack.enter_context(_databases(environ))
        if environ.get("LYKEION_DATABASE_URL") or environ.get("LYKEION_CONTENT_URL"):
            _run(before, environ)
        else:
            _make(home / "var", before, once, environ)
        log = home / "up.log"
        process = stack.enter_context(running([*homes.LYKEION, "up"], environ, log))
        wait_until_it_answers(f"{address}/heartbeat", process, log)
        yield address


def _make(var: Path, commands: list[list[str]], once: str, environ: Mapping[str, str]) -> None:
    """A home on which the commands were run; what others have run already is copied."""
    if once:
        homes.copied(once, var, lambda making: _make(making, commands, "", environ))
        return
    seeds = commands[:1] == [["seed"]]
    if seeds:
        homes.seeded(var)
    _run(commands[seeds:], {**environ, "LYKEION_HOME": str(var)})


def _run(commands: list[list[str]], environ: Mapping[str, str]) -> None:
    for command in commands:
        subprocess.run([*homes.LYKEION, *command], env=environ, check=True, timeout=240)


@contextmanager
def _databases(environ: dict[str, str]) -> Iterator[dict[str, str]]:
    """Fresh databases on the servers that ``environ`` names, as settings; dropped when the block ends."""
    name = f"test_site_{uuid.uuid4().hex[:8]}"
    fresh: dict[str, str] = {}
    if environ.get("LYKEION_CONTENT_URL"):
        fresh["LYKEION_CONTENT_URL"] = urlsplit(environ["LYKEION_CONTENT_URL"])._replace(path=f"/{name}").geturl()
    if not environ.get("LYKEION_DATABASE_URL"):
        yield fresh
        return
    url = urlsplit(environ["LYKEION_DATABASE_URL"])
    fresh["LYKEION_DATABASE_URL"] = url._replace(path=f"/{name}").geturl()
    import MySQLdb  # only where there is a MariaDB

    server = MySQLdb.connect(
        host=url.hostname or "",
        port=url.port or 3306,
        user=unquote(url.username or ""),
        passwd=unquote(url.password or ""),
    )
    try:
        server.cursor().execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        yield fresh
        server.cursor().execute(f"DROP DATABASE {name}")
    finally:
        server.close()
