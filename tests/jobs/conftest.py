"""Jobs of the tests, and a home of its own with a real database file for tests with several processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import psutil
import pytest

from lykeion.core.databases import database
from lykeion.jobs import registry

MYSQL = "LYKEION_TEST_MYSQL_URL"

WORKER = Path(__file__).parent / "worker_process.py"


class Home:
    """A site that processes share, in ``folder``, on the database and the broker of these addresses (without one:
    SQLite, none). A clerk orders and looks in its name: the process ``worker_process.py``, and parent of others."""

    def __init__(self, folder: Path, database: str = "", broker: str = "") -> None:
        root = str(Path(__file__).resolve().parents[2])
        given = {name: value for name, value in os.environ.items() if not name.startswith(("LYKEION_", "DJANGO_"))}
        ours = {"JOBS_LOG": str(folder / "log"), "JOBS_DATABASE": database, "JOBS_BROKER": broker}
        self.folder = folder
        self.environ = {**given, **ours, "PYTHONPATH": root}

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        self._clerk = subprocess.Popen(self.command("clerk"), env=self.environ, stdin=pipe, stdout=pipe, text=True)
        self.run("migrate")
        return self

    def __exit__(self, *_: object) -> None:
        for one in psutil.Process(self._clerk.pid).children():
            one.kill()
        self._clerk.communicate(timeout=60)

    def command(self, *words: str) -> list[str]:
        """The helper script, with these words."""
        return [sys.executable, str(WORKER), *words]

    def run(self, *words: str) -> Any:
        """Lets the clerk do what these words say; its answer."""
        asked, told = self._clerk.stdin, self._clerk.stdout
        assert asked is not None and told is not None
        print(json.dumps(words), file=asked, flush=True)
        answer = told.readline()
        assert answer, f"it did not {words}"
        return json.loads(answer)

    def start(self, *words: str) -> int:
        """Starts a child of the clerk that does what these words say, and ends with the clerk at the latest; its id."""
        pid: int = self.run("fork", *words)
        return pid

    def clear(self) -> None:
        """As it was in the beginning."""
        self.run("clear")
        for name in ("log", "stop", "go"):
            (self.folder / name).unlink(missing_ok=True)


@pytest.fixture(scope="module", params=["sqlite", *(["mysql"] if os.environ.get(MYSQL) else [])])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home on each kind of database that is there."""
    with (
        _mysql(os.environ[MYSQL]) if request.param == "mysql" else nullcontext("") as url,
        Home(tmp_path_factory.mktemp("home"), url) as made,
    ):
        yield made


@pytest.fixture
def home(site: Home) -> Home:
    """An empty home, on each kind of database."""
    site.clear()
    return site


@contextmanager
def _mysql(url: str) -> Iterator[str]:
    """The address of a throw-away database on the server at ``url``."""
    name = f"test_jobs_{uuid.uuid4().hex[:8]}"
    server = connection_to(url)
    server.cursor().execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        server.cursor().execute(f"DROP DATABASE {name}")
        server.close()


def connection_to(url: str, **more: Any) -> Any:
    """A connection of the driver's own to the server at ``url``."""
    import MySQLdb  # the driver is an extra

    settings = database(url, Path())
    named = {"host": settings["HOST"], "port": int(settings["PORT"]), "user": settings["USER"]}
    return MySQLdb.connect(**named, password=settings["PASSWORD"], **more)


@pytest.fixture
def registered() -> Iterator[None]:
    """Jobs that a test registers are gone afterwards."""
    before = dict(registry._kinds)
    yield
    registry._kinds.clear()
    registry._kinds.update(before)
