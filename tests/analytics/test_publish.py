"""From the lake to the tables that pages read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lykeion.analytics import api as analytics
from lykeion.analytics import refreshing, settling
from lykeion.analytics.engine import Engine, opened
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.analytics.models import Figure, LearnerFigure, PublishedDay
from lykeion.analytics.publish import publish
from lykeion.analytics.types import LearnerQuery, Refreshed
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.keys import usage_text
from tests.analytics.lines import NOON, RUN, answer, enrolled, line
from tests.content.trees import RUN as KEY
from tests.content.trees import make_run, root_of

AT = (NOON + timedelta(days=2)).replace(tzinfo=UTC)
SUM = usage_text(KEY, "problem@sum")


@pytest.fixture
def run_id(db: None) -> int:
    """A course with a problem in a subsection."""
    problem = ("problem@sum", {"display_name": "Sum", "data": "<problem/>"})
    section = ("chapter@one", ("sequential@sub", ("vertical@unit", problem)))
    make_run(content.store(), root_of(content.store(), section, display_name="Waters"))
    catalog.catch_up()
    return catalog.run(KEY).id


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with opened(Lake(str(tmp_path / "lake")), memory_mb=200, threads=1) as found:
        yield found


def told(engine: Engine, tmp_path: Path, name: str, *lines: bytes, at: datetime = AT) -> int:
    """Ingests a log, settles and publishes; of how many runs."""
    (tmp_path / name).write_bytes(b"".join(lines))
    ingest([tmp_path / name], engine.lake)
    settling.settle(engine)
    return publish(engine, at=at)


def done(user: int, block: str) -> bytes:
    """Somebody completed a block."""
    payload = {"course_id": RUN, "user_id": user, "block_id": usage_text(KEY, block), "block_type": "x"}
    return line("edx.completion.block_completion.changed", {**payload, "completion": 1.0}, user=user)


def test_results_are_read_by_key(engine: Engine, tmp_path: Path, run_id: int) -> None:
    count = told(
        engine, tmp_path, "a.log", enrolled(7), answer("sum_2_1", "yes", True, problem=SUM), done(7, "problem@sum")
    )

    assert count == 1
    assert analytics.figures(run_id, "funnel") == [{"part_id": "sequential@sub", "started": 1, "finished": 1}]
    day = {"mode": "audit", "count": 1, "cumulative": 1}
    days = ("2026-03-02", "2026-03-03", "2026-03-04")
    assert analytics.figures(run_id, "enrolment") == [{"day": name, **day} for name in days]
    [given] = analytics.figures(run_id, "answers", SUM)
    assert (given["answer"], given["last_count"], analytics.figures(run_id, "answers", "another")) == ("the yes", 1, [])
    [learner] = analytics.learners(run_id, LearnerQuery()).learners
    assert (learner.user_id, learner.problem_attempts, learner.last) == (7, 1, NOON.replace(tzinfo=UTC))


def test_a_refresh_publishes_what_a_job_elsewhere_settled(
    engine: Engine, tmp_path: Path, run_id: int, settings: Any
) -> None:
    (tmp_path / "a.log").write_bytes(enrolled(7))
    ingest([tmp_path / "a.log"], engine.lake)
    settling.settle(engine)
    settings.LYKEION_LAKE_URL, settings.LYKEION_TRACKING_LOG = engine.lake.url, tmp_path / "tracking.log"

    found = refreshing.refresh(at=AT, forced=True)

    assert (found, len(analytics.figures(run_id, "enrolment"))) == (Refreshed(lines=0, days=0, runs=1), 3)


def test_what_changes_is_replaced_and_what_is_gone_goes(engine: Engine, tmp_path: Path, run_id: int) -> None:
    told(engine, tmp_path, "a.log", enrolled(7), enrolled(8), answer("sum_2_1", "yes", True, user=8, problem=SUM))
    before = {row.pk: row.rows for row in Figure.objects.all()}

    later = NOON + timedelta(hours=1)
    told(engine, tmp_path, "b.log", enrolled(7, at=later, what="deactivated"), enrolled(9, at=later, mode="verified"))

    assert list(LearnerFigure.objects.order_by("user_id").values_list("user_id", "mode")) == [
        (8, "audit"),
        (9, "verified"),
    ]
    after = {row.pk: row.rows for row in Figure.objects.all()}
    assert [row["count"] for row in analytics.figures(run_id, "enrolment")] == [1, 1] * 3
    assert {Figure.objects.get(pk=key).metric for key in before if after.get(key) != before[key]} == {
        "enrolment",
        "retention",
        "summary",
    }


def test_nothing_is_published_where_nothing_changed(engine: Engine, tmp_path: Path, run_id: int) -> None:
    first = told(engine, tmp_path, "a.log", enrolled(7))

    assert (first, publish(engine, at=AT), publish(engine, at=AT, everything=True)) == (1, 0, 1)


def test_what_a_killed_refresh_left_is_published_by_the_next(engine: Engine, tmp_path: Path, run_id: int) -> None:
    told(engine, tmp_path, "a.log", enrolled(7))
    Figure.objects.all().delete()
    PublishedDay.objects.update(word="other")

    assert publish(engine, at=AT) == 1
    assert len(analytics.figures(run_id, "enrolment")) == 3


def test_courses_that_the_site_does_not_offer_are_passed_over(engine: Engine, tmp_path: Path, run_id: int) -> None:
    elsewhere = enrolled(7).replace(b"Lykeion+T1+now", b"Else+T1+now")
    old = enrolled(7).replace(b"course-v1:Lykeion+T1+now", b"Old/T1/now")
    wrong = enrolled(7).replace(b"Lykeion+T1+now", b"a!b+c+d")

    told(engine, tmp_path, "a.log", elsewhere, old, wrong, enrolled(8))

    assert list(LearnerFigure.objects.values_list("run_id", "user_id")) == [(run_id, 8)]


def test_who_solved_nothing_needs_the_most_attempts_for_each_problem(
    engine: Engine, tmp_path: Path, run_id: int
) -> None:
    people = [enrolled(user) for user in range(1, 11)]
    sent = [
        answer("sum_2_1", "x", user > 3, user=user, problem=SUM, at=NOON + timedelta(minutes=n))
        for n, user in enumerate((2, 2, *range(3, 11)))
    ]
    told(engine, tmp_path, "a.log", *people, *sent)

    def sorted_by(sort: str) -> list[tuple[int, float | None, bool]]:
        page = analytics.learners(run_id, LearnerQuery(sort=sort))
        return [(one.user_id, one.attempts_per_completed, one.struggling) for one in page.learners]

    solved = [(user, 1.0, False) for user in range(4, 11)]
    assert sorted_by("-attempts_per_completed") == [(2, None, True), (3, None, True), *solved, (1, None, False)]
    assert sorted_by("attempts_per_completed") == [*solved, (3, None, True), (2, None, True), (1, None, False)]
    [bounds] = analytics.figures(run_id, "ranges")
    assert bounds["attempts_per_completed_high"] is None


def test_where_most_solved_nothing_those_struggle(engine: Engine, tmp_path: Path, run_id: int) -> None:
    sent = [
        answer("sum_2_1", "x", user == 1, user=user, problem=SUM, at=NOON + timedelta(minutes=n))
        for n, user in enumerate((1, 2, 3))
    ]

    told(engine, tmp_path, "a.log", *map(enrolled, (1, 2, 3)), *sent)

    page = analytics.learners(run_id, LearnerQuery(sort="user_id"))
    assert [(one.user_id, one.struggling) for one in page.learners] == [(1, False), (2, True), (3, True)]


def test_learners_are_sorted_and_chosen(engine: Engine, tmp_path: Path, run_id: int) -> None:
    people = [enrolled(user, mode="verified" if user == 3 else "audit") for user in (2, 3, 4)]
    people.append(enrolled(1, at=NOON - timedelta(days=20)))
    sent = [
        answer("sum_2_1", "no", False, user=user, problem=SUM, at=NOON + timedelta(minutes=n))
        for user, n in ((2, 1), (2, 2), (3, 3))
    ]
    told(engine, tmp_path, "a.log", *people, *sent)

    def ids(**query: object) -> list[int]:
        return [one.user_id for one in analytics.learners(run_id, LearnerQuery(**query)).learners]  # type: ignore[arg-type]

    assert ids(sort="-problem_attempts") == [2, 3, 1, 4]
    assert ids(sort="user_id", size=2, page=2) == [3, 4]
    assert (ids(mode="verified"), ids(flag="inactive"), ids(user_ids=(1, 9))) == ([3], [1, 4], [1])
    assert ids(sort="password", flag="is_staff") == ids()
    assert analytics.modes(run_id) == ["audit", "verified"]
    assert [one.user_id for one in analytics.walk(run_id, LearnerQuery())] == [1, 2, 3, 4]
