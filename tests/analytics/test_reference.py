"""The reference of the lake names every table, every column and every metric; each is measured beside SQL by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bench.lake_sql import SQL

from lykeion.analytics.columns import COLUMNS, RANGED
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.metrics.every import ALL
from lykeion.analytics.settling import PARTIALS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operators" / "lake-tables.md").read_text()
SECTIONS = dict(zip(("events", "days", "metrics"), PAGE.split("\n## ")[1:], strict=True))


def told(section: str) -> dict[str, set[str]]:
    """The words in code of each line of a section's tables, by the first of them."""
    lines = [re.findall(r"`([^`]+)`", line) for line in SECTIONS[section].splitlines() if line.startswith("| `")]
    return {words[0]: set(words[1:]) for words in lines}


def test_tables_of_events_are_told_with_their_columns() -> None:
    found = told("events")
    common = {"event_id", "time", "course_id", "user_id", "event_type", "event_source"}

    assert set(found) == {*KINDS, *common}
    missing = {kind: {name for name, _type in columns} - common - found[kind] for kind, columns in KINDS.items()}
    assert missing == {kind: set() for kind in KINDS}


def test_tables_of_days_are_told_with_their_columns() -> None:
    found = told("days")

    assert {name: set(partial.schema.names) - found[name] for name, partial in PARTIALS.items()} == {
        name: set() for name in PARTIALS
    }


def test_metrics_are_told() -> None:
    assert set(told("metrics")) == set(ALL)


def test_each_metric_has_its_sql_by_hand() -> None:
    assert set(SQL) == set(ALL)


@pytest.mark.parametrize("name", sorted(set(COLUMNS) - {"ranges"}))
def test_metrics_that_pages_show_are_told_with_their_columns(name: str) -> None:
    assert set(COLUMNS[name]) - told("metrics")[name] == set()


def test_measures_of_ranges_are_columns() -> None:
    assert COLUMNS["ranges"] == tuple(f"{name}_{end}" for name in RANGED for end in ("low", "high"))
