"""Starts the sandbox: a process that knows nothing of the site it works for."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import lykeion
from lykeion.sandbox.client import Sandbox
from lykeion.sandbox.jail.plan import Plan
from lykeion.sandbox.types import Unavailable

_SOURCE: Final = str(Path(lykeion.__file__).resolve().parent.parent)
_BULK_PATIENCE: Final = 600.0  # seconds: nobody sits before a page and waits
_READY_WITHIN: Final = 10.0  # seconds until the socket must be there; the libraries are loaded later


def command(plan: Plan, python: str = sys.executable) -> list[str]:
    """The words that start a sandbox."""
    return [python, "-s", "-P", "-m", "lykeion.sandbox.jail", plan.text()]


def environment() -> dict[str, str]:
    """All that the sandbox learns of its surroundings: no settings, no secrets; the same order of sets every time."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": _SOURCE,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


@contextmanager
def private_sandbox(*, running: int | None = None, python: str = sys.executable, **plan: object) -> Iterator[Sandbox]:
    """A sandbox for the time of a command or a test. Raises Unavailable when it does not start."""
    with tempfile.TemporaryDirectory(prefix="lykeion-sandbox-") as folder:
        scratch = Path(folder) / "scratch"
        scratch.mkdir()
        chosen = Plan(
            socket=f"{folder}/socket",
            scratch=str(scratch),
            running=running or os.cpu_count() or 2,
            **plan,  # type: ignore[arg-type]  # names of the plan's own fields
        )
        with subprocess.Popen(command(chosen, python), env=environment()) as process:  # noqa: S603 - words of our own
            try:
                _wait_for(Path(chosen.socket), process)
                yield Sandbox(Path(chosen.socket), _BULK_PATIENCE)
            finally:
                process.terminate()


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_WITHIN
    while not path.exists():
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
            raise Unavailable(f"The sandbox ended at once with {process.returncode}; its messages are above.")
        if time.monotonic() > until:
            raise Unavailable("The sandbox did not start in time.")
