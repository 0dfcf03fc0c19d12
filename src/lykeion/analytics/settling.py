"""Settled days: each event once, sorted by course and time, in one file for each kind and day; and who did how much.

Metrics read these. A day is settled anew when ingest changed anything in it, also long afterwards, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyarrow.fs import FileInfo
from xxhash import xxh3_64_hexdigest

from lykeion.analytics.engine import Engine
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import SCHEMAS, Lake
from lykeion.analytics.metrics.activity import daily_activity
from lykeion.analytics.metrics.tables import ACTIVITY, Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

_STATE: Final = "settled.json"
_ORDER: Final = ("course_id", "time", "event_id")
Progress = Callable[[int, int], None]
"""Days settled, days in all."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is settled: day -> a word that changes whenever anything in the day does."""

    days: dict[str, str]


def settle(engine: Engine, progress: Progress | None = None) -> list[str]:
    """Settles the days in which something changed; which they are. Raises ``LakeError`` when somebody else writes."""
    lake = engine.lake
    with lake.writing():
        found = {kind: lake.days(kind) for kind in KINDS}
        known: dict[str, dict[str, str]] = lake.read_json(_STATE) or {}
        dirty = sorted({day for kind in KINDS for day in _changed(found[kind], known.get(kind, {}))})
        for place, day in enumerate(dirty):
            for kind in KINDS:
                known.setdefault(kind, {})
                _settle(engine, kind, day, found[kind].get(day, []), known[kind])
            told = tables(engine, days=[day])
            active = partial(_active, told)
            engine.save("activity", active, ACTIVITY, "settled", "activity", f"dt={day}")
            lake.write_json(known, _STATE)
            if progress is not None:
                progress(place + 1, len(dirty))
    return dirty


def state(lake: Lake) -> Settled:
    """What is settled now."""
    known: dict[str, dict[str, str]] = lake.read_json(_STATE) or {}
    words: dict[str, list[str]] = {}
    for kind, days in sorted(known.items()):
        for day, word in days.items():
            words.setdefault(day, []).append(f"{kind}:{word}")
    return Settled({day: xxh3_64_hexdigest(" ".join(found).encode()) for day, found in words.items()})


def tables(engine: Engine, *, days: Iterable[str] | None = None, courses: Iterable[str] | None = None) -> Tables:
    """The settled tables: of all days or of some, of all courses or of some. The next call replaces what they hold."""
    wanted = None if days is None else set(days)
    chosen = None if courses is None else list(courses)
    read = {kind: _read(engine, kind, schema, wanted, chosen) for kind, schema in SCHEMAS.items()}
    return Tables(**read, activity=_read(engine, "activity", ACTIVITY, wanted, chosen))


def _read(engine: Engine, kind: str, schema: pa.Schema, days: set[str] | None, courses: list[str] | None) -> ir.Table:
    found = engine.lake.days(f"settled/{kind}")
    files = [one.path for day, several in found.items() if days is None or day in days for one in several]
    return engine.read(f"settled_{kind}", files, schema, courses=courses)


def _changed(found: dict[str, list[FileInfo]], known: dict[str, str]) -> set[str]:
    there = {day: _word(files) for day, files in found.items()}
    return {day for day in {*there, *known} if there.get(day) != known.get(day)}


def _word(files: list[FileInfo]) -> str:
    return xxh3_64_hexdigest(" ".join(f"{one.base_name}:{one.size}:{one.mtime_ns}" for one in files).encode())


def _settle(engine: Engine, kind: str, day: str, files: list[FileInfo], known: dict[str, str]) -> None:
    if not files:
        engine.lake.keep_only([], "settled", kind, f"dt={day}")
        known.pop(day, None)
        return
    word = _word(files)
    if known.get(day) == word:
        return
    table = engine.read(f"came_{kind}", [one.path for one in files], SCHEMAS[kind])
    once = partial(_once, table)
    engine.save(("once", kind), once, SCHEMAS[kind], "settled", kind, f"dt={day}")
    known[day] = word


def _active(told: Tables) -> ir.Table:
    """Who did how much, in order."""
    return daily_activity(told).order_by("course_id", "user_id")


def _once(table: ir.Table) -> ir.Table:
    """Each event once, in order."""
    return table.distinct(on="event_id").order_by(*_ORDER).select(table.columns)
