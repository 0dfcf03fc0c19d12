"""Whoever deletes their account is nobody in the lake."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lykeion.accounts.signals import person_retired
from lykeion.analytics import forgetting, settling
from lykeion.analytics.api import FORGET, FORGET_KEPT, order_refresh
from lykeion.analytics.engine import opened
from lykeion.analytics.forgetting import forget, forgotten
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.analytics.models import Reading
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.models import Job
from lykeion.jobs.types import State
from tests.analytics.lines import NOON, RUN, answer, browser, enrolled, later, line


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


@pytest.mark.django_db
def test_several_who_wait_are_forgotten_by_one_look_into_every_file(
    lake: Lake, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LYKEION_LAKE_URL = lake.url
    looks: list[set[int]] = []

    def counted(lake: Lake, users: set[int], *more: Any) -> int:
        looks.append(set(users))
        return forget(lake, users, *more)

    monkeypatch.setattr(forgetting, "forget", counted)
    for user in (7, 8):
        jobs.enqueue(FORGET, {"user_id": user})
    jobs.run_pending()

    assert (looks, people(lake)) == ([{7, 8}], [None] * 4)
    assert sorted(one.payload["user_id"] for one in Job.objects.filter(name=FORGET_KEPT)) == [7, 8]
    assert [one.state for one in Job.objects.filter(name=FORGET)] == [State.DONE]


@pytest.mark.django_db
def test_nobody_forgets_while_others_write(lake: Lake, settings: Any) -> None:
    settings.LYKEION_LAKE_URL = lake.url
    Reading.objects.create(pk=1, log="as it was")
    person_retired.send(None, user_id=8, email="bob@example.org", at=NOON.replace(tzinfo=UTC))

    with lake.writing():
        jobs.run_pending()
    meanwhile = people(lake)
    Job.objects.filter(name=FORGET).update(due=now())
    jobs.run_pending()

    assert (meanwhile, people(lake)) == ([7, 7, 8, 8], [7, 7, None, None])
    assert Reading.objects.get().log == ""  # the next refresh has something to do


@pytest.mark.django_db
def test_a_refresh_that_was_ordered_says_who_is_in_its_way_and_comes_again(lake: Lake, settings: Any) -> None:
    settings.LYKEION_LAKE_URL = lake.url

    order = order_refresh(by=None)
    with lake.writing():
        jobs.run_pending()

    assert (jobs.status(order).state, "writing to the lake" in jobs.status(order).error) == (State.WAITING, True)


@pytest.mark.django_db
def test_settled_days_are_nobodys_when_the_job_is_done(lake: Lake, settings: Any) -> None:
    settings.LYKEION_LAKE_URL = lake.url
    with opened(lake) as engine:
        settling.settle(engine)
    settled = {user for one in lake.files("settled") for user in _users(one.path)}

    jobs.enqueue(FORGET, {"user_id": 8})
    jobs.run_pending()

    assert settled == {7, 8}
    assert {user for one in lake.files("settled") for user in _users(one.path)} == {7, None}


def _users(path: str) -> list[int | None]:
    return list(pq.read_table(path, partitioning=None)["user_id"].to_pylist())


def test_who_forgets_hears_of_the_courses(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "more.log").write_bytes(line("seen", {}, user=8, course="course-v1:L+T2+now"))
    ingest([tmp_path / "more.log"], lake)
    heard: set[str] = set()

    forget(lake, [8], met=heard.update)

    assert heard == {RUN, "course-v1:L+T2+now"}


@pytest.mark.parametrize("metric", ["learners", "enrolments", "module_engagement", "engagement_week"])
def test_what_was_measured_of_them_is_nobodys(lake: Lake, metric: str) -> None:
    lake.write_table(pa.table({"course_id": ["c", "c"], "user_id": [7, 8]}), "results", metric, "data.parquet")
    lake.write_table(pa.table({"course_id": ["c"], "count": [7]}), "results", "summary", "data.parquet")

    forget(lake, [7])

    assert _users(lake.path("results", metric, "data.parquet")) == [None, 8]


def test_lines_that_are_no_events_go_for_nobody_knows_whose_they_are(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "torn.log").write_bytes(b'{"username":"alice","eve\n')
    ingest([tmp_path / "torn.log"], lake)
    before = len(lake.files("aside"))

    forget(lake, [7])
    again = ingest([tmp_path / "torn.log"], lake)

    assert (before, lake.files("aside"), again.lines) == (1, [], 0)
