"""``lykeion sandbox``: the process that runs authors' Python."""

from __future__ import annotations

import os
import signal
import sys
from typing import Final, NoReturn

from lykeion.commands.services import Finding
from lykeion.core.errors import LykeionError
from lykeion.sandbox.api import (
    LEVELS,
    Left,
    Plan,
    Sandbox,
    SandboxError,
    command,
    environment,
    fits_a_socket,
    private_sandbox,
)
from lykeion.sandbox.jail import kernel
from lykeion.sandbox.jail.preload import NAMES

_PROBE: Final = """
import importlib.util
missing = [name for name in modules if importlib.util.find_spec(name) is None]
"""
_STRONGER: Final = (
    "use Linux 5.13 or newer with Landlock, or let its users make namespaces (sysctl user.max_user_namespaces); "
    "only if you trust every author, set LYKEION_SANDBOX_MINIMUM=limits"
)
_MODULES: Final = sorted({name.partition(".")[0] for name in (*NAMES.values(), "random2", "sympy", "symmath")})


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


def ask_running(deploy: bool) -> Finding:
    """Whether the site's sandbox answers. It need not run beside a check of a site that does not."""
    from lykeion import settings  # read when the command runs

    try:
        left = _probed(Sandbox(settings.LYKEION_SANDBOX_SOCKET))
    except SandboxError as error:
        if deploy or settings.LYKEION_SANDBOX_SOCKET.exists():
            return Finding("sandbox", f"does not run authors' Python: {error}", "see that `lykeion sandbox` runs")
        return Finding("sandbox", "is not running; `lykeion up` starts it")
    missing = ", ".join(left.values.get("missing", ()))
    mend = f"install {missing} for its Python (the extra `scripts` of Lykeion)" if missing else ""
    return Finding("sandbox", f"answers (isolation: {left.level})", mend)


def ask_machine() -> Finding:
    """How far this machine can keep authors' Python apart, and whether that is as far as the site asks for."""
    from lykeion import settings  # read when the command runs

    minimum = settings.ENV["LYKEION_SANDBOX_MINIMUM"]
    try:
        with private_sandbox(running=1, minimum="limits", python=python()) as trial:
            level = _probed(trial).level
    except SandboxError as error:
        return Finding("isolation", f"could not be tried: {error}", "see the messages above")
    said = f"of authors' Python on this machine is '{level}' (the site asks for '{minimum}')"
    weaker = LEVELS.index(level) < LEVELS.index(minimum)
    return Finding("isolation", said, _STRONGER if weaker else "")


def _probed(running: Sandbox) -> Left:
    return running.run([_PROBE], seed=1, variables={"modules": _MODULES}, want=["missing"])
