"""Every metric says the same on Spark as on DuckDB, to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from lykeion.analytics import settling
from lykeion.analytics.engine import Engine, opened
from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.analytics.metrics.every import ALL
from lykeion.analytics.metrics.tables import OUTLINE, PEOPLE, Params

END = date(2026, 1, 12)
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Three weeks of made-up learners, settled by DuckDB."""
    folder = tmp_path_factory.mktemp("filled")
    generate(Plan(learners=120, days=8), folder / "logs")
    lake = Lake(str(folder / "lake"))
    ingest([folder / "logs"], lake)
    with opened(lake) as engine:
        settling.settle(engine)
    return lake


@pytest.fixture(scope="module")
def duck(filled: Lake) -> Iterator[Engine]:
    with opened(filled) as engine:
        yield engine


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_metric_is_the_same(name: str, spark: Engine, duck: Engine, filled: Lake) -> None:
    spark.lake = filled

    wanted = _rows(duck, name)

    assert wanted
    assert _rows(spark, name) == wanted


def _rows(engine: Engine, name: str) -> list[str]:
    """The rows of a metric with all their digits, in order."""
    params = Params(
        END, outline=engine.given("outline", _outline(engine)), people=engine.given("people", _people(engine))
    )
    found = engine.rows((name, END), lambda: ALL[name](settling.tables(engine), params))
    return sorted(repr(sorted(row.items())) for row in found)


def _outline(engine: Engine) -> pa.Table:
    """Blocks that somebody completed, by the last digit of their names."""
    told = settling.tables(engine).completion
    blocks = engine.rows("blocks", lambda: told.select("course_id", "block_id").distinct())
    return pa.Table.from_pylist([{**row, "part_id": f"part{row['block_id'][-1]}"} for row in blocks], OUTLINE)


def _people(engine: Engine) -> pa.Table:
    """What everybody told of themselves, by their number."""
    told = settling.tables(engine).enrol
    learners = engine.rows("learners", lambda: told.select("user_id").distinct())
    rows = [
        {
            "user_id": row["user_id"],
            "gender": "fmo"[row["user_id"] % 3],
            "year_of_birth": 1960 + row["user_id"] % 50,
            "education": ("b", "m", "")[row["user_id"] % 3],
            "country": ("GR", "", "DE", "BR")[row["user_id"] % 4],
        }
        for row in learners
        if row["user_id"]
    ]
    return pa.Table.from_pylist(rows, PEOPLE)
