"""The events of logs, and ways to group them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from lykeion.analytics.columnar import sort_out
from lykeion.analytics.kinds import KINDS

Row = dict[str, Any]

DAY = timedelta(days=1)


def rows_of(lines: Sequence[bytes]) -> list[Row]:
    """The events, in the order of time, each with its ``kind``."""
    rows, _aside, _count = sort_out(lines)
    found = [
        {"kind": kind, **dict(zip([name for name, _type in KINDS[kind]], row, strict=True))}
        for (kind, _day), several in rows.items()
        for row in several
    ]
    return sorted(found, key=lambda row: (row["time"], row["event_type"], row["event_id"]))


def by(rows: Iterable[Row], *names: str) -> list[tuple[tuple[Any, ...], list[Row]]]:
    """Rows that are alike in these columns, in their order."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    return list(groups.items())


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days(first: date, end: date) -> list[date]:
    return [first + DAY * number for number in range((end - first).days)]
