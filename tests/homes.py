"""Homes of sites that processes of ``tests/run.py`` share: the first that wants one makes it, the others copy it."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

LYKEION = [sys.executable, "-m", "lykeion"]
GIVEN = {name: value for name, value in os.environ.items() if not name.startswith(("LYKEION_", "DJANGO_"))}


def migrated(home: Path) -> Path:
    """Makes ``home`` one on embedded defaults whose database is up to date."""
    return copied("migrated", home, lambda making: at_home(making, "migrate"))


def seeded(home: Path) -> Path:
    """Makes ``home`` one on embedded defaults with the demo course and its people."""
    return copied("seeded", home, lambda making: at_home(making, "seed"))


def copied(name: str, home: Path, make: Callable[[Path], object]) -> Path:
    """A copy, in ``home``, of what ``make`` left in the folder that it was given."""
    shared = _shared() / name
    with (_shared() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            making = shared.with_suffix(".making")
            make(making)
            making.rename(shared)
    shutil.copytree(shared, home, dirs_exist_ok=True)
    return home


def at_home(home: Path, *command: str, **settings: str) -> None:
    """Runs ``lykeion COMMAND`` for the site in ``home``."""
    environ = {**GIVEN, **settings, "LYKEION_HOME": str(home)}
    subprocess.run([*LYKEION, *command], env=environ, check=True, timeout=240)


@cache
def _shared() -> Path:
    """The folder of those homes; one's own without ``tests/run.py``."""
    if given := os.environ.get("LYKEION_TEST_HOMES"):
        return Path(given)
    folder = Path(tempfile.mkdtemp(prefix="lykeion-homes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
