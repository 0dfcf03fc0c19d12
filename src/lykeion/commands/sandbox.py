"""``lykeion sandbox``: the process that runs authors' Python."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from lykeion.core.errors import LykeionError
from lykeion.sandbox.api import Plan, command, environment, fits_a_socket
from lykeion.sandbox.jail import kernel


def sandbox(with_parent: bool) -> NoReturn:
    """Becomes the sandbox: a process that knows nothing of the site. Never returns."""
    words = command(plan(), python())
    if with_parent:
        kernel.end_with_parent(signal.SIGTERM)
    os.execve(words[0], words, environment())  # noqa: S606 - a Python that the operator names, with words of our own


def plan() -> Plan:
    """What the settings say of the sandbox. Raises :class:`LykeionError` for a socket that cannot be made."""
    from lykeion import settings  # read when the command runs

    socket = settings.LYKEION_SANDBOX_SOCKET
    if not fits_a_socket(socket):
        raise LykeionError(f"{socket} is too long for a socket; set LYKEION_SANDBOX_SOCKET to a shorter path.")
    scratch = settings.HOME / "sandbox" / "scratch"
    for folder in (socket.parent, scratch):
        folder.mkdir(parents=True, exist_ok=True)
    return Plan(
        socket=str(socket),
        scratch=str(scratch),
        minimum=settings.ENV["LYKEION_SANDBOX_MINIMUM"],
        cpu_seconds=settings.ENV["LYKEION_SANDBOX_SECONDS"],
        wall_seconds=2 * settings.ENV["LYKEION_SANDBOX_SECONDS"] + 2,
        memory_mb=settings.ENV["LYKEION_SANDBOX_MEMORY"],
        running=max(4, 2 * (os.cpu_count() or 1)),
    )


def python() -> str:
    """The Python that runs authors' code."""
    from lykeion import settings  # read when the command runs

    return settings.ENV["LYKEION_SANDBOX_PYTHON"] or sys.executable
