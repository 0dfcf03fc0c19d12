"""Servers under test: started on loopback, charged by the operating system's accounts, stopped by id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers, its process id, and how long it took to answer (seconds)."""

    port: int
    pid: int
    start_seconds: float

    def cpu_seconds(self) -> float:
        """User and system time of the process and everything below it, so far."""
        return sum(_cpu(pid) for pid in family(self.pid))

    def memory(self) -> int:
        """Resident bytes of the process and everything below it."""
        return sum(_resident(pid) for pid in family(self.pid))


@contextmanager
def server(command: list[str], environ: dict[str, str], port: int) -> Iterator[Server]:
    """Runs ``command`` until the block ends; it has a minute to answer on ``port``."""
    began = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=sys.stderr)
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - began > 60:
                raise RuntimeError(f"{' '.join(command[:3])} does not answer on port {port}")
            time.sleep(0.02)
        yield Server(port, process.pid, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def family(pid: int) -> list[int]:
    """``pid`` and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except FileNotFoundError:  # it ended while we looked
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
