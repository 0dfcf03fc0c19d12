"""Reports of what each learner did: who orders them, and what is in their files."""

from __future__ import annotations

import io
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from lykeion.analytics import refreshing
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.jobs import api as jobs
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher
from tests.analytics.lines import check, line
from tests.instructor.figures import AT, content_places


@pytest.fixture
def page(run: CourseLocator, written: dict[str, int], log: Path) -> str:
    """The address of the reports of a course in which alice opened a subsection, too."""
    place = "/".join(content_places(run))
    with log.open("ab") as out:
        at = AT.replace(tzinfo=None)
        out.write(line(f"/courses/{run}/courseware/{place}/1/", "{}", user=written["alice"], at=at, course=str(run)))
    refreshing.refresh(at=AT)
    return reverse("instructor:analytics_engagement", args=[run])


def ordered(client: Client, page: str, span: str) -> list[str]:
    """Orders a report and has it made; the addresses of its files."""
    client.post(page, {"span": span})
    jobs.run_pending()
    shown = html.fromstring(client.get(page).content.decode())
    return [str(link.get("href")) for link in shown.xpath("(//section[@id='files']//tbody/tr)[1]//a")]


@pytest.mark.parametrize("span", ["day", "week", "ever"])
def test_a_report_tells_what_each_learner_did(
    as_person: Callable[[str], Client], page: str, span: str, written: dict[str, int], teacher: Callable[..., Teacher]
) -> None:
    data = as_person("data")

    csv, parquet = ordered(data, page, span)

    table = pq.read_table(io.BytesIO(b"".join(data.get(parquet).streaming_content)))  # type: ignore[attr-defined]
    found = {row["username"]: row for row in table.to_pylist() if row["problem_attempts"]}
    alice, dora = found["alice"], found["dora"]
    first = span if span in ("day", "week") else "user_id"
    assert (table.schema.names[0], alice["user_id"], alice["email"]) == (first, written["alice"], "alice@example.org")
    names = ("problems_attempted", "problem_attempts", "problems_correct", "videos_played", "textbook_pages")
    assert [alice[name] for name in names] == [1, 1, 1, 2, 0]
    assert [dora[name] for name in names] == [1, 1, 0, 0, 0]
    assert dora["last_subsection_viewed"] is None
    lines = b"".join(data.get(csv).streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert (lines[0].split(","), len(lines)) == (table.schema.names, table.num_rows + 1)
    done, _more = deeds.log(teacher(), whats=["order_engagement", "fetch_engagement"])
    assert sorted(one.what for one in done) == ["fetch_engagement", "fetch_engagement", "order_engagement"]


def test_subsections_are_told_by_their_titles(as_person: Callable[[str], Client], page: str) -> None:
    data = as_person("data")

    _csv, parquet = ordered(data, page, "ever")

    table = pq.read_table(io.BytesIO(b"".join(data.get(parquet).streaming_content)))  # type: ignore[attr-defined]
    assert set(table["last_subsection_viewed"].to_pylist()) == {None, "Week 1 / Reading"}


def test_a_report_tells_what_each_learner_answered(
    as_person: Callable[[str], Client], page: str, run: CourseLocator, written: dict[str, int], log: Path
) -> None:
    old, two = usage_text(run, "problem@gone"), usage_text(run, "problem@sum")
    with log.open("ab") as out:
        for name, problem in (("alice", two), ("dora", old)):
            payload = check({"sum_2_1": ("=late", False)}, problem=problem)
            at = AT.replace(tzinfo=None)
            out.write(line("problem_check", payload, user=written[name], at=at, course=str(run), module="A problem"))
    refreshing.refresh(at=AT, forced=True)
    data = as_person("data")
    order = html.fromstring(data.get(reverse("instructor:analytics_problems", args=[run])).content.decode())
    [form] = order.xpath("//form[.//button[@name='span']]")
    assert form.get("action") == page
    [span] = form.xpath(".//button/@value")

    csv, parquet = ordered(data, page, span)

    table = pq.read_table(io.BytesIO(b"".join(data.get(parquet).streaming_content)))  # type: ignore[attr-defined]
    assert table.schema.names == [
        "user_id", "username", "email", "problem_id", "title", "place", "position", "part_id", "question", "answer",
        "correct", "grade", "max_grade", "first_at", "last_at", "attempts",
    ]  # fmt: skip
    found = {(row["username"], row["problem_id"]): row for row in table.to_pylist()}
    names = ("title", "place", "position", "part_id", "correct", "attempts")
    position = content.outline(run).get("problem@sum").index  # type: ignore[union-attr]
    assert {key: tuple(row[name] for name in names) for key, row in found.items()} == {
        ("alice", two): ("Sum", "Week 1 / Reading / Rivers", position, "sum_2_1", False, 2),
        ("dora", two): ("Sum", "Week 1 / Reading / Rivers", position, "sum_2_1", False, 1),
        ("dora", old): ("A problem", None, None, "sum_2_1", False, 1),
    }
    alice = found["alice", two]
    assert (alice["first_at"] < alice["last_at"], alice["max_grade"]) == (True, 1.0)
    lines = b"".join(data.get(csv).streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert (lines[0].split(","), len(lines)) == (table.schema.names, 4)


def test_who_may_have_no_reports_is_offered_none(
    as_person: Callable[[str], Client], page: str, run: CourseLocator
) -> None:
    problems = as_person("staff").get(reverse("instructor:analytics_problems", args=[run])).content.decode()

    assert ("Attempts on average" in problems, page in problems) == (True, False)


def test_reports_that_are_none_are_not_found(
    as_person: Callable[[str], Client], page: str, run: CourseLocator, settings: Any
) -> None:
    data = as_person("data")
    other = jobs.enqueue("analytics.report", {"course": "course-v1:a+b+c", "span": "day"}, about="course-v1:a+b+c")
    ordered(data, page, "day")
    [mine] = [job.id for job in jobs.find(name="analytics.report", about=str(run))]

    answers = [
        data.post(page, {"span": "year"}),
        *(data.get(reverse("instructor:analytics_engagement_file", args=[run, number, form]))
          for number, form in ((mine, "exe"), (other, "csv"), (other + 100, "csv"))),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 4
