"""What a report is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Final, Literal

from lykeion.catalog.types import Run

CHUNK: Final = 500
"""Learners that are read at once."""

CELLS: Final = 100_000
"""Cells that are held at once: the wider a report, the fewer learners are read together."""

NOT_ATTEMPTED, NOT_AVAILABLE = "Not Attempted", "Not Available"

Cell = str | int | float
Row = list[Cell]
Told = Callable[[int, int], None]
"""Hears how many of how many steps are done; raises when the report is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``mixed`` ones hold numbers and words."""

    name: str
    kind: Literal["text", "whole", "number", "mixed"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A report under way: ``parts`` yields (steps done, rows) until ``total`` steps are done, and holds one part."""

    columns: tuple[Column, ...]
    total: int
    parts: Iterator[tuple[int, list[Row]]]


@dataclass(frozen=True, slots=True)
class Archive:
    """A report that is no table: ``pack`` writes it to a file, and tells how many things are in it."""

    pack: Callable[[BinaryIO], int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: of which run, as of when, and about which blocks (refs; problem responses only)."""

    run: Run
    at: datetime
    refs: tuple[str, ...] = ()
    told: Told = field(default=lambda _done, _total: None)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report: its name, what it is called and holds in words (translated when shown), how it is made.
    ``group`` sorts the page; ``file`` begins the name of its files; ``chooses``: it asks for blocks; ``archive``:
    it makes an :class:`Archive`."""

    name: str
    group: str
    title: Any
    about: Any
    make: Callable[[Asked], Table | Archive]
    file: str
    chooses: bool = False
    archive: bool = False
    there: Callable[[], bool] = field(default=lambda: True)


def text_columns(*names: str) -> tuple[Column, ...]:
    """Columns of texts."""
    return tuple(Column(name) for name in names)


def chunk_for(columns: int) -> int:
    """How many learners to read at once for a report with so many columns."""
    return max(20, min(CHUNK, CELLS // max(columns, 1)))


Texts = Mapping[str, str]
