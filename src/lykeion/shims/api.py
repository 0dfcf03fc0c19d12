"""The door of ``shims``: what packages of others know about a course, for our own reports.

Imports them when it is asked: most sites have none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps

from lykeion.core.keys import CourseLocator

__all__ = ["has_open_response", "open_response_data", "open_response_summary"]

Cell = str | int | float
Sheet = tuple[list[str], list[list[Cell]]]
"""Names of columns, and rows."""


def has_open_response() -> bool:
    """Whether open response assessment is installed here."""
    return apps.is_installed("openassessment")


def open_response_data(run: CourseLocator, titles: Mapping[str, str]) -> Sheet:
    """Every response of a run with its assessments, as the package itself tells it; ``titles`` are those of its blocks
    by usage key. Holds all of them: it grows with the number of responses."""
    from openassessment.data import OraAggregateData

    class WithTitles(OraAggregateData):  # type: ignore[misc]  # a package without types
        """Theirs, with our names of blocks in place of a course structure that is not here."""

        @classmethod
        def _map_block_usage_keys_to_display_names(cls, course_id: str) -> dict[str, str]:
            return dict(titles)

    return _plain(*WithTitles.collect_ora2_data(str(run)))


def open_response_summary(run: CourseLocator) -> Sheet:
    """How far every response of a run is, as the package itself tells it."""
    from openassessment.data import OraAggregateData

    return _plain(*OraAggregateData.collect_ora2_summary(str(run)))


def _plain(names: list[str], rows: list[list[Any]]) -> Sheet:
    return [str(name) for name in names], [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | float | str) else str(value)
