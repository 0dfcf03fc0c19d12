"""Which function does the job of which name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO, Final, Protocol

from lykeion.jobs.types import JobError, Json, UnknownJob

QUEUES: Final = ("high", "mail", "default", "reports")
"""Most urgent first. ``high``: somebody waits at a page; ``reports``: minutes to hours, never in the way of others."""
SLOW: Final = frozenset({"reports"})


class Running(Protocol):
    """What a job's function may use while it runs."""

    @property
    def id(self) -> int:
        """The job's id."""

    @property
    def attempt(self) -> int:
        """1 for the first try."""

    @property
    def kept(self) -> Json:
        """What an earlier try kept by :meth:`progress`, so that this one goes on there; None for the first."""

    def progress(self, done: int, total: int, message: str = "", kept: Json = None) -> None:
        """Shows ``done`` of ``total`` steps; ``kept``, if given, is the job's result until it has one, and what another
        try goes on from. Raises :class:`LeaseLost` when another worker has the job now, and :class:`Cancelled` when
        somebody cancelled it; let both pass."""

    def log(self, text: str) -> None:
        """Adds a line to the job's log, which its page shows (the last 1,000 are kept)."""

    def result_file(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A file to write; when the block ends without an error it is kept as the job's file, called ``name``."""


Work = Callable[[Json, Running], Json]


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered job: its function and how it is treated."""

    name: str
    work: Work
    attempts: int
    priority: int
    forget: bool
    queue: str = "default"
    limit: timedelta = timedelta(hours=1)
    memory_mb: int = 2048
    title: Any = ""  # translated when shown

    @property
    def hard_limit(self) -> timedelta:
        """When its process is ended, should it not have heeded ``limit``."""
        return self.limit + max(timedelta(seconds=5), min(self.limit / 10, timedelta(minutes=5)))

    @property
    def hard_memory_mb(self) -> int:
        """What the system refuses to give its process beyond."""
        return self.memory_mb * 3 // 2


_kinds: dict[str, Kind] = {}


def job(
    name: str,
    *,
    attempts: int = 8,
    priority: int = 0,
    forget: bool = False,
    queue: str = "default",
    limit: timedelta = timedelta(hours=1),
    memory_mb: int = 2048,
    title: Any = "",
) -> Callable[[Work], Work]:
    """Registers ``work(payload, running) -> result`` under ``name``. Payload and result are JSON.

    The function must be idempotent: a worker that is killed makes another one repeat it. It runs outside a
    transaction. ``attempts``: how often it is tried before it counts as failed. Higher ``priority`` goes first
    among those of its ``queue`` (one of :data:`QUEUES`). ``forget``: its row is removed once it is done, and if it
    fails for good or is cancelled nothing is kept but the kind of failure (payloads that hold addresses or links).
    ``title``: what people read where an order of it has no title of its own; lazily translated.

    ``limit`` of time and ``memory_mb`` of memory on top of the worker's own: a job over them fails for good with
    :class:`OverLimit`; should it not heed that, its process is ended (``hard_limit``, ``hard_memory_mb``).
    Raises :class:`JobError` for an unknown queue.
    """
    if queue not in QUEUES:
        raise JobError(f"There is no queue {queue!r} (of job {name!r}); use one of: {', '.join(QUEUES)}.")

    def register(work: Work) -> Work:
        _kinds[name] = Kind(name, work, attempts, priority, forget, queue, limit, memory_mb, title)
        return work

    return register


def forgets(name: str) -> bool:
    """Whether nothing may be kept of job ``name``; an unknown one is kept as it is."""
    return name in _kinds and _kinds[name].forget


def hard_limit_of(name: str) -> timedelta:
    """How long job ``name`` may run at most; an unknown one as long as any that says nothing."""
    found = _kinds.get(name)
    return (found or Kind(name, _nothing, 1, 0, False)).hard_limit


def titled(name: str) -> str:
    """What job ``name`` is called for people; '' where it has no title."""
    found = _kinds.get(name)
    return str(found.title) if found else ""


def _nothing(payload: Json, running: Running) -> Json:
    return None


def kind(name: str) -> Kind:
    """The job registered as ``name``. Raises :class:`UnknownJob`."""
    found = _kinds.get(name)
    if found is None:
        raise UnknownJob(f"There is no job {name!r}; known are: {', '.join(sorted(_kinds)) or 'none'}.")
    return found
