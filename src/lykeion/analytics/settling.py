"""Settled days: each event once, sorted by course and time, in one file for each kind and day; and what is made of each
day alone: who did how much, what with what, what was watched (:data:`PARTIALS`).

Metrics read these. A day is settled anew when ingest changed anything in it, also long afterwards, and nothing else is;
what is made of a day, when anything in it changed that it is made from. How columns came to be is noted: a lake that an
older version settled is brought up to date, kind by kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.fs import FileInfo
from xxhash import xxh3_64_hexdigest

from lykeion.analytics.engine import Engine
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import SCHEMAS, Lake
from lykeion.analytics.metrics.activity import ACTIVE, daily_activity
from lykeion.analytics.metrics.engagement import daily_engagement
from lykeion.analytics.metrics.grades import daily_marks
from lykeion.analytics.metrics.problems import daily_attempts
from lykeion.analytics.metrics.tables import ACTIVITY, ATTEMPTS, ENGAGEMENT, MARKS, VIEWINGS, Tables
from lykeion.analytics.metrics.videos import daily_viewings

if TYPE_CHECKING:
    import ibis.expr.types as ir

_STATE: Final = "settled.json"
_COLUMNS: Final = "columns"
_ORDER: Final = ("course_id", "time", "event_id")
Progress = Callable[[int, int], None]
"""Steps done, steps in all: kinds of days are settled, then what is made of each."""
Words = dict[str, dict[str, str]]
"""Kind or partial -> day -> a word that changes whenever what it was made from does."""
Step = tuple[str, str, str]
"""A kind or a partial, a day of it, and the word of what it is to be made from: '' where nothing is left."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is settled: day -> a word that changes whenever anything in the day does."""

    days: dict[str, str]


@dataclass(frozen=True, slots=True)
class Partial:
    """What is made of each day alone, of the ``kinds``; ``beside``: the days before and after are looked at too.
    ``version`` changes when the definition does."""

    schema: pa.Schema
    make: Callable[[Tables], ir.Table]
    kinds: tuple[str, ...]
    order: tuple[str, ...]
    beside: bool = False
    version: int = 1


PARTIALS: Final[dict[str, Partial]] = {
    "activity": Partial(ACTIVITY, daily_activity, ACTIVE, ("course_id", "user_id"), version=2),
    "engagement": Partial(
        ENGAGEMENT,
        daily_engagement,
        ("problem", "video", "forum", "page", "other"),
        ("course_id", "user_id", "kind", "entity"),
        version=3,
    ),
    "viewings": Partial(
        VIEWINGS,
        daily_viewings,
        ("video",),
        ("course_id", "video_id", "user_id", "first", "last", "length"),
        beside=True,
        version=3,
    ),
    "attempts": Partial(ATTEMPTS, daily_attempts, ("problem",), ("course_id", "problem_id", "user_id")),
    "marks": Partial(MARKS, daily_marks, ("grade",), ("course_id", "user_id")),
}


def settle(engine: Engine, progress: Progress | None = None) -> list[str]:
    """Settles the days in which something changed; which they are. Raises ``LakeError`` when somebody else writes."""
    lake = engine.lake
    with lake.writing():
        files = {kind: lake.days(kind) for kind in KINDS}
        there = {kind: {day: _word(some) for day, some in days.items()} for kind, days in files.items()}
        known = _known(lake)
        changed = _sorted((kind, day, word) for kind in KINDS for day, word in _changed(there[kind], known[kind]))
        behind = _sorted((name, day, word) for name in PARTIALS for day, word in _behind(name, there, known[name]))
        steps, done = len(changed) + len(behind), 0
        for make, several in ((partial(_settle, files=files), changed), (_make, behind)):
            for (name, day, word), _none in engine.each(make, several):
                if word:
                    known[name][day] = word
                else:
                    known[name].pop(day, None)
                _note(lake, known)
                done += 1
                if progress is not None:
                    progress(done, steps)
    return sorted({day for _kind, day, _word in changed})


def _sorted(steps: Iterable[Step]) -> list[Step]:
    """The days in order, whatever is to be done of each."""
    return sorted(steps, key=itemgetter(1))


def _known(lake: Lake) -> Words:
    """What is settled, in the columns of now: kinds that had others are settled anew."""
    told: Words = lake.read_json(_STATE) or {}
    columns = told.get(_COLUMNS) or {kind: _columns_of(lake, kind) for kind in KINDS}
    return {
        **{kind: told.get(kind, {}) if columns.get(kind) == _now(kind) else {} for kind in KINDS},
        **{name: told.get(name, {}) for name in PARTIALS},
    }


def _now(kind: str) -> str:
    return " ".join(SCHEMAS[kind].names)


def _columns_of(lake: Lake, kind: str) -> str:
    """The columns in which a version settled a kind that did not note them."""
    files = lake.files("settled", kind)
    if not files:
        return _now(kind)
    with lake.fs.open_input_file(files[0].path) as file:
        return " ".join(pq.ParquetFile(file).schema_arrow.names)


def _note(lake: Lake, known: Words) -> None:
    lake.write_json({**known, _COLUMNS: {kind: _now(kind) for kind in KINDS}}, _STATE)


def _behind(name: str, there: Words, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The days of which a partial has to be made anew, and the word of what it is made from; '' where that is gone."""
    partial = PARTIALS[name]
    words = {kind: there[kind] for kind in partial.kinds}
    wanted = {}
    for day in {day for kind in words for day in words[kind]}:
        around = _around(day) if partial.beside else [day]
        told = [f"{kind}:{one}:{words[kind].get(one, '')}" for kind in partial.kinds for one in around]
        wanted[day] = xxh3_64_hexdigest(" ".join([str(partial.version), *partial.schema.names, *told]).encode())
    return _changed(wanted, known)


def _around(day: str) -> list[str]:
    at = date.fromisoformat(day)
    return [str(at + timedelta(days=step)) for step in (-1, 0, 1)]


def _make(engine: Engine, step: Step) -> None:
    """Makes what a partial says of a day; removes it where there is nothing to make it from."""
    name, day, word = step
    partial = PARTIALS[name]
    if not word:
        engine.lake.keep_only([], "settled", name, f"dt={day}")
        return
    told = _tables_of(engine, partial, _around(day) if partial.beside else [day])
    wanted = engine.given("wanted", pa.table({"day": pa.array([date.fromisoformat(day)], pa.date32())}))

    def ask() -> ir.Table:
        made = partial.make(told)
        return (made.semi_join(wanted, "day") if partial.beside else made).order_by(*partial.order)

    engine.save(("partial", name), ask, partial.schema, "settled", name, f"dt={day}")


def _tables_of(engine: Engine, partial: Partial, days: list[str]) -> Tables:
    """The settled tables that a partial is made from, of these days; the others are none."""
    read: dict[str, Any] = dict.fromkeys(one.name for one in fields(Tables))
    for kind in partial.kinds:
        files = [one.path for day in days for one in engine.lake.files("settled", kind, f"dt={day}")]
        read[kind] = engine.read(f"settled_{kind}", files, SCHEMAS[kind])
    return Tables(**read)


def state(lake: Lake) -> Settled:
    """What is settled now."""
    known: Words = lake.read_json(_STATE) or {}
    words: dict[str, list[str]] = {}
    for kind in sorted(KINDS):
        for day, word in known.get(kind, {}).items():
            words.setdefault(day, []).append(f"{kind}:{word}")
    return Settled({day: xxh3_64_hexdigest(" ".join(found).encode()) for day, found in words.items()})


def waiting(lake: Lake) -> list[str]:
    """The days in which something changed since they were settled, in order."""
    known = _known(lake)
    changed = (_changed({day: _word(some) for day, some in lake.days(kind).items()}, known[kind]) for kind in KINDS)
    return sorted({day for days in changed for day, _word_of_it in days})


def tables(engine: Engine, *, days: Iterable[str] | None = None, courses: Iterable[str] | None = None) -> Tables:
    """The settled tables: of all days or of some, of all courses or of some. The next call replaces what they hold."""
    wanted = None if days is None else set(days)
    chosen = None if courses is None else list(courses)
    read = {kind: _read(engine, kind, schema, wanted, chosen) for kind, schema in SCHEMAS.items()}
    made = {name: _read(engine, name, partial.schema, wanted, chosen) for name, partial in PARTIALS.items()}
    return Tables(**read, **made)


def _read(engine: Engine, kind: str, schema: pa.Schema, days: set[str] | None, courses: list[str] | None) -> ir.Table:
    found = engine.lake.days(f"settled/{kind}")
    files = [one.path for day, several in found.items() if days is None or day in days for one in several]
    return engine.read(f"settled_{kind}", files, schema, courses=courses)


def _changed(there: dict[str, str], known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The days that are not known as they are now, with their words; '' where nothing is left."""
    for day in {*there, *known}:
        word = there.get(day, "")
        if word != known.get(day, ""):
            yield day, word


def _word(files: list[FileInfo]) -> str:
    return xxh3_64_hexdigest(" ".join(f"{one.base_name}:{one.size}:{one.mtime_ns}" for one in files).encode())


def _settle(engine: Engine, step: Step, files: dict[str, dict[str, list[FileInfo]]]) -> None:
    """Settles a kind's events of a day."""
    kind, day, word = step
    if not word:
        engine.lake.keep_only([], "settled", kind, f"dt={day}")
        return
    table = engine.read(f"came_{kind}", [one.path for one in files[kind][day]], SCHEMAS[kind], older=True)
    engine.save(("once", kind), partial(_once, table), SCHEMAS[kind], "settled", kind, f"dt={day}")


def _once(table: ir.Table) -> ir.Table:
    """Each event once, in order."""
    return table.distinct(on="event_id").order_by(*_ORDER).select(table.columns)
