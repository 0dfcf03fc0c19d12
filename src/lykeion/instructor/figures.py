"""Figures as files: the rows of a metric, with the titles of what they are of and the shares that pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from lykeion.analytics import api as analytics
from lykeion.analytics.types import Row
from lykeion.content import api as content
from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import usage_text
from lykeion.instructor.panels import advancing, attending
from lykeion.teaching.types import Teacher

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: the ``columns``, what they hold (``kinds``), and the rows."""

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: Iterable[Cells]


def table(teacher: Teacher, metric: str, part: str = "") -> Table:
    """The figures of a metric (one of :data:`lykeion.analytics.api.COLUMNS`) for the course, or for a part of it. Two
    reads at most, and the course."""
    if metric in _MADE:
        named, make = _MADE[metric]
        return Table(tuple(named), tuple(named.values()), make(teacher))
    columns, kinds = analytics.COLUMNS[metric], analytics.kinds(metric)
    found = analytics.figures(teacher.run.id, metric, part)
    return Table(columns, kinds, (_cells(row, columns, kinds) for row in found))


def _cells(row: Row, columns: Sequence[str], kinds: Sequence[str]) -> Cells:
    """Days are kept as text."""
    return [
        date.fromisoformat(row[name]) if kind == "date" else row[name]
        for name, kind in zip(columns, kinds, strict=True)
    ]


def _activity(teacher: Teacher) -> Iterator[Cells]:
    columns, kinds = analytics.COLUMNS["activity"], analytics.kinds("activity")
    told = analytics.several(teacher.run.id, "activity", "enrolment")
    enrolled = attending.enrolled_by_week(told["enrolment"])
    for row in told["activity"]:
        count = enrolled(row["week"])
        yield [*_cells(row, columns, kinds), count, row["any"] / count if count else None]


def _items(teacher: Teacher) -> Iterator[Cells]:
    columns, kinds = analytics.COLUMNS["items"], analytics.kinds("items")
    for row in analytics.figures(teacher.run.id, "items"):
        yield [*_cells(row, columns, kinds), row["submissions"] / row["learners"]]


def _funnel(teacher: Teacher) -> Iterator[Cells]:
    for section, block, *counts in advancing.steps(teacher):
        yield [block.ref, section.title, block.title, *counts]


def _reach(teacher: Teacher) -> Iterator[Cells]:
    outline = content.outline(teacher.run.key)
    columns = analytics.COLUMNS["reach"][1:]
    for row in analytics.figures(teacher.run.id, "reach"):
        block = outline.get(row["part_id"])
        yield [row["part_id"], block.title if block else "", *(row[name] for name in columns)]


def _completion(teacher: Teacher) -> Iterator[Cells]:
    """Every block that can be done, in the order of the course; then what was done that cannot be any more."""
    outline = content.outline(teacher.run.key)
    done = {row["block_id"]: row["learners"] for row in analytics.figures(teacher.run.id, "completion")}
    for block in outline.blocks:
        if not block.children and block.facts.completion == "completable":
            key = usage_text(outline.run, block.ref)
            yield [key, block.type, block.title, _place(outline, block), done.pop(key, 0)]
    yield from ([key, "", "", "", count] for key, count in done.items())


def _place(outline: Outline, block: OutlineBlock) -> str:
    return " / ".join(one.title for one in outline.ancestors(block)[1:])


def _of(metric: str, **more: str) -> dict[str, str]:
    return {**dict(zip(analytics.COLUMNS[metric], analytics.kinds(metric), strict=True)), **more}


_MADE: Final[dict[str, tuple[dict[str, str], Callable[[Teacher], Iterator[Cells]]]]] = {
    "activity": (_of("activity", enrolled="int", active_percent="float"), _activity),
    "items": (_of("items", average_attempts="float"), _items),
    "funnel": (
        {"part_id": "str", "section": "str", "title": "str", "opened": "int", "started": "int", "finished": "int"},
        _funnel,
    ),
    "reach": (
        {"part_id": "str", "title": "str", **dict.fromkeys(analytics.COLUMNS["reach"][1:], "int"), "kind": "str"},
        _reach,
    ),
    "completion": (
        {"block_id": "str", "type": "str", "title": "str", "place": "str", "learners": "int"},
        _completion,
    ),
}
"""Metrics whose file holds more than their rows: the columns, what these hold, and how the rows are made."""
