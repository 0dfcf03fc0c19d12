"""Whoever deletes their account is nobody in the lake."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lykeion.accounts.signals import person_retired
from lykeion.analytics.forgetting import forget, forgotten
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.jobs import api as jobs
from tests.analytics.lines import NOON, answer, browser, enrolled, later


def people(lake: Lake) -> list[int | None]:
    """Whose events the lake holds."""
    found = (user for kind in ("enrol", "problem", "video") for one in lake.files(kind)
             for user in pq.read_table(one.path, partitioning=None)["user_id"].to_pylist())  # fmt: skip
    return sorted(found, key=str)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Alice (7) and Bob (8) did things on two days."""
    lines = [
        enrolled(7),
        enrolled(8),
        answer("a", "x", True, user=7, at=later(24)),
        browser("play_video", {"id": "v"}, user=8),
    ]
    (tmp_path / "tracking.log").write_bytes(b"".join(lines))
    made = Lake(str(tmp_path / "lake"))
    ingest([tmp_path / "tracking.log"], made)
    return made


def test_their_events_are_nobodys_and_those_of_others_stay_theirs(lake: Lake) -> None:
    before = people(lake)

    counts = [forget(lake, [7]), forget(lake, [7])]

    assert (before, people(lake)) == ([7, 7, 8, 8], [8, 8, None, None])
    assert (counts, forgotten(lake)) == ([2, 0], frozenset({7}))


def test_no_log_brings_them_back(lake: Lake, tmp_path: Path) -> None:
    forget(lake, [7])

    with (tmp_path / "tracking.log").open("ab") as out:
        out.write(enrolled(7, at=NOON) + enrolled(9))
    (tmp_path / "late.log").write_bytes(answer("a", "y", False, user=7))
    ingest([tmp_path / "tracking.log", tmp_path / "late.log"], lake)

    assert people(lake) == [8, 8, 9, None, None, None, None]


@pytest.mark.django_db
def test_it_is_done_when_an_account_is_deleted(lake: Lake, settings: Any) -> None:
    settings.LYKEION_LAKE_URL = lake.url

    person_retired.send(None, user_id=8, email="bob@example.org", at=NOON.replace(tzinfo=UTC))
    jobs.run_pending()

    assert people(lake) == [7, 7, None, None]
