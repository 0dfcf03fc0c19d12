"""Days are settled: each event once, and only days in which something changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lykeion.analytics import settling
from lykeion.analytics.engine import Engine, opened
from lykeion.analytics.ingest import ingest
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import Lake
from tests.analytics.lines import RUN, SUM, answer, enrolled, later, line


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with opened(Lake(str(tmp_path / "lake")), memory_mb=200, threads=1) as found:
        yield found


def bring(engine: Engine, tmp_path: Path, name: str, *lines: bytes) -> list[str]:
    """Ingests a log with these lines; the days that are settled then."""
    (tmp_path / name).write_bytes(b"".join(lines))
    ingest([tmp_path / name], engine.lake)
    return settling.settle(engine)


def rows(engine: Engine, kind: str, **chosen: Any) -> list[dict[str, Any]]:
    """What a settled table holds."""
    tables = settling.tables(engine, **chosen)
    return engine.rows(("all", kind), lambda: getattr(tables, kind))


def test_what_was_delivered_twice_counts_once(engine: Engine, tmp_path: Path) -> None:
    first, second = answer("a", "yes", True), answer("a", "no", False, at=later(1))

    bring(engine, tmp_path, "a.log", first, second, first)
    bring(engine, tmp_path, "b.log", second, first)

    [who] = rows(engine, "activity")
    assert (who["course_id"], who["user_id"], who["events"], who["attempts"], who["last"]) == (RUN, 7, 2, 2, later(1))


def test_only_days_in_which_something_changed_are_settled_anew(engine: Engine, tmp_path: Path) -> None:
    before = bring(engine, tmp_path, "a.log", enrolled(1), answer("a", "x", True, at=later(24)))
    word = settling.state(engine.lake)

    nothing = settling.settle(engine)
    late = bring(engine, tmp_path, "late.log", enrolled(2, at=later(1)))

    assert (before, nothing, late) == (["2026-03-02", "2026-03-03"], [], ["2026-03-02"])
    now = settling.state(engine.lake).days
    assert {day for day in now if now[day] != word.days[day]} == {"2026-03-02"}
    assert sorted(row["user_id"] for row in rows(engine, "enrol", days=["2026-03-02"])) == [1, 2]


def test_a_day_is_settled_again_by_the_next_when_one_was_killed(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, "a.log", enrolled(1))
    state = Path(engine.lake.path("settled.json"))
    state.write_text(json.dumps({}))

    assert settling.settle(engine) == ["2026-03-02"]
    assert len(rows(engine, "enrol")) == 1


def test_tables_are_those_of_the_courses_that_are_asked_for(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, "a.log", enrolled(1))

    assert rows(engine, "enrol", courses=["course-v1:Other+T+1"]) == []
    assert len(rows(engine, "enrol", courses=["it's", RUN])) == 1


def test_an_empty_lake_has_empty_tables(engine: Engine) -> None:
    assert (settling.settle(engine), rows(engine, "problem"), rows(engine, "activity")) == ([], [], [])


def test_a_lake_of_before_a_column_is_read_and_brought_up_to_date(engine: Engine, tmp_path: Path) -> None:
    new = {"problem": ["tags"], "forum": ["post_id", "vote", "change"]}
    lake, told = engine.lake, {"commentable_id": "t", "id": "p"}
    bring(engine, tmp_path, "a.log", answer("a", "x", True), line("edx.forum.thread.created", told, at=later(1)))
    for kind, columns in new.items():
        for one in [*lake.files(kind), *lake.files("settled", kind)]:
            pq.write_table(pq.read_table(one.path, partitioning=None).drop_columns(columns), one.path)
    lake.keep_only([], "settled", "engagement")
    lake.keep_only([], "settled", "viewings")
    state = {name: days for name, days in lake.read_json("settled.json").items() if name in {*KINDS, "activity"}}
    lake.write_json(state, "settled.json")

    bring(engine, tmp_path, "b.log", answer("a", "x", True, at=later(2)))

    [old, now] = rows(engine, "problem")
    assert (old["tags"], now["tags"], len(old["parts"])) == (None, [], 1)
    assert [row["post_id"] for row in rows(engine, "forum")] == [None]
    did = [(row["kind"], row["entity"], row["times"]) for row in rows(engine, "engagement")]
    assert sorted(did) == [("problem", SUM, 2), ("thread", "t", 1)]
    assert settling.settle(engine) == []


def test_days_are_known_by_their_columns(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, "a.log", enrolled(1), answer("a", "x", True))
    state = engine.lake.read_json("settled.json")
    engine.lake.write_json({**state, "columns": {**state["columns"], "enrol": "event_id"}}, "settled.json")
    [path] = [one.path for one in engine.lake.files("settled", "enrol")]
    Path(path).unlink()

    assert settling.settle(engine) == ["2026-03-02"]
    assert len(rows(engine, "enrol")) == 1
