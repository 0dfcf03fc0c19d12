"""Every metric as Parquet in the lake; day by day it is what it is at once."""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lykeion.analytics import measuring
from lykeion.analytics.engine import EngineError, opened
from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake, LakeError
from lykeion.analytics.metrics.every import ALL
from lykeion.analytics.metrics.tables import OUTLINE, PLACES
from tests.analytics.lines import NOON, browser

END = date(2026, 1, 9)


def measure(lake: Lake) -> dict[str, int]:
    """Settles and measures; how many rows of each metric, how many days were settled."""
    with opened(lake) as engine:
        told = measuring.measure(engine, END, OUTLINE.empty_table(), PLACES.empty_table(), measuring.nobody_known)
        return {name: count for name, count, _seconds in told}


def test_days_that_come_one_by_one_late_and_twice_give_what_all_at_once_give(tmp_path: Path) -> None:
    generate(Plan(learners=40, days=4), tmp_path / "logs")
    logs = sorted((tmp_path / "logs").iterdir())
    whole, parts = Lake(str(tmp_path / "whole")), Lake(str(tmp_path / "parts"))

    ingest(logs, whole)
    at_once = measure(whole)
    for log in reversed(logs):
        ingest([log], parts)
        measure(parts)
        again = ingest([log], parts)
        assert (again.lines, measure(parts)["settled days"]) == (0, 0)

    assert set(at_once) == {"settled days", *ALL}
    assert _content(parts) == _content(whole)


def test_events_that_come_late_and_again_give_what_all_at_once_give(tmp_path: Path) -> None:
    generate(Plan(learners=30, days=5), tmp_path / "logs")
    lines = [line for log in sorted((tmp_path / "logs").iterdir()) for line in log.read_bytes().splitlines(True)]
    chance = random.Random(7)
    for number in range(6):  # each log holds lines of all days, and some of those that were delivered before
        mine = lines[number::6] + chance.sample(lines, 20)
        (tmp_path / f"{number}.log").write_bytes(b"".join(chance.sample(mine, len(mine))))
    whole, parts = Lake(str(tmp_path / "whole")), Lake(str(tmp_path / "parts"))

    ingest([tmp_path / "logs"], whole)
    measure(whole)
    for number in range(6):
        ingest([tmp_path / f"{number}.log"], parts)
        measure(parts)

    assert _content(parts) == _content(whole)


def test_what_is_made_of_a_day_is_made_anew_with_the_days_beside_it_and_no_others(tmp_path: Path) -> None:
    days = [NOON + timedelta(days=number) for number in range(6)]
    play, stop = ({"id": "v", "currentTime": at, "duration": 60} for at in (0, 30))
    late = timedelta(hours=11, minutes=59)
    lines = [browser("play_video", play, at=day + late) for day in days]
    lines += [browser("stop_video", stop, at=day + late + timedelta(minutes=2)) for day in days if day != days[2]]
    lake = Lake(str(tmp_path / "lake"))
    (tmp_path / "a.log").write_bytes(b"".join(lines))
    ingest([tmp_path / "a.log"], lake)
    measure(lake)
    before, viewed = _ages(lake), _viewed(lake)

    (tmp_path / "late.log").write_bytes(browser("stop_video", stop, at=days[2] + late + timedelta(minutes=2)))
    ingest([tmp_path / "late.log"], lake)
    measure(lake)

    made = {path for path, age in _ages(lake).items() if before.get(path) != age}
    assert (viewed, _viewed(lake)) == ([1, 1, 0, 1, 1, 1], [1] * 6)
    assert {path for path in made if path.startswith("video/")} == {"video/dt=2026-03-05"}
    assert {path for path in made if path.startswith("viewings/")} == {
        "viewings/dt=2026-03-04"
    }  # that of its beginning
    assert {path.rpartition("=")[2] for path in made} <= {"2026-03-04", "2026-03-05", "2026-03-06"}


def _ages(lake: Lake) -> dict[str, int]:
    """When each settled day was written last; those that came out the same are not written again."""
    return {one.path.removeprefix(f"{lake.root}/settled/").rpartition("/")[0]: one.mtime_ns
            for one in lake.files("settled")}  # fmt: skip


def _viewed(lake: Lake) -> list[int]:
    """Viewings by the day on which they began."""
    counts = {path.split("=")[1]: pq.read_metadata(one.path).num_rows
              for one in lake.files("settled", "viewings") for path in [one.path.rpartition("/")[0]]}  # fmt: skip
    return [counts[str(date(2026, 3, day))] for day in range(2, 8)]


def test_a_day_that_is_made_again_is_the_same(tmp_path: Path) -> None:
    generate(Plan(learners=20, days=2), tmp_path / "logs")
    lake = Lake(str(tmp_path / "lake"))
    ingest([tmp_path / "logs"], lake)
    measure(lake)
    before = _content(lake)

    lake.keep_only([], "settled", "problem", "dt=2026-01-06")
    lake.remove("settled.json")
    measure(lake)

    assert _content(lake) == before


def test_what_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyspark.sql", "hdfs_native.fsspec"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(EngineError, match=r"-e '\.\[spark\]'"), opened(Lake(str(tmp_path)), "local[1]"):
        pass
    with pytest.raises(LakeError, match=r"-e '\.\[hdfs\]'"):
        Lake("hdfs://127.0.0.1:9/lake")


def _content(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    """The rows of all settled days and results; results are in no order."""
    found = {}
    for folder in ("settled", "results"):
        for one in lake.files(folder):
            rows = pq.read_table(one.path, partitioning=None).to_pylist()
            found[one.path.removeprefix(lake.root)] = rows if folder == "settled" else sorted(rows, key=repr)
    return {path: rows for path, rows in found.items() if rows}


def test_a_misspelt_engine_is_told_of_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"There is no engine spakr: use duckdb, spark, or a master"):
        opened(Lake(str(tmp_path / "lake")), "spakr").__enter__()
