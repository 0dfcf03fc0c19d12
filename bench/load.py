"""A closed loop of logged-in users: each sends its next request when the last is answered."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.processes import Server


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a user; ``headers`` hold its session."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What a loop saw: requests per second, CPU milliseconds per request, latencies in milliseconds, bytes."""

    rate: float
    cpu: float
    p50: float
    p95: float
    size: int


def run(server: Server, users: int, seconds: float, request: Callable[[int, int], Request]) -> Load:
    """``users`` loops of ``request(user, turn)`` for ``seconds``. Raises on any answer that is not 2xx."""
    _loop(server.port, 0, time.monotonic() + seconds / 10, request)  # warm
    before, began = server.cpu_seconds(), time.monotonic()
    with ThreadPoolExecutor(users) as pool:
        loops = [pool.submit(_loop, server.port, user, began + seconds, request) for user in range(users)]
    results = [loop.result() for loop in loops]
    elapsed, cpu = time.monotonic() - began, server.cpu_seconds() - before
    times = sorted(taken for loop in results for taken, _ in loop)
    return Load(
        rate=len(times) / elapsed,
        cpu=cpu / len(times) * 1000,
        p50=statistics.median(times) * 1000,
        p95=times[int(len(times) * 0.95)] * 1000,
        size=results[0][-1][1],
    )


def mean(loads: Sequence[Load]) -> Load:
    """Several measurements of the same as one."""
    columns = {name: statistics.fmean(getattr(one, name) for one in loads) for name in ("rate", "cpu", "p50", "p95")}
    return Load(**columns, size=loads[-1].size)


def _loop(port: int, user: int, until: float, request: Callable[[int, int], Request]) -> list[tuple[float, int]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    seen: list[tuple[float, int]] = []
    turn = 0
    while time.monotonic() < until or not seen:
        asked = request(user, turn)
        began = time.monotonic()
        connection.request(asked.method, asked.path, asked.body, asked.headers)
        response = connection.getresponse()
        body = response.read()
        if not 200 <= response.status < 300:
            raise RuntimeError(f"{asked.method} {asked.path} answered {response.status}: {body[:300]!r}")
        seen.append((time.monotonic() - began, len(body)))
        turn += 1
    connection.close()
    return seen
