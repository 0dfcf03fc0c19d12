"""The list of learners: who is at risk and why, filters, files."""

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

from lykeion.accounts.signals import person_retired
from lykeion.analytics import refreshing
from lykeion.analytics.models import LearnerFigure
from lykeion.analytics.types import Learner
from lykeion.catalog import api as catalog
from lykeion.core.keys import CourseLocator
from lykeion.instructor import reasons
from lykeion.instructor.views import analytics
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher
from tests.instructor.figures import AT, rows


@pytest.mark.usefixtures("written")
def test_a_learner_who_stays_away_is_at_risk_and_the_page_says_why(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    address = reverse("instructor:analytics_learners", args=[run])

    risky = as_person("staff").get(address, {"flag": "at_risk"}).content
    best = as_person("staff").get(address, {"sort": "-problem_attempts"}).content
    named = as_person("staff").get(address, {"text": "ali"}).content

    assert [row[0].split(" ")[0] for row in rows(risky)] == ["dora"]
    assert rows(risky)[0][1] == "At risk no grade yet; last here 9 days ago Fading"
    assert [row[0].split(" ")[0] for row in rows(best)] == ["alice", "dora"]
    assert [row[0].split(" ")[0] for row in rows(named)] == ["alice"]
    heads = html.fromstring(best.decode()).xpath("//th[@aria-sort]")
    assert [(head.get("aria-sort"), head.text_content().strip()) for head in heads] == [("descending", "Attempts")]


@pytest.mark.usefixtures("written")
def test_who_tried_and_solved_nothing_is_told_so(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=AT - timedelta(days=8))

    page = as_person("staff").get(reverse("instructor:analytics_learners", args=[run]), {"text": "dora"}).content

    assert rows(page)[0][-1] == "none solved"


def test_why_somebody_struggles_is_told_in_figures() -> None:
    nothing = dict.fromkeys(Learner.__dataclass_fields__, 0) | {"struggling": True, "last": AT}
    bounds = {"attempts_per_completed_low": 1.0, "attempts_per_completed_high": 3.5}

    def why(**more: float | None) -> str:
        return reasons.reasons(Learner(**(nothing | more)), bounds, AT)[0].why  # type: ignore[arg-type]

    assert why(problem_attempts=8, attempts_per_completed=4.0) == (
        "4.0 attempts for each problem solved; most need fewer than 3.5"
    )
    assert why(problem_attempts=1, attempts_per_completed=None) == "1 attempt, nothing solved"
    assert why(problem_attempts=8, attempts_per_completed=None) == "8 attempts, nothing solved"


def test_the_list_of_learners_as_a_file_is_in_the_log(
    as_person: Callable[[str], Client], run: CourseLocator, written: dict[str, int], teacher: Callable[..., Teacher]
) -> None:
    refreshing.refresh(at=AT)

    answer = as_person("data").get(
        reverse("instructor:analytics_learners_file", args=[run, "csv"]), {"mode": "verified"}
    )

    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[:4] for line in lines] == [
        ["\ufeffuser_id", "username", "email", "mode"],
        [str(written["alice"]), "alice", "alice@example.org", "verified"],
    ]
    [deed], _more = deeds.log(teacher(), whats=["fetch_learners"])
    assert deed.details == {"mode": "verified"}


@pytest.mark.usefixtures("written")
def test_who_looks_for_a_name_of_many_is_told_so_and_gets_them_all_as_a_file(
    as_person: Callable[[str], Client], run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshing.refresh(at=AT)
    monkeypatch.setattr(analytics, "_FOUND", 1)
    monkeypatch.setattr(analytics, "_CHUNK", 1)
    address, file = (
        reverse(f"instructor:analytics_{name}", args=[run, *form])
        for name, form in (("learners", []), ("learners_file", ["csv"]))
    )

    pages = [as_person("data").get(address, {"text": text}).content for text in ("example.org", "alice", "")]
    answer = as_person("data").get(file, {"text": "example.org"})

    told = ["first by user name" in page.decode() for page in pages]
    assert (told, len(rows(pages[0])), len(rows(pages[2]))) == ([True, False, False], 1, 2)
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[1] for line in lines] == ["username", "alice", "dora"]


@pytest.mark.usefixtures("written")
def test_learners_of_a_cohort_are_shown_and_a_file_says_who_is_in_which(
    as_person: Callable[[str], Client], run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    refreshing.refresh(at=AT)
    address = reverse("instructor:analytics_learners", args=[run])
    without = as_person("data").get(address).content.decode()
    catalog.set_cohorted(run, True, at=AT)
    for name in ("Blue", "Red"):
        catalog.make_cohort(run, name, automatic=False, at=AT)
    catalog.add_to_cohort(run, "Blue", ["alice"], at=AT)
    data = as_person("data")

    blue, red, unknown = (data.get(address, {"cohort": name}).content for name in ("Blue", "Red", "x"))
    both = data.get(address, {"cohort": "Blue", "text": "example.org"}).content
    file = data.get(reverse("instructor:analytics_learners_file", args=[run, "csv"]), {"cohort": "Blue"})
    everybody = data.get(reverse("instructor:analytics_learners_file", args=[run, "csv"]))

    assert "find-cohort" not in without
    options = html.fromstring(blue.decode()).xpath("//select[@name='cohort']/option")
    assert [(one.text, "selected" in one.attrib) for one in options] == [
        ("All", False), ("Blue", True), ("Red", False),
    ]  # fmt: skip
    assert [row[0].split(" ")[0] for row in rows(blue)] == ["alice"]
    assert [row[0].split(" ")[0] for row in rows(both)] == ["alice"]
    assert [b"Nobody in this course is like that" in page for page in (red, unknown)] == [True, True]
    assert _cohorts(file) == {"alice": "Blue"}
    assert _cohorts(everybody) == {"alice": "Blue", "dora": ""}
    done, _more = deeds.log(teacher(), whats=["fetch_learners"])
    assert [one.details for one in done] == [{}, {"cohort": "Blue"}]


def _cohorts(answer: Any) -> dict[str, str]:
    found = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    return {row["username"]: row["cohort"] for row in found}


@pytest.mark.usefixtures("written")
def test_a_page_beyond_the_last_one_is_the_last_one(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    refreshing.refresh(at=AT)

    page = as_person("staff").get(reverse("instructor:analytics_learners", args=[run]), {"page": "99"}).content

    assert len(rows(page)) == 2


def test_whoever_deletes_their_account_is_in_no_list(written: dict[str, int], run: CourseLocator) -> None:
    refreshing.refresh(at=AT)

    person_retired.send(None, user_id=written["dora"], email="dora@example.org", at=AT)

    assert list(LearnerFigure.objects.values_list("user_id", flat=True)) == [written["alice"]]


@pytest.mark.usefixtures("written")
def test_learners_are_shown_since_they_began_too_and_come_as_parquet(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    refreshing.refresh(at=AT)
    data = as_person("data")

    ever = data.get(reverse("instructor:analytics_learners", args=[run]), {"span": "ever", "text": "dora"}).content
    file = data.get(reverse("instructor:analytics_learners_file", args=[run, "parquet"]))
    figures = data.get(reverse("instructor:analytics_file", args=[run, "items", "parquet"]))
    none = data.get(reverse("instructor:analytics_learners_file", args=[run, "exe"]))

    assert rows(ever)[0][4:] == ["1", "1", "1", "0", "0", "0"]
    table = pq.read_table(io.BytesIO(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
    assert {name: str(kind) for name, kind in zip(table.schema.names, table.schema.types, strict=True)} | {
        "percent": "double", "last": "timestamp[us, tz=UTC]", "at_risk": "bool", "enrolled_on": "date32[day]"
    } == {name: str(kind) for name, kind in zip(table.schema.names, table.schema.types, strict=True)}  # fmt: skip
    assert sorted(table["username"].to_pylist()) == ["alice", "dora"]
    assert pq.read_table(io.BytesIO(b"".join(figures.streaming_content))).num_rows == 1  # type: ignore[attr-defined]
    assert none.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.usefixtures("written")
def test_lists_say_what_they_leave_out(
    as_person: Callable[[str], Client], run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshing.refresh(at=AT)
    monkeypatch.setattr(analytics, "_FOUND", 1)
    staff = as_person("staff")

    some = staff.get(reverse("instructor:analytics_learners", args=[run]), {"text": "example.org"}).content.decode()
    unknown = staff.get(reverse("instructor:analytics_learners", args=[run]), {"sort": "xx"}).content
    usual = staff.get(reverse("instructor:analytics_learners", args=[run])).content
    up = staff.get(reverse("instructor:analytics_learners", args=[run]), {"sort": "percent"}).content

    assert "At least 1 learner<" in some
    assert rows(unknown) == rows(usual)
    assert b"sort=xx" not in unknown
    assert len(rows(up)) == 2
    progress = staff.get(reverse("instructor:analytics_progress", args=[run])).content.decode()
    assert "Some of them" in progress
    assert "At least one" not in progress
