"""The catalog: who sees what, and how it is found."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Choice, RunQuery
from lykeion.core.keys import run_of
from tests.accounts.people import make
from tests.catalog.offers import offer
from tests.factories import RUN

pytestmark = pytest.mark.django_db


def titles(person: Any = None, **query: Any) -> list[str]:
    """The titles of the first page."""
    return [run.title for run in catalog.runs(person, RunQuery(**query)).runs]


@pytest.fixture
def three() -> None:
    """One listed run, one with an about page only, one hidden."""
    offer(run_of("Lyk", "A", "1"), display_name="Listed")
    offer(run_of("Lyk", "B", "1"), display_name="By address", catalog_visibility="about")
    offer(run_of("Porch", "C", "1"), display_name="Hidden", catalog_visibility="none")


@pytest.mark.usefixtures("three")
def test_visitors_and_learners_see_what_is_listed() -> None:
    assert titles() == titles(make("alice")) == ["Listed"]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        ({"role": Role.STAFF, "run": "course-v1:Porch+C+1"}, ["Hidden", "Listed"]),
        ({"role": Role.AUTHOR, "org": "Lyk"}, ["By address", "Listed"]),
        ({"role": Role.LIMITED_STAFF}, ["By address", "Hidden", "Listed"]),
        ({"role": Role.BETA_TESTER, "run": "course-v1:Porch+C+1"}, ["Listed"]),
    ],
)
def test_the_team_sees_its_hidden_runs_too(grant: dict[str, Any], seen: list[str]) -> None:
    bob = make("bob")
    accounts.grant_role(bob.id, **grant)

    assert titles(bob) == seen


@pytest.mark.usefixtures("three")
def test_site_staff_sees_everything() -> None:
    assert titles(make("root", is_superuser=True)) == ["By address", "Hidden", "Listed"]


@pytest.mark.parametrize(
    ("visibility", "stranger", "team"), [("both", True, True), ("about", True, True), ("none", False, True)]
)
def test_the_about_page_is_there_unless_the_run_is_hidden(visibility: str, stranger: bool, team: bool) -> None:
    run = offer(catalog_visibility=visibility)
    bob = make("bob")
    accounts.grant_role(bob.id, Role.STAFF, run=RUN)

    assert catalog.is_shown(None, run) is stranger
    assert catalog.is_shown(make("dan"), run) is stranger
    assert catalog.is_shown(bob, run) is team
    assert catalog.is_shown(make("root", is_staff=True), run) is True


@pytest.fixture
def shelf() -> None:
    """Runs to search in."""
    offer(
        run_of("Lyk", "ASK1", "1"),
        display_name="The Art of Asking",
        language="en",
        about={"short_description": "<p>Questions &amp; <b>ÄPFEL</b></p>"},
    )
    offer(run_of("Lyk", "SEE2", "1"), display_name="Seeing", language="de")
    offer(run_of("Porch", "OLD3", "1"), display_name="Old art", language="el", display_organization="The Porch")


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "ART"}, ["Old art", "The Art of Asking"]),
        ({"text": "the art"}, ["The Art of Asking", "Old art"]),
        ({"text": "art asking"}, ["The Art of Asking"]),
        ({"text": "ask1"}, ["The Art of Asking"]),
        ({"text": "äpfel"}, ["The Art of Asking"]),
        ({"text": "porch"}, ["Old art"]),
        ({"text": "course-v1:Lyk+SEE2+1"}, ["Seeing"]),
        ({"text": "100%"}, []),
        ({"text": "_"}, []),
        ({"org": "Lyk"}, ["Seeing", "The Art of Asking"]),
        ({"language": "de"}, ["Seeing"]),
        ({"org": "Lyk", "language": "el"}, []),
        ({"mode": "audit"}, ["Old art", "Seeing", "The Art of Asking"]),
        ({"mode": "verified"}, []),
    ],
)
def test_runs_are_found_by_words_and_filters(query: dict[str, str], found: list[str]) -> None:
    assert titles(**query) == found


@pytest.mark.usefixtures("shelf")
def test_a_run_with_modes_of_its_own_is_found_by_those_only() -> None:
    catalog.set_mode("course-v1:Lyk+SEE2+1", "verified")

    assert titles(mode="verified") == ["Seeing"]
    assert titles(mode="audit") == ["Old art", "The Art of Asking"]


@pytest.mark.usefixtures("shelf")
def test_filters_offer_what_there_is() -> None:
    found = catalog.runs(None)

    assert found.orgs == (Choice("Lyk", "Lyk"), Choice("Porch", "The Porch"))
    assert found.languages == ("de", "el", "en")
    assert found.modes == ()


@pytest.mark.parametrize(("page", "shown", "count"), [(1, 1, 20), (2, 2, 1), (99, 2, 1), (-1, 1, 20)])
def test_there_are_twenty_on_a_page(page: int, shown: int, count: int) -> None:
    for number in range(21):
        offer(run_of("Lyk", f"N{number}", "1"), display_name=f"Run {number:02}")

    found = catalog.runs(None, RunQuery(page=page))

    assert (found.total, found.pages, found.page, len(found.runs)) == (21, 2, shown, count)


def test_a_longer_list_costs_no_more_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    alice = make("alice")
    offer(run_of("Lyk", "N0", "1"))
    with django_assert_num_queries(6):
        catalog.runs(alice)
    for number in range(1, 3):
        offer(run_of("Lyk", f"N{number}", "1"))

    with django_assert_num_queries(6):
        catalog.runs(alice)


@pytest.mark.usefixtures("shelf")
def test_a_run_with_several_modes_is_listed_once() -> None:
    asking = run_of("Lyk", "ASK1", "1")
    for mode in ("audit", "verified", "honor"):
        catalog.set_mode(asking, mode)

    found = catalog.runs(None, RunQuery(mode="audit"))

    assert [run.title for run in found.runs] == ["Old art", "Seeing", "The Art of Asking"]
    assert found.total == 3
