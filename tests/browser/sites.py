"""Sites as people run them: `lykeion up` on the column that this run of the tests is for, with its own databases."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.processes import free_port, running, wait_until_it_answers

PATIENCE = 60_000  # milliseconds that a browser waits for anything, on a machine that has other tests to run as well
LYKEION = [sys.executable, "-m", "lykeion"]


@contextmanager
def serving(home: Path, *, before: list[list[str]], once: str = "", **settings: str) -> Iterator[str]:
    """The address of a site in ``home`` on which the commands ``before`` were run; stopped when the block ends.

    ``once`` names what the commands make: without servers, one process makes it, and the others take a copy.
    """
    address = f"http://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        environ |= {"LYKEION_HOME": str(home / "var"), "LYKEION_SITE_URL": address, **settings}
        environ |= stack.enter_context(_databases(environ))
        if environ.get("LYKEION_DATABASE_URL") or environ.get("LYKEION_CONTENT_URL"):
            _run(before, environ)
        elif once:
            shutil.copytree(_made_once(once, before, environ), home / "var")
        elif before[:1] == [["seed"]]:
            bare = {name: value for name, value in environ.items() if not name.startswith("LYKEION_")}
            shutil.copytree(_made_once("seeded", before[:1], bare), home / "var")
            _run(before[1:], environ)
        else:
            _run(before, environ)
        log = home / "up.log"
        process = stack.enter_context(running([*LYKEION, "up"], environ, log))
        wait_until_it_answers(f"{address}/heartbeat", process, log)
        yield address


def _run(commands: list[list[str]], environ: Mapping[str, str]) -> None:
    for command in commands:
        subprocess.run([*LYKEION, *command], env=environ, check=True, timeout=240)


def _made_once(name: str, commands: list[list[str]], environ: Mapping[str, str]) -> Path:
    """A home on which the commands were run, by the first process that asks for it."""
    home = _shared() / name
    with (_shared() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            making = home.with_suffix(".making")
            _run(commands, {**environ, "LYKEION_HOME": str(making)})
            making.rename(home)
    return home


@cache
def _shared() -> Path:
    """The folder of homes that all processes of ``tests/run.py`` share; one's own without it."""
    if given := os.environ.get("LYKEION_TEST_HOMES"):
        return Path(given)
    folder = Path(tempfile.mkdtemp(prefix="lykeion-homes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


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
