"""Jobs of the tests, and a home of its own with a real database file for tests with several processes."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from lykeion.core.databases import database
from lykeion.jobs import registry

MYSQL = "LYKEION_TEST_MYSQL_URL"

WORKER = Path(__file__).parent / "worker_process.py"


@dataclass(frozen=True)
class Home:
    """A site on disk that processes share."""

    environ: dict[str, str]
    folder: Path

    def command(self, *words: str) -> list[str]:
        """The helper script, with these words."""
        return [sys.executable, str(WORKER), *words]

    def run(self, *words: str) -> str:
        """Runs the helper script to its end; what it printed."""
        done = subprocess.run(self.command(*words), env=self.environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Starts the helper script; the caller ends it."""
        return subprocess.Popen([sys.executable, str(WORKER), *words], env=self.environ, text=True)


@pytest.fixture(params=["sqlite", "mysql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A migrated home, on each kind of database."""
    root = str(Path(__file__).resolve().parents[2])
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("LYKEION_", "DJANGO_"))}
    environ |= {"PYTHONPATH": root, "JOBS_LOG": str(tmp_path / "log")}
    with _mysql() if request.param == "mysql" else nullcontext("") as url:
        made = Home(environ | {"JOBS_DATABASE": url}, tmp_path)
        made.run("migrate")
        yield made


@contextmanager
def _mysql() -> Iterator[str]:
    """The address of a throw-away database on the server of the environment."""
    url = os.environ.get(MYSQL)
    if not url:
        pytest.skip(f"set {MYSQL}=mysql://user:password@host:port/name to try a MariaDB or MySQL server")
    name = f"test_jobs_{uuid.uuid4().hex[:8]}"
    import MySQLdb  # the driver is an extra

    server = MySQLdb.connect(**_connection(url))
    server.cursor().execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        server.cursor().execute(f"DROP DATABASE {name}")
        server.close()


def drop_connections(url: str) -> None:
    """Ends every connection to a throw-away database, as a restart of its server does; SQLite has none."""
    if not url:
        return
    import MySQLdb  # the driver is an extra

    server = MySQLdb.connect(**_connection(url))
    cursor = server.cursor()
    cursor.execute("SELECT id FROM information_schema.processlist WHERE db = %s", [urlsplit(url).path[1:]])
    for (one,) in cursor.fetchall():
        cursor.execute("KILL %s", [one])
    server.close()


def _connection(url: str) -> dict[str, Any]:
    settings = database(url, Path())
    named = {"host": settings["HOST"], "port": int(settings["PORT"]), "user": settings["USER"]}
    return named | {"password": settings["PASSWORD"]}


@pytest.fixture
def registered() -> Iterator[None]:
    """Jobs that a test registers are gone afterwards."""
    before = dict(registry._kinds)
    yield
    registry._kinds.clear()
    registry._kinds.update(before)
