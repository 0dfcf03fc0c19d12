"""The one place that asks the machine for the time; everything else takes time as an argument."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

# What MySQL can hold begins in 1000. Both ends leave room for days of grace and for every time zone.
EARLIEST: Final = datetime(1000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def within_reach(moment: datetime) -> datetime:
    """``moment``, or the nearest one between EARLIEST and LATEST: days of grace and time zones work on all of those."""
    return min(max(moment, EARLIEST), LATEST)
