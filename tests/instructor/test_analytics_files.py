"""Figures as files."""

from __future__ import annotations

import io
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from lykeion.analytics import refreshing
from lykeion.core.keys import CourseLocator, usage_text
from tests.analytics.lines import check, line
from tests.instructor.figures import AT, content_places, rows


@pytest.mark.usefixtures("written")
def test_figures_come_as_files_and_unknown_ones_are_not_found(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    file = staff.get(reverse("instructor:analytics_file", args=[run, "grades", "csv"]))
    unknown = staff.get(reverse("instructor:analytics_file", args=[run, "secrets", "csv"]))

    assert b"".join(file.streaming_content) == b"\xef\xbb\xbftenth,learners,passed\r\n"  # type: ignore[attr-defined]
    assert unknown.status_code == HTTPStatus.NOT_FOUND


def lines_of(client: Client, run: CourseLocator, metric: str) -> list[list[str]]:
    """The lines of the file of a metric, its head first."""
    answer = client.get(reverse("instructor:analytics_file", args=[run, metric, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return [line.split(",") for line in text.splitlines()]


@pytest.mark.usefixtures("written")
def test_how_many_of_those_enrolled_were_active_is_told_by_week(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    page = html.fromstring(staff.get(reverse("instructor:analytics_activity", args=[run])).content.decode())
    head, *found = lines_of(staff, run, "activity")

    table = page.xpath("//table[caption='Active learners by week']")[0]
    cells = [[cell.text_content() for cell in row.xpath("td")] for row in table.xpath(".//tbody/tr")]
    assert table.xpath("string(.//th[last()])") == "Active, of those enrolled"
    assert (cells[0], cells[-1]) == (["1", "1", "1", "0", "50 %"], ["1", "1", "0", "0", "100 %"])
    assert head[-2:] == ["enrolled", "active_percent"]
    assert [row[-2:] for row in found] == [["1", "1.0"], ["2", "0.5"]]


@pytest.mark.usefixtures("written")
def test_files_of_progress_name_what_they_are_of(
    as_person: Callable[[str], Client], run: CourseLocator, log: Path, written: dict[str, int]
) -> None:
    at, place = AT.replace(tzinfo=None), "/".join(content_places(run))
    done = {"course_id": str(run), "user_id": written["alice"], "block_type": "problem", "completion": 1.0}
    with log.open("ab") as out:
        out.write(line(f"/courses/{run}/courseware/{place}/1/", "{}", user=written["alice"], at=at, course=str(run)))
        for key in (usage_text(run, "problem@sum"), usage_text(run, "problem@gone")):
            told = done | {"block_id": key}
            out.write(line("edx.completion.block_completion.changed", told, user=1, at=at, course=str(run)))
    before = as_person("staff").get(reverse("instructor:analytics_progress", args=[run])).content.decode()
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    page = staff.get(reverse("instructor:analytics_progress", args=[run])).content.decode()

    blocks = reverse("instructor:analytics_file", args=[run, "completion", "csv"])
    assert (blocks in before, blocks in page) == (False, True)
    assert lines_of(staff, run, "funnel") == [
        ["part_id", "section", "title", "opened", "started", "finished"],
        ["sequential@sub", "Week 1", "Reading", "1", "1", "0"],
        ["sequential@second", "Week 1", "Lakes", "0", "0", "0"],
    ]
    assert [row[:4] for row in lines_of(staff, run, "reach")] == [
        ["part_id", "title", "kind", "there"],
        ["sequential@sub", "Reading", "page", "1"],
        ["sequential@sub", "Reading", "problem", "1"],
    ]
    assert lines_of(staff, run, "completion") == [
        ["block_id", "type", "title", "place", "learners"],
        [usage_text(run, "html@text"), "html", "Text", "Week 1 / Reading / Rivers", "0"],
        [usage_text(run, "problem@sum"), "problem", "Sum", "Week 1 / Reading / Rivers", "1"],
        [usage_text(run, "problem@deep"), "problem", "Deep", "Week 1 / Lakes / More", "0"],
        [usage_text(run, "problem@gone"), "", "", "", "1"],
    ]


@pytest.mark.usefixtures("written")
def test_attempts_on_average_are_on_the_page_and_in_the_file(
    as_person: Callable[[str], Client], run: CourseLocator, log: Path, written: dict[str, int]
) -> None:
    again = check({"sum_2_1": ("choice_1", False)}, problem=usage_text(run, "problem@sum"))
    with log.open("ab") as out:
        out.write(line("problem_check", again, user=written["alice"], at=AT.replace(tzinfo=None), course=str(run)))
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    shown = rows(staff.get(reverse("instructor:analytics_problems", args=[run])).content)
    head, found = lines_of(staff, run, "items")

    assert shown[0][1:4] == ["2", "3", "1.5"]
    assert (head[-1], found[-1]) == ("average_attempts", "1.5")


@pytest.mark.usefixtures("written")
def test_a_file_holds_days_as_days_and_numbers_as_numbers_even_where_there_are_none(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    staff = as_person("staff")

    def types(metric: str) -> dict[str, str]:
        file = staff.get(reverse("instructor:analytics_file", args=[run, metric, "parquet"]))
        schema = pq.read_schema(io.BytesIO(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
        return {field.name: str(field.type) for field in schema}

    assert types("enrolment") == {"day": "date32[day]", "mode": "string", "count": "int64", "cumulative": "int64"}
    assert types("items")["discrimination"] == "double"  # nobody's yet
    assert types("grades") == {"tenth": "int64", "learners": "int64", "passed": "int64"}  # no row
