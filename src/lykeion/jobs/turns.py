"""Taking turns: of any number of processes that want to do something now and then, one does."""

from __future__ import annotations

from datetime import datetime, timedelta

from lykeion.jobs.models import Schedule


def take_turn(name: str, at: datetime, *, pause: timedelta) -> bool:
    """Whether it is this process's turn at ``name``; the next is after ``pause``."""
    return move(name, due_of(name, first=at), at + pause, at)


def due_of(name: str, *, first: datetime) -> datetime:
    """When ``name`` is due next; ``first`` when it was never known before."""
    row, _ = Schedule.objects.get_or_create(name=name, defaults={"due": first})
    return row.due


def move(name: str, due: datetime, then: datetime, at: datetime) -> bool:
    """Moves ``name`` from ``due`` to ``then`` if it is due at ``at`` and nobody moved it before."""
    return due <= at and bool(Schedule.objects.filter(name=name, due=due).update(due=then))
