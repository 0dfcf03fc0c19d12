"""Open response: what learners wrote and how it was assessed, and how far each of them is."""

from __future__ import annotations

from lykeion.content import api as content
from lykeion.core.keys import usage_text
from lykeion.shims import api as shims
from lykeion.teaching.reports.types import Asked, Column, Table


def is_there() -> bool:
    """Whether open response is installed here."""
    return shims.has_open_response()


def data(asked: Asked) -> Table:
    """Every response with its assessments."""
    outline = content.outline(asked.run.key)
    titles = {usage_text(asked.run.key, one.ref): one.title for one in outline.blocks if one.type == "openassessment"}
    return _table(*shims.open_response_data(asked.run.key, titles))


def summary(asked: Asked) -> Table:
    """How far every response is."""
    return _table(*shims.open_response_summary(asked.run.key))


def _table(names: list[str], rows: list[list[str | int | float]]) -> Table:
    return Table(tuple(Column(name, "mixed") for name in names), len(rows), iter([(len(rows), rows)]))
