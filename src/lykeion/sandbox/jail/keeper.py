"""The process that is always there: small, it holds the socket and starts the rest when the first request comes."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

from lykeion.sandbox.jail import isolate, kernel, nursery, wire
from lykeion.sandbox.jail.plan import MB, Plan

BACKLOG: Final = 4096
_HEARD_OUT: Final = 1.0  # seconds that a request may take when all are refused
_LONGEST_REASON: Final = 2000  # characters
_TOO_WEAK, _CANNOT_START = 3, 4


def keep(plan: Plan) -> NoReturn:
    """Serves for ever: on SIGTERM everything below ends with this process."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    isolate.clear_all(plan.scratch)
    listener = _listen(plan.socket)
    try:
        while True:
            select.select([listener], [], [])
            began = time.monotonic()
            status, told = _serve(plan, listener)
            if status or told:
                reason = told or f"The prepared process ended with {status}."
                print(f"lykeion sandbox: {reason}", file=sys.stderr, flush=True)
                if told or time.monotonic() - began < plan.pause_seconds:
                    _refuse(listener, reason, plan)
    finally:
        with suppress(FileNotFoundError):
            Path(plan.socket).unlink()


def _listen(path: str) -> socket.socket:
    """The socket; nobody but this user may connect. It has its name once it listens, so who finds it is not refused."""
    place = Path(path)
    unnamed = place.with_name(f"{place.name[:-1]}~")  # no longer: the kernel allows few characters
    for old in (place, unnamed):
        old.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(str(unnamed))
    finally:
        os.umask(before)
    listener.listen(BACKLOG)
    unnamed.rename(place)
    return listener


def _serve(plan: Plan, listener: socket.socket) -> tuple[int, str]:
    """Lets a nursery work until it is idle; how it ended, and why it could not work, if it says so."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(told)
        _go_apart(plan, listener, tell)
    os.close(tell)
    _, status = os.waitpid(pid, 0)
    with os.fdopen(told, errors="replace") as words:
        return os.waitstatus_to_exitcode(status), words.read(_LONGEST_REASON)


def _go_apart(plan: Plan, listener: socket.socket, tell: int) -> NoReturn:
    """A process whose child is the first in its namespaces; it lives as long as that one."""
    status = _CANNOT_START
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        kernel.end_with_parent(signal.SIGKILL)
        level = isolate.leave(plan)
        pid = os.fork()
        if pid == 0:
            _nurse(plan, level, listener, tell)
        os.close(tell)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except isolate.TooWeak as weakness:
        status = _TOO_WEAK
        os.write(tell, str(weakness).encode())
    except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
        traceback.print_exc()
    finally:
        os._exit(status if 0 <= status < 256 else _CANNOT_START)


def _nurse(plan: Plan, level: str, listener: socket.socket, tell: int) -> NoReturn:
    status = _CANNOT_START
    try:
        kernel.end_with_parent(signal.SIGKILL)
        nursery.run(plan, level, listener)
        status = 0
    except nursery.CannotStart as error:
        os.write(tell, str(error).encode())
    except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
        traceback.print_exc()
    finally:
        os._exit(status)


def _refuse(listener: socket.socket, reason: str, plan: Plan) -> None:
    """For a while, tells everybody who asks why nothing can be run; once they have asked, for who is cut short in the
    middle of a request does not hear the reply."""
    until = time.monotonic() + plan.pause_seconds
    while (left := until - time.monotonic()) > 0:
        ready, _, _ = select.select([listener], [], [], left)
        if ready:
            connection, _ = listener.accept()
            connection.settimeout(_HEARD_OUT)
            with connection, suppress(OSError):
                with suppress(wire.Broken):
                    wire.receive(connection, plan.request_mb * MB)
                wire.send(connection, {"unavailable": reason})
