"""Studio's home: who finds which courses, new ones and new runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.authoring.api import courses
from lykeion.content import api as content
from lykeion.content.types import RunMissing
from lykeion.core.keys import CourseLocator, run_of
from tests.content.trees import NOON

NEW = {"title": "Winds", "org": "Lykeion", "course": "W1", "run": "r1"}


@pytest.mark.parametrize(("who", "sees"), [("carol", True), ("reader", True), ("orgadmin", True), ("limited", False)])
def test_people_find_the_courses_they_may_open(who: str, sees: bool, as_person: Callable[[str], Client]) -> None:
    page = as_person(who).get(reverse("studio:home")).content.decode()

    assert ("Waters" in page) == sees


def test_courses_are_found_by_a_part_of_their_name(carol: Client) -> None:
    assert "Waters" in carol.get(reverse("studio:home"), {"q": "water"}).content.decode()
    assert "No course has that name" in carol.get(reverse("studio:home"), {"q": "fire"}).content.decode()


def test_the_number_of_courses_costs_no_queries(
    run: CourseLocator, as_person: Callable[[str], Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_person("orgadmin")
    client.get(reverse("studio:home"))
    person = accounts.find_person("orgadmin")
    assert person is not None
    for number in range(5):
        courses.create(person, org="Lykeion", course="N", run=f"r{number}", title=f"N {number}", at=NOON)

    with django_assert_max_num_queries(9):
        assert client.get(reverse("studio:home")).content.decode().count("N 4") == 1


def test_a_new_course_belongs_to_who_made_it(as_person: Callable[[str], Client]) -> None:
    client = as_person("orgadmin")

    response = client.post(reverse("studio:new"), NEW)

    key = run_of("Lykeion", "W1", "r1")
    assert response["Location"] == reverse("studio:outline", args=[key])
    assert "Winds" in client.get(response["Location"]).content.decode()
    person = accounts.find_person("orgadmin")
    assert person is not None
    assert Role.INSTRUCTOR in {grant.role for grant in accounts.grants(person.id) if grant.run == str(key)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"org": "has space"}, "without spaces"),
        ({"title": " "}, "Give the course a name"),
        ({"course": "T1", "run": "now"}, "already"),
        ({"run": ""}, "without spaces"),
    ],
)
def test_a_course_that_cannot_be_made_is_told_why(
    change: dict[str, str], words: str, as_person: Callable[[str], Client]
) -> None:
    response = as_person("orgadmin").post(reverse("studio:new"), {**NEW, **change})

    assert response.status_code == 422
    assert words in response.content.decode()


def test_only_those_who_may_make_courses_make_them(as_person: Callable[[str], Client]) -> None:
    response = as_person("carol").post(reverse("studio:new"), NEW)

    assert response.status_code == 403
    with pytest.raises(RunMissing):
        content.head(run_of("Lykeion", "W1", "r1"))


def test_an_author_is_told_where_they_may_make_courses_and_keeps_what_they_typed(
    as_person: Callable[[str], Client],
) -> None:
    client = as_person("orgadmin")

    form = client.get(reverse("studio:new")).content.decode()
    refused = client.post(reverse("studio:new"), {**NEW, "org": "Hive"})

    assert 'name="org" value="Lykeion"' in form
    assert refused.status_code == 403
    assert (
        "You may not make courses in Hive. Ask the operators of this site. You may in Lykeion."
        in refused.content.decode()
    )
    assert 'value="Winds"' in refused.content.decode()


def test_a_new_course_can_begin_with_a_file(as_person: Callable[[str], Client]) -> None:
    response = as_person("orgadmin").post(reverse("studio:new"), {**NEW, "then": "import"})

    assert response["Location"] == reverse("studio:import", args=[run_of("Lykeion", "W1", "r1")])


def test_a_new_run_is_there_at_once(run: CourseLocator, as_person: Callable[[str], Client]) -> None:
    client = as_person("admin")
    accounts.grant_role(accounts.find_person("admin").id, Role.AUTHOR, org="Lykeion")  # type: ignore[union-attr]

    form = client.get(reverse("studio:rerun", args=[run])).content.decode()
    response = client.post(reverse("studio:rerun", args=[run]), {**NEW, "course": "T1", "run": "next"})

    assert "A new run has everything that Waters has" in form
    assert "Week 1" in client.get(response["Location"]).content.decode()
