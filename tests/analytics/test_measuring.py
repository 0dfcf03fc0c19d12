"""Every metric as Parquet in the lake; day by day it is what it is at once."""

from __future__ import annotations

import sys
from datetime import date
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
from lykeion.analytics.metrics.tables import OUTLINE

END = date(2026, 1, 9)


def measure(lake: Lake) -> dict[str, int]:
    """Settles and measures; how many rows of each metric, how many days were settled."""
    with opened(lake) as engine:
        told = measuring.measure(engine, END, OUTLINE.empty_table(), measuring.nobody_known)
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
