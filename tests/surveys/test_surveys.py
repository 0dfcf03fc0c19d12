"""What a course asks before it opens: written by the staff of the site, answered once, read by the course's team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.roots import moved
from lykeion.content.types import LogEntry
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.surveys import api as surveys
from lykeion.surveys.models import Answer
from lykeion.surveys.types import Kind, Question, Survey, SurveyError
from lykeion.teaching.reports import survey as report
from lykeion.teaching.reports.types import Asked
from tests.content.trees import RUN, root_of
from tests.instructor.conftest import COURSE, as_person, run
from tests.learn.conftest import person

__all__ = ["as_person", "run"]

Browse = Callable[[str], Client]
QUESTIONS = (
    Question("Why <b>do</b> you take this?", Kind.TEXT, required=True),
    Question("Your level", Kind.ONE, ("Beginner", "Expert")),
    Question("Languages", Kind.SOME, ("Deutsch", "فارسی")),
)


@pytest.fixture
def survey(db: None) -> Survey:
    """A survey of three questions, the first to be answered by everybody."""
    return surveys.make("start", "Before you start", "It helps us.", QUESTIONS)


@pytest.fixture
def asking(run: CourseLocator) -> Callable[..., CourseLocator]:
    """Publishes the course of ``tests/instructor`` anew, with further fields."""

    def publish(**fields: Any) -> CourseLocator:
        store = content.store()
        root = root_of(store, COURSE, display_name="Waters", start="2020-01-01T00:00:00Z", **fields)
        old = content.head(run)
        entry = LogEntry("", old, root, "carol", now(), "Survey")
        store.compare_and_set_refs(moved(run, {"published": (old, root), "draft": (old, root)}, entry))
        return run

    return publish


def names(client: Client, run: CourseLocator) -> dict[str, str]:
    """The names of the fields of the survey's page, by label."""
    form = client.get(reverse("survey", args=[run])).context["form"]
    return {field.label: field.name for field in form}


def test_a_required_survey_stands_before_the_course_until_it_is_answered(
    as_person: Browse, asking: Callable[..., CourseLocator], survey: Survey
) -> None:
    run = asking(course_survey_name="start", course_survey_required=True)
    alice, home, page = as_person("alice"), reverse("course_home", args=[RUN]), reverse("survey", args=[RUN])

    before = alice.get(home)
    script = alice.get(home, headers={"X-Requested-With": "XMLHttpRequest"})
    asked = alice.get(page)
    fields = names(alice, run)
    empty = alice.post(page, {})
    sent = alice.post(
        page,
        {fields["Why <b>do</b> you take this?"]: "  For fun ", fields["Languages"]: ["Deutsch", "فارسی"], "more": "x"},
    )
    after = alice.get(home)

    assert (before.status_code, before["Location"]) == (302, page)
    assert (script.status_code, script.json()["code"]) == (403, "survey_required")
    assert "Why &lt;b&gt;do&lt;/b&gt; you take this?" in asked.content.decode()
    assert (empty.status_code, "field-error" in empty.content.decode()) == (422, True)
    assert (sent.status_code, sent["Location"], after.status_code) == (302, home, 200)
    assert Answer.objects.get().given == {
        "Why <b>do</b> you take this?": ["For fun"],
        "Languages": ["Deutsch", "فارسی"],
    }


def test_what_was_answered_first_stays(as_person: Browse, asking: Callable[..., CourseLocator], survey: Survey) -> None:
    run = asking(course_survey_name="start", course_survey_required=True)
    alice, page = as_person("alice"), reverse("survey", args=[run])
    why = names(alice, run)["Why <b>do</b> you take this?"]

    first = alice.post(page, {why: "first"})
    again = alice.post(page, {why: "second"})
    in_a_race = surveys.answer(survey, user_id=_id("alice"), run_id=1, given={"Your level": ["Expert"]}, at=now())

    assert (first.status_code, again.status_code, in_a_race) == (302, 302, False)
    assert [one.given for one in Answer.objects.all()] == [{"Why <b>do</b> you take this?": ["first"]}]


@pytest.mark.parametrize("who", ["staff", "admin", "root"])
def test_the_team_is_not_asked(
    as_person: Browse, asking: Callable[..., CourseLocator], survey: Survey, who: str
) -> None:
    run = asking(course_survey_name="start", course_survey_required=True)

    assert as_person(who).get(reverse("course_home", args=[run])).status_code == 200


@pytest.mark.parametrize("fields", [
    {"course_survey_name": "gone", "course_survey_required": True},
    {"course_survey_name": "start"},
    {"course_survey_name": None, "course_survey_required": True},
])  # fmt: skip
def test_a_course_is_open_where_the_survey_is_not_there_or_not_required(
    as_person: Browse, asking: Callable[..., CourseLocator], survey: Survey, fields: dict[str, Any]
) -> None:
    run = asking(**fields)

    assert as_person("alice").get(reverse("course_home", args=[run])).status_code == 200


def test_a_survey_that_is_not_required_is_offered_and_can_wait(
    as_person: Browse, asking: Callable[..., CourseLocator], survey: Survey
) -> None:
    run = asking(course_survey_name="start")
    alice, page = as_person("alice"), reverse("survey", args=[run])

    home = alice.get(reverse("course_home", args=[run])).content.decode()
    asked = alice.get(page).content.decode()

    assert f'href="{page}"' in home
    assert "Not now" in asked


def test_who_answered_in_another_course_is_not_asked_again(
    as_person: Browse, asking: Callable[..., CourseLocator], survey: Survey
) -> None:
    run = asking(course_survey_name="start", course_survey_required=True)
    surveys.answer(survey, user_id=_id("alice"), run_id=10_000, given={}, at=now())

    assert as_person("alice").get(reverse("course_home", args=[run])).status_code == 200
    assert as_person("dora").get(reverse("course_home", args=[run])).status_code == 302


def test_the_team_sees_what_is_asked_and_how_many_answered(
    as_person: Browse, asking: Callable[..., CourseLocator], survey: Survey
) -> None:
    run = asking(course_survey_name="start", course_survey_required=True)
    surveys.answer(survey, user_id=_id("alice"), run_id=catalog.run(run).id, given={}, at=now())
    page = reverse("instructor:info", args=[run])

    staff, data = (as_person(name).get(page).content.decode() for name in ("staff", "data"))

    assert "start · nobody enters without it · 1 person answered" in staff
    assert ("#report-survey" in staff, "#report-survey" in data) == (False, True)


def test_only_learners_are_asked(as_person: Browse, asking: Callable[..., CourseLocator], survey: Survey) -> None:
    page = reverse("survey", args=[asking(course_survey_name="start")])

    assert as_person("dan").get(page).status_code == 404
    assert as_person("").get(page).status_code == 302


def test_a_course_without_a_required_survey_costs_no_query(
    as_person: Browse, asking: Callable[..., CourseLocator]
) -> None:
    run = asking(course_survey_name="", course_survey_required=True)
    alice, home = as_person("alice"), reverse("course_home", args=[run])
    alice.get(home)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        alice.get(home)

    assert not [one for one in queries.captured_queries if "surveys_" in one["sql"]]


def test_the_report_has_open_edx_columns_and_questions_that_are_asked_no_more(
    run: CourseLocator, survey: Survey
) -> None:
    offered = catalog.run(run)
    gone = person("gone")
    given = {"alice": {"Your level": ["Expert"], "Old question": ["=1"]}, "dora": {"Languages": ["Deutsch", "فارسی"]}}
    for name, texts in given.items():
        surveys.answer(survey, user_id=_id(name), run_id=offered.id, given=texts, at=now())
    surveys.answer(survey, user_id=gone, run_id=offered.id, given={"Your level": ["Expert"]}, at=now())
    accounts.retire(gone, at=now())

    table = report.table(Asked(offered, now()))
    rows = [row for _done, part in table.parts for row in part]

    labels = ["Why <b>do</b> you take this?", "Your level", "Languages", "Old question"]
    assert [one.name for one in table.columns] == ["User ID", "User Name", "Email", *labels]
    assert rows == [
        [_id("alice"), "alice", "alice@example.org", "", "Expert", "", "=1"],
        [_id("dora"), "dora", "dora@example.org", "", "", "Deutsch, فارسی", ""],
    ]
    assert not Answer.objects.filter(user_id=gone).exists()


@pytest.mark.parametrize(("name", "questions", "words"), [
    ("a/b", QUESTIONS, "A name has letters"),
    ("start", QUESTIONS, "called “start” already"),
    ("new", (), "at least one question"),
    ("new", [Question("A"), Question("A")], "“A” is asked twice"),
    ("new", [Question("A", Kind.ONE, ("x", "x"))], "needs two options"),
    ("new", [Question(str(number)) for number in range(101)], "At most 100"),
])  # fmt: skip
def test_what_cannot_be_asked_is_said(survey: Survey, name: str, questions: Any, words: str) -> None:
    with pytest.raises(SurveyError, match=words):
        surveys.make(name, "T", "", questions)


def _id(name: str) -> int:
    found = accounts.find_person(name)
    assert found is not None
    return found.id
