"""Programs that tests start: none outlives its test, and no test waits for one for ever."""

from __future__ import annotations

import itertools
import os
import random
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

STARTS = 120  # seconds
ENDS = 60
WORKERS = 64  # at most, on one machine


@contextmanager
def running(command: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program that writes to ``log``: nothing of it may hold the output of the tests open. It is asked to end when
    the block does; if it does not it is killed with all that it started, and the test fails."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        _end(process, log)


def _end(process: subprocess.Popen[bytes], log: Path) -> None:
    everyone = _family(process.pid)
    process.terminate()
    try:
        process.wait(ENDS)
    except subprocess.TimeoutExpired:
        for one in [*_family(process.pid), *everyone]:
            _kill(one)
        process.wait(ENDS)
        raise RuntimeError(f"{process.args} did not end when asked to:\n{words_of(log)}") from None


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _kill(one: psutil.Process) -> None:
    try:
        one.kill()
    except psutil.NoSuchProcess:
        return  # that is what was wanted


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once ``address`` answers. Raises :class:`RuntimeError` when the program ended, or after two minutes."""
    until = time.monotonic() + STARTS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10):
                break
        except OSError:  # refused, reset or too slow: not there yet
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the site did not start:\n{words_of(log)}") from None
            time.sleep(0.1)
    if process.poll() is not None:
        raise RuntimeError(f"somebody else answers at {address}:\n{words_of(log)}")


def words_of(log: Path) -> str:
    """The last words of a program."""
    return log.read_text(errors="replace")[-3000:]


def free_port() -> int:
    """A port of this machine that nobody listens at now, and that nobody else is given: each worker of the tests has
    some of its own, all below those that connections go out from."""
    return next(port for port in _ports if _nobody_is_at(port))


def _shuffled_ports() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = list(range(10_000 + worker % WORKERS, 32_000, WORKERS))
    random.Random(os.getpid()).shuffle(own)
    return itertools.cycle(own)


def _nobody_is_at(port: int) -> bool:
    with socket.socket() as free:
        try:
            free.bind(("127.0.0.1", port))
        except OSError:  # somebody is
            return False
        return True


_ports = _shuffled_ports()
