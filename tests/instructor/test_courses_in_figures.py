"""All courses in figures, and figures that are made anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from lykeion.analytics import api as analytics
from lykeion.analytics import refreshing
from lykeion.analytics.lake import Lake
from lykeion.analytics.models import Reading
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run, RunPage, RunQuery
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.jobs.models import Job
from tests.instructor.figures import AT


@pytest.mark.usefixtures("written")
def test_courses_come_as_a_file(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=AT)
    root = as_person("root")
    address = reverse("instructor:site_courses_file", args=["csv"])

    page = root.get(reverse("instructor:site_courses")).content.decode()
    text = root.get(address)
    table = root.get(reverse("instructor:site_courses_file", args=["parquet"]))
    other = root.get(reverse("instructor:site_courses_file", args=["exe"]))

    assert (address in page, other.status_code) == (True, HTTPStatus.NOT_FOUND)
    assert text["Content-Disposition"] == 'attachment; filename="courses.csv"'
    found = list(csv.DictReader(io.StringIO(b"".join(text.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    [waters] = [row for row in found if row["course_id"] == str(run)]
    assert waters == {
        "course_id": str(run), "title": "Waters", "start": "2020-01-01 00:00:00+00:00", "end": "",
        "enrolled": "2", "change": "1", "ever": "2", "active": "1", "passing": "0",
    }  # fmt: skip
    columns = pq.read_table(io.BytesIO(b"".join(table.streaming_content)))  # type: ignore[attr-defined]
    assert columns.num_rows == len(found)


def test_the_file_holds_courses_of_all_pages(
    as_person: Callable[[str], Client], run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    course: Run = catalog.run(run)

    def two_pages(_person: Any, query: RunQuery) -> RunPage:
        return RunPage((course,), 2, query.page, 2, (), (), ())

    monkeypatch.setattr(catalog, "runs", two_pages)

    answer = as_person("root").get(reverse("instructor:site_courses_file", args=["csv"]))

    assert len(b"".join(answer.streaming_content).splitlines()) == 3  # type: ignore[attr-defined]


@pytest.mark.usefixtures("written")
def test_the_staff_of_the_site_have_all_figures_made_anew(as_person: Callable[[str], Client]) -> None:
    refreshing.refresh(at=AT - timedelta(days=1))
    root, page = as_person("root"), reverse("instructor:site_courses")
    [form] = html.fromstring(root.get(page).content).xpath("//form[contains(@action, 'refresh')]")

    place = root.post(form.get("action"))["Location"]
    again = root.post(form.get("action"))["Location"]
    waiting = root.get(place).content.decode()
    meanwhile = root.get(page).content.decode()
    jobs.run_pending()
    done = root.get(place, headers={"HX-Request": "true"}).content.decode()

    assert again == place
    assert ("It begins as soon as a worker is free" in waiting, f'hx-get="{place}"' in waiting) == (True, True)
    assert (place in meanwhile, f'action="{form.get("action")}"' in meanwhile) == (True, False)
    assert "The figures of one course were made anew" in done
    assert ("hx-get" in done, "<html" in done) == (False, False)
    assert Reading.objects.get().until > AT  # type: ignore[operator]
    assert analytics.refresh_under_way() is None


@pytest.mark.usefixtures("written")
def test_a_refresh_that_finds_the_lake_in_use_waits_and_at_last_says_so(
    as_person: Callable[[str], Client], settings: Any
) -> None:
    root = as_person("root")
    place = root.post(reverse("instructor:site_refresh"))["Location"]
    number = int(place.rsplit("/", 1)[1])

    with Lake(settings.LYKEION_LAKE_URL).writing():
        jobs.run_pending()
        waits = root.get(place).content.decode()
        for _time in range(7):
            Job.objects.filter(pk=number).update(due=AT - timedelta(days=1))
            jobs.run_pending()
    failed = root.get(place).content.decode()

    assert "It is tried again at" in waits
    assert ("LakeBusy: " in failed, "Try it again" in failed) == (True, True)
    assert analytics.refresh_under_way() is None


def test_how_far_it_is_is_shown(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    number = analytics.order_refresh(by=1)
    Job.objects.filter(pk=number).update(state="running", done=1, total=4, message="published")

    page = as_person("root").get(reverse("instructor:site_refresh_job", args=[number])).content

    [bar] = html.fromstring(page).xpath("//*[@role='progressbar']")
    assert (bar.get("aria-label"), bar.get("aria-valuenow")) == ("Courses counted", "25")
    assert analytics.refresh_under_way() == number


def test_other_jobs_are_no_refresh_that_was_ordered(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    root = as_person("root")
    numbers = [jobs.enqueue("analytics.refresh", None), jobs.enqueue("analytics.report", {"span": "day"}, by=1)]

    answers = [root.get(reverse("instructor:site_refresh_job", args=[number])) for number in numbers]

    assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 2
    assert analytics.refresh_under_way() is None


@pytest.mark.usefixtures("written")
def test_the_page_asks_few_questions(as_person: Callable[[str], Client], django_assert_max_num_queries: Any) -> None:
    refreshing.refresh(at=AT)
    root, page = as_person("root"), reverse("instructor:site_courses")
    root.get(page)

    with django_assert_max_num_queries(12):
        assert root.get(page).status_code == HTTPStatus.OK
