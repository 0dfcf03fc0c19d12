"""A lake in S3, as moto plays it: logs are read from there, and metrics are those of a folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lykeion.analytics import measuring
from lykeion.analytics.engine import opened
from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake, LakeError
from lykeion.analytics.metrics.tables import OUTLINE, PLACES
from lykeion.core import places
from lykeion.core.places import PlaceError, address

END = date(2026, 1, 7)


def test_a_lake_in_s3_holds_what_one_in_a_folder_does(bucket: str, tmp_path: Path) -> None:
    generate(Plan(learners=30, days=2), tmp_path / "logs")
    folder, away = Lake(str(tmp_path / "lake")), Lake(bucket.format("lake"))
    _upload(tmp_path / "logs", bucket.format("logs"))

    whole = ingest([tmp_path / "logs"], folder)
    first = ingest([bucket.format("logs")], away, processes=1)
    again = ingest([bucket.format("logs")], away, processes=1)

    assert (first.sources, first.lines, again.lines) == (2, whole.lines, 0)
    assert _results(away) == _results(folder)
    assert away.files("_tmp") == []


def test_logs_that_are_not_there_are_named(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"There is no log s3://lykeion/nowhere"):
        ingest([bucket.format("nowhere")], Lake(str(tmp_path)))


def test_a_place_that_says_nothing_is_an_error_of_the_lake() -> None:
    with pytest.raises(PlaceError, match=r"gopher://x/y cannot be opened"):
        places.opened("gopher://somebody:secret@x/y")
    with pytest.raises(LakeError, match=r"See LYKEION_LAKE_URL"):
        Lake("gopher://x/y")


@pytest.mark.parametrize(
    ("url", "path", "called"),
    [
        ("/srv/lake", "/srv/lake/a", "file:///srv/lake/a"),
        ("hdfs://host:9000/lake", "/lake/a", "hdfs://host:9000/lake/a"),
        ("s3://bucket/lake?region=x", "bucket/lake/a", "s3a://bucket/lake/a"),
        ("gs://bucket/lake", "bucket/lake/a", "gs://bucket/lake/a"),
        (
            "abfss://box@account.dfs.core.windows.net/lake",
            "box/lake/a",
            "abfss://box@account.dfs.core.windows.net/lake/a",
        ),
    ],
)
def test_spark_calls_places_by_other_names(url: str, path: str, called: str) -> None:
    assert address(url, path) == called


def _upload(logs: Path, url: str) -> None:
    place, root = places.opened(url)
    for one in logs.iterdir():
        with place.open_output_stream(f"{root}/{one.name}") as sink:
            sink.write(one.read_bytes())


def _results(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    nowhere = OUTLINE.empty_table(), PLACES.empty_table()
    with opened(lake) as engine:
        counts = {
            name: count for name, count, _seconds in measuring.measure(engine, END, *nowhere, measuring.nobody_known)
        }
    found = {}
    for name in ("enrolment", "answers", "timeline", "learners"):
        rows = lake.table([one.path for one in lake.files("results", name)], None).to_table().to_pylist()
        assert len(rows) == counts[name] > 0
        found[name] = sorted(rows, key=repr)
    return found
