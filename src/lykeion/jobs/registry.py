"""Which function does the job of which name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lykeion.jobs.types import JobError, Json


class Running(Protocol):
    """What a job's function may use while it runs."""

    @property
    def id(self) -> int:
        """The job's id."""

    @property
    def attempt(self) -> int:
        """1 for the first try."""

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Shows ``done`` of ``total`` steps. Raises :class:`LeaseLost` when another worker has the job now."""


Work = Callable[[Json, Running], Json]


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered job: its function and how it is treated."""

    name: str
    work: Work
    attempts: int
    priority: int
    forget: bool


_kinds: dict[str, Kind] = {}


def job(name: str, *, attempts: int = 8, priority: int = 0, forget: bool = False) -> Callable[[Work], Work]:
    """Registers ``work(payload, running) -> result`` under ``name``. Payload and result are JSON.

    The function must be idempotent: a worker that is killed makes another one repeat it. It runs outside a
    transaction. ``attempts``: how often it is tried before it counts as failed. Higher ``priority`` goes first.
    ``forget``: its row is removed once it is done, and if it fails for good nothing is kept but the kind of failure
    (payloads that hold addresses or links).
    """

    def register(work: Work) -> Work:
        _kinds[name] = Kind(name, work, attempts, priority, forget)
        return work

    return register


def forgets(name: str) -> bool:
    """Whether nothing may be kept of job ``name``; an unknown one is kept as it is."""
    return name in _kinds and _kinds[name].forget


def kind(name: str) -> Kind:
    """The job registered as ``name``. Raises :class:`JobError`."""
    found = _kinds.get(name)
    if found is None:
        raise JobError(f"There is no job {name!r}; known are: {', '.join(sorted(_kinds)) or 'none'}.")
    return found
