"""Many lines of a tracking log at once -> tables of the lake: what :mod:`~lykeion.analytics.parse` says of each line,
by columns instead of line by line, in half the time.

A line is ordinary when it is decoded at once, its time is written as events write it, and its payload is what its type
promises. All others go to :func:`~lykeion.analytics.parse.parse`, one by one: it alone says what becomes of a line,
and ``tests/analytics/test_columnar.py`` holds that both say the same. Runs on the machines of a cluster too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
from xxhash import xxh3_64_intdigest

from lykeion.analytics.envelope import (
    HALF,
    NO_CONTEXT,
    NOT_AS_PROMISED,
    Envelope,
    Person,
    Unreadable,
    course_of_address,
    decode,
    kept_type,
    of_page,
    source_of,
    valid_course,
    whole,
)
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import SCHEMAS
from lykeion.analytics.parse import parse
from lykeion.analytics.payloads import PAGES, TELLING, Reading, Row, reading_of

Group = tuple[str, str]
"""Kind and day (``2026-11-27``, UTC)."""
Aside = list[tuple[str, bytes]]
"""Lines that are no events, each with its reason before it; of many the first as they are, the others empty."""
Numbers = np.ndarray[Any, Any]
Column = Any
"""Values, or an Arrow array."""

_SHAPE: Final = np.frombuffer(b"0000-00-00T00:00:00.000000+00:00", np.uint8)
_ZONE: Final = 26
"""Where the zone begins."""
_IS_DIGIT: Final = (ord("0") == _SHAPE) & (np.arange(len(_SHAPE)) < _ZONE)
_DAY: Final = 86_400_000_000
_EARLIEST, _LATEST = (int(np.datetime64(text, "us").astype(np.int64)) for text in ("2000-01-01", "2100-01-01"))
_BLOCK: Final = 768 << 10
MOST_ASIDE: Final = 10_000
"""Lines that are no events of which more than the reason is kept: what is no log has millions."""


def tables_of(data: bytes) -> tuple[dict[Group, pa.Table], Aside, int]:
    """Rows by kind and day, lines that are no events, and how many lines there were (empty ones are none).

    Which rows a table holds and in which order depends on the lines alone, but is not their order.
    """
    types = _Types()
    piles: dict[str, _Pile] = defaultdict(_Pile)
    others: list[bytes] = []
    count = 0
    for lines in _blocks(data):
        events, places = _ordinary(lines, types)
        for reading, is_text, some in events:
            places += _read(reading, is_text, some, piles[reading.kind])
        others += [lines[place] for place in sorted(places)]
        count += len(lines) - len(places)
    found = {
        (kind, day): table for kind, pile in piles.items() if pile.own for day, table in _by_day(kind, pile, types)
    }
    rows, aside, several = sort_out(others)
    for key, rest in rows.items():
        table = table_of(key[0], rest)
        found[key] = pa.concat_tables([found[key], table]) if key in found else table
    return found, aside, count + several


def _blocks(data: bytes) -> Iterator[list[bytes]]:
    """The lines, as many at a time as fit into the cache of a core: reading them again is free there."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _BLOCK) + 1 or len(data)
        yield data[start:end].split(b"\n")
        start = end


def sort_out(lines: Iterable[bytes]) -> tuple[dict[Group, list[Row]], Aside, int]:
    """The same line by line: rows in the order of the lines."""
    rows: dict[Group, list[Row]] = defaultdict(list)
    aside: Aside = []
    unkept: dict[str, tuple[str, bytes]] = {}
    count = 0
    for line in lines:
        if not line or line.isspace():
            continue
        count += 1
        try:
            kind, day, row = parse(line)
        except Unreadable as error:
            is_kept = len(aside) < MOST_ASIDE
            aside.append((error.reason, line) if is_kept else unkept.setdefault(error.reason, (error.reason, b"")))
        else:
            rows[kind, day].append(row)
    return rows, aside, count


class _Types(dict[tuple[str, str], int]):
    """Type and source of an event -> a number; by it: both (``names`` and ``sources``), and ``read``: 1 + the place in
    ``readings`` of how its payload is read and whether it is a text, as pages send it (``NONE`` without a type)."""

    NONE: Final = 0

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.sources: list[str] = []
        self.read: list[int] = []
        self.readings: list[tuple[Reading, bool]] = []

    def __missing__(self, key: tuple[str, str]) -> int:
        name, source = key
        self[key] = number = len(self)
        self.names.append(kept_type(name))
        self.sources.append(source)
        self.read.append(self._place(reading_of(name, source), source in PAGES) if name else self.NONE)
        return number

    def _place(self, *reading: Any) -> int:
        if reading not in self.readings:
            self.readings.append(reading)
        return 1 + self.readings.index(reading)


@dataclass(frozen=True, slots=True)
class Events:
    """Some events of a log. ``places``: which lines they are; ``times``: microseconds since 1970; ``types``: numbers of
    _Types."""

    places: Numbers
    ids: Numbers
    times: Numbers
    types: Numbers
    envelopes: Sequence[Envelope]

    def only(self, chosen: Any) -> Events:
        """Those at these positions, of which there are some."""
        return Events(
            self.places[chosen],
            self.ids[chosen],
            self.times[chosen],
            self.types[chosen],
            _pick(self.envelopes, chosen),
        )


def _ordinary(lines: Sequence[bytes], types: _Types) -> tuple[list[tuple[Reading, bool, Events]], list[int]]:
    """Events with an ordinary envelope by how their payload is read, and which lines are others."""
    envelopes = _each(decode, lines)
    places = np.arange(len(lines))
    others = [place for place, one in enumerate(envelopes) if one is None]
    if others:
        places = np.delete(places, others)
        envelopes = [one for one in envelopes if one is not None]
    ids = np.fromiter(map(xxh3_64_intdigest, lines), np.uint64, len(lines)).view(np.int64)[places]
    times, are_times = moments([one.time for one in envelopes])
    of_type = zip([one.event_type for one in envelopes], map(source_of, envelopes), strict=True)
    numbers = np.fromiter(map(types.__getitem__, of_type), np.int32, len(envelopes))
    read = np.array(types.read, np.int16)[numbers] if envelopes else np.zeros(0, np.int16)
    read[~are_times] = types.NONE
    order = np.argsort(read, kind="stable")
    ends = np.searchsorted(read[order], np.arange(1, len(types.readings) + 2))
    events = Events(places, ids, times, numbers, envelopes)
    found = [
        (*reading, events.only(order[start:end]))
        for reading, start, end in zip(types.readings, ends[:-1], ends[1:], strict=True)
        if end > start
    ]
    return found, [*others, *places[order[: ends[0]]].tolist()]


@dataclass(slots=True)
class _Pile:
    """Rows of one kind, by columns; ``own`` is what its kind alone has of each."""

    ids: list[Numbers] = field(default_factory=list)
    times: list[Numbers] = field(default_factory=list)
    courses: list[str | None] = field(default_factory=list)
    users: list[int | None] = field(default_factory=list)
    types: list[Numbers] = field(default_factory=list)
    own: list[Row] = field(default_factory=list)


def _read(reading: Reading, is_text: bool, events: Events, pile: _Pile) -> list[int]:
    """Puts events that are read alike on the pile of their kind; which lines are not as their type promises."""
    own = _own(reading, is_text, events.envelopes)
    others: list[int] = []
    if None in own:
        kept = [position for position, one in enumerate(own) if one is not None]
        others = np.delete(events.places, kept).tolist()
        if not kept:
            return others
        events, own = events.only(kept), _pick(own, kept)
    courses, users = _whose(events.envelopes)
    if reading.kind in TELLING:
        courses = _courses([one[0] for one in own], courses)
        users = [known or user for known, user in zip(_users([one[1] for one in own]), users, strict=True)]
    pile.ids.append(events.ids)
    pile.times.append(events.times)
    pile.courses += courses
    pile.users += users
    pile.types.append(events.types)
    pile.own += own
    return others


def _own(reading: Reading, is_text: bool, envelopes: Sequence[Envelope]) -> Sequence[Any]:
    """What the kind of some events alone has of each; None for those that are not as their type promises."""
    if reading.kind in ("page", "other"):
        return [()] * len(envelopes)
    payloads = _each(of_page, envelopes) if is_text else [one.event for one in envelopes]
    contexts = [one.context or NO_CONTEXT for one in envelopes]
    return _each(reading.read, payloads, contexts, [one.event_type for one in envelopes])  # of no payload: a TypeError


def _whose(envelopes: Sequence[Envelope]) -> tuple[list[str | None], list[int | None]]:
    """Course and person that each envelope tells."""
    contexts = [one.context or NO_CONTEXT for one in envelopes]
    told = [one.course_id for one in contexts]
    otherwise = [None if course else course_of_address(one) for course, one in zip(told, envelopes, strict=True)]
    return _courses(told, otherwise), _users([one.user_id for one in contexts])


def _courses(told: Sequence[str | None], otherwise: Sequence[str | None]) -> list[str | None]:
    """Courses that are told, as keys; where none is, the other."""
    valid = {text: valid_course(text) for text in set(told) if text}
    return [valid[one] if one else other for one, other in zip(told, otherwise, strict=True)]


def _users(told: Sequence[Person]) -> list[int | None]:
    return [one if type(one) is int and 0 < one < HALF else whole(one) for one in told]


def _by_day(kind: str, pile: _Pile, types: _Types) -> Iterator[tuple[str, pa.Table]]:
    """The rows of a pile, as a table for each day."""
    times, numbers = np.concatenate(pile.times), np.concatenate(pile.types)
    names, sources = (pa.array(words, pa.string()).take(pa.array(numbers)) for words in (types.names, types.sources))
    columns = list(zip(*pile.own, strict=True))[2 if kind in TELLING else 0 :]
    common = [np.concatenate(pile.ids), times.view("datetime64[us]"), pile.courses, pile.users, names, sources]
    table = _arrow(kind, [*common, *columns])
    days = times // _DAY
    for day in np.unique(days):
        chosen = days == day
        yield str(np.datetime64(int(day), "D")), table if chosen.all() else table.filter(pa.array(chosen))


def table_of(kind: str, rows: Sequence[Row]) -> pa.Table:
    """Rows of one kind as an Arrow table."""
    return _arrow(kind, list(zip(*rows, strict=True)) or [() for _ in KINDS[kind]])


def _arrow(kind: str, columns: Sequence[Column]) -> pa.Table:
    schema = SCHEMAS[kind]
    arrays = [_array(column, known.type) for column, known in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(column: Column, wanted: pa.DataType) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    return _lists(column, wanted) if pa.types.is_list(wanted) else pa.array(column, wanted)


def _lists(column: Sequence[Any], wanted: pa.ListType) -> pa.Array:
    """Lists of tuples as a column of lists of structures: much quicker than by dictionaries."""
    offsets: list[int | None] = []
    flat: list[Row] = []
    for some in column:
        offsets.append(None if some is None else len(flat))
        if some is not None:
            flat.extend(some)
    offsets.append(len(flat))
    fields = list(wanted.value_type)
    columns = list(zip(*flat, strict=True)) or [() for _ in fields]
    arrays = [pa.array(values, one.type) for values, one in zip(columns, fields, strict=True)]
    values = pa.StructArray.from_arrays(arrays, fields=fields)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values, type=wanted)


def moments(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Microseconds since 1970 of times as events write them (``2026-11-27T12:00:00.000000+00:00``), and which of them
    are such times, of the years that are taken. Where one says so and is none (in February the 30th), none is."""
    are_times = np.fromiter(map(len, texts), np.int64, len(texts)) == len(_SHAPE)
    long_enough = texts if are_times.all() else list(compress(texts, are_times))
    letters = "".join(long_enough).encode("ascii", "replace")  # a byte for each character
    table = np.frombuffer(letters, np.uint8).reshape(-1, len(_SHAPE))
    well = (table == _SHAPE)[:, ~_IS_DIGIT].all(1)
    are_times[are_times] = well
    moments = np.zeros(len(texts), np.int64)
    try:
        moments[are_times] = _cast(table[well, :_ZONE])
    except pa.ArrowInvalid:
        are_times[:] = False
    are_times &= (moments >= _EARLIEST) & (moments < _LATEST)
    return moments, are_times


def _cast(table: Numbers) -> Numbers:
    count = len(table)
    offsets = np.arange(0, (count + 1) * _ZONE, _ZONE, dtype=np.int32)
    texts = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(table.tobytes()))
    found: Numbers = texts.cast(pa.timestamp("us")).to_numpy().view(np.int64)
    return found


def _each(do: Callable[..., Any], *values: Sequence[Any]) -> list[Any]:
    """What comes of each; None for those that are not as they should be."""
    found: list[Any] = []
    doing = map(do, *values)
    while True:
        try:
            found.extend(doing)  # goes on after one that failed, at the next
        except NOT_AS_PROMISED:
            found.append(None)
        else:
            return found


def _pick(values: Sequence[Any], chosen: Sequence[int]) -> Sequence[Any]:
    return itemgetter(*chosen)(values) if len(chosen) > 1 else [values[place] for place in chosen]
