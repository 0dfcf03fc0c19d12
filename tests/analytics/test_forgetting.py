"""Whoever deletes their account is nobody in the lake."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lykeion.accounts.signals import person_retired
from lykeion.analytics.api import FORGET, REFRESH, order_refresh
from lykeion.analytics.forgetting import forget, forgotten
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.analytics.models import Reading
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.models import Job
from lykeion.jobs.types import State
from tests.analytics.lines import NOON, answer, browser, enrolled, later, line


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


def _running(name: str) -> Job:
    at = now()
    return Job.objects.create(
        name=name, payload={}, state=State.RUNNING, created=at, due=at, lease_until=at + timedelta(hours=1)
    )


@pytest.mark.django_db
def test_where_no_lock_is_nobody_forgets_while_others_write(lake: Lake, settings: Any) -> None:
    settings.LYKEION_LAKE_URL = f"file://{lake.root}"
    Reading.objects.create(pk=1, log="as it was")
    writing = _running(REFRESH)
    person_retired.send(None, user_id=8, email="bob@example.org", at=NOON.replace(tzinfo=UTC))

    jobs.run_pending()
    meanwhile = people(lake)
    writing.delete()
    Job.objects.update(due=now())
    jobs.run_pending()

    assert (meanwhile, people(lake)) == ([7, 7, 8, 8], [7, 7, None, None])
    assert Reading.objects.get().log == ""  # the next refresh has something to do


@pytest.mark.django_db
def test_where_no_lock_is_a_refresh_gives_way(lake: Lake, settings: Any) -> None:
    settings.LYKEION_LAKE_URL = f"file://{lake.root}"
    _running(FORGET)

    order = order_refresh(by=None)
    jobs.run_pending()

    assert (jobs.status(order).state, "writing to the lake" in jobs.status(order).error) == (State.WAITING, True)
    assert not Reading.objects.exists()


def test_what_no_metric_reads_goes_and_so_does_what_was_measured(lake: Lake, tmp_path: Path) -> None:
    told = [line("a.page.said", {"name": "Alice"}, user=7), line("a.page.said", {"name": "Bob"}, user=8)]
    (tmp_path / "told.log").write_bytes(b"".join(told))
    ingest([tmp_path / "told.log"], lake)
    lake.write_table(pa.table({"course_id": ["c", "c"], "user_id": [7, 8]}), "results", "learners", "data.parquet")

    forget(lake, [7])
    (tmp_path / "late.log").write_bytes(line("a.page.said", {"name": "Alice again"}, user=7))
    ingest([tmp_path / "late.log"], lake)

    payloads = [row for one in lake.files("other")
                for row in pq.read_table(one.path, partitioning=None)["payload"].to_pylist()]  # fmt: skip
    assert sorted(payloads, key=str) == [None, None, '{"name":"Bob"}']
    [measured] = lake.files("results")
    assert pq.read_table(measured.path)["user_id"].to_pylist() == [None, 8]
