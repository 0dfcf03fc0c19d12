"""A site of jobs alone that several processes share. Loads neither Django's models nor pytest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import psutil

from lykeion.core.databases import database

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


def connection_to(url: str, **more: Any) -> Any:
    """A connection of the driver's own to the server at ``url``."""
    import MySQLdb  # the driver is an extra

    settings = database(url, Path())
    named = {"host": settings["HOST"], "port": int(settings["PORT"]), "user": settings["USER"]}
    return MySQLdb.connect(**named, password=settings["PASSWORD"], **more)


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Waits for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def noted(home: Home) -> list[str]:
    """What the jobs wrote."""
    log = Path(home.environ["JOBS_LOG"])
    return log.read_text().splitlines() if log.exists() else []
