"""Every metric says the same on Spark as on DuckDB, to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lykeion.analytics import settling
from lykeion.analytics.engine import Engine, EngineError, opened
from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.analytics.metrics.every import ALL
from lykeion.analytics.metrics.tables import OUTLINE, PEOPLE, PLACES, Params
from lykeion.analytics.spark import SparkEngine
from tests.analytics.lines import NOON, browser, line

if TYPE_CHECKING:
    import ibis.expr.types as ir

END = date(2026, 1, 12)


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


Measure = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def by_duck(filled: Lake) -> Iterator[Measure]:
    with opened(filled) as engine:
        yield _measure(engine, _known(engine))


@pytest.fixture(scope="module")
def by_spark(spark: SparkEngine, filled: Lake) -> Measure:
    with opened(filled) as engine:
        known = _known(engine)
    spark.lake = filled
    return _measure(spark, known)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_metric_is_the_same(name: str, by_spark: Measure, by_duck: Measure) -> None:
    wanted = by_duck(name)

    assert wanted
    assert by_spark(name) == wanted


def test_executors_read_and_settle_what_this_machine_does(spark: SparkEngine, tmp_path: Path) -> None:
    generate(Plan(learners=60, days=1), tmp_path / "made")
    _keep(tmp_path / "made", tmp_path / "logs", b"problem_check", b"_video", b"enrollment")
    (tmp_path / "logs" / "odd.log").write_bytes(b"".join(_odd()))
    here, there = Lake(str(tmp_path / "here")), Lake(str(tmp_path / "there"))
    spark.lake = there

    alone = ingest([tmp_path / "logs"], here)
    spread = ingest([tmp_path / "logs"], there, cluster=spark.spread)
    settling.settle(spark)
    with opened(here) as duck:
        settling.settle(duck)

    assert (spread.rows, spread.aside, spread.days) == (alone.rows, alone.aside, alone.days)
    assert _settled(there) == _settled(here)
    assert (settling.settle(spark), there.files("_tmp")) == ([], [])


def test_a_result_is_replaced_as_a_whole(spark: SparkEngine, tmp_path: Path) -> None:
    spark.lake = Lake(str(tmp_path))
    schema = pa.schema([("number", pa.int64())])
    for name, rows in (("more", range(5)), ("fewer", range(2))):
        table = spark.given(name, pa.table({"number": list(rows)}, schema))
        spark.save((name, "saved"), partial(_ordered, table), schema, "results", "some")

    held = [pq.read_table(one.path)["number"].to_pylist() for one in spark.lake.files("results")]
    assert sorted(number for numbers in held for number in numbers) == [0, 1]


@pytest.mark.parametrize("url", ["hive", "local[some]"])
def test_an_engine_that_is_none_is_named(spark: SparkEngine, tmp_path: Path, url: str) -> None:
    with pytest.raises(EngineError, match=r"use duckdb, spark, or a master"), opened(Lake(str(tmp_path)), url):
        pass


def _keep(logs: Path, into: Path, *words: bytes) -> None:
    """Of logs the lines with any of these words: each kind of event is settled by jobs of its own."""
    into.mkdir()
    for log in logs.iterdir():
        lines = log.read_bytes().splitlines(keepends=True)
        (into / log.name).write_bytes(b"".join(line for line in lines if any(word in line for word in words)))


def _odd() -> Iterator[bytes]:
    """A seek that is told at the moment of the play after it; pages of a course with an old key, two of them alike."""
    for name, second, told in (
        ("play", 0, {"currentTime": 0}),
        ("play", 60, {"currentTime": 120}),
        ("seek", 60, {"old_time": 60, "new_time": 120}),
        ("pause", 120, {"currentTime": 180}),
    ):
        yield browser(f"{name}_video", {"id": "v", "duration": 300, **told}, at=NOON + timedelta(seconds=second))
    for place, unit in enumerate(("", "1", "12")):
        page = f"/courses/edX/DemoX/Demo/courseware/s/u/{unit}"
        yield line(page, "{}", course="edX/DemoX/Demo", at=NOON + timedelta(seconds=7 * place))


def _ordered(table: ir.Table) -> ir.Table:
    return table.order_by("number")


def _settled(lake: Lake) -> dict[str, list[str]]:
    """The rows of each kind and day."""
    found: dict[str, list[str]] = {}
    for one in lake.files("settled"):
        place = one.path.removeprefix(lake.root).rpartition("/")[0]
        found.setdefault(place, []).extend(map(repr, pq.read_table(one.path, partitioning=None).to_pylist()))
    return {place: sorted(rows) for place, rows in found.items()}


def _known(engine: Engine) -> dict[str, pa.Table]:
    """What is known beside the lake: where blocks are and what there is, who learners are."""
    outline = _outline(engine)
    return {"outline": outline, "places": _places(outline), "people": _people(engine)}


def _measure(engine: Engine, known: dict[str, pa.Table]) -> Measure:
    """Gives the rows of a metric with all their digits, in order."""
    tables = settling.tables(engine)
    params = Params(END, **{name: engine.given(name, table) for name, table in known.items()})

    def rows(name: str) -> list[str]:
        found = engine.rows((name, END), lambda: ALL[name](tables, params))
        return sorted(repr(sorted(row.items())) for row in found)

    return rows


def _outline(engine: Engine) -> pa.Table:
    """Blocks that somebody completed, by the last digit of their names."""
    told = settling.tables(engine).completion
    blocks = engine.rows("blocks", lambda: told.select("course_id", "block_id").distinct())
    return pa.Table.from_pylist([{**row, "part_id": f"part{row['block_id'][-1]}"} for row in blocks], OUTLINE)


def _places(outline: pa.Table) -> pa.Table:
    """Some pages, problems and videos of each course."""
    rows = [
        {"course_id": course, "part_id": f"part{number % 3}", "kind": kind, "entity": entity}
        for course in sorted(set(outline["course_id"].to_pylist()))
        for number in range(6)
        for kind, entity in (
            ("problem", f"{course.replace('course-v1', 'block-v1')}+type@problem+block@problem{number}"),
            ("video", f"video{number}"),
            ("page", f"week0/lesson{number}/"),
        )
    ]
    return pa.Table.from_pylist(rows, PLACES)


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
