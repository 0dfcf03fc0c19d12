"""The front page, the catalog, the about page, and the way in: who sees and may do what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.core.keys import run_of
from tests.accounts.people import PASSWORD, make
from tests.catalog.offers import offer
from tests.factories import FUTURE, PAST, RUN
from tests.reads import SESSION

pytestmark = pytest.mark.django_db
ABOUT = f"/courses/{RUN}/about"
ENROL, UNENROL = f"/courses/{RUN}/enrol", f"/courses/{RUN}/unenrol"


@pytest.fixture
def cast() -> dict[str, Person | None]:
    """A visitor, Alice, Bob who teaches this run, root."""
    people = {name: make(name) for name in ("alice", "bob")} | {"root": make("root", is_superuser=True)}
    accounts.grant_role(people["bob"].id, Role.INSTRUCTOR, run=RUN)
    return {"visitor": None, **people}


def browser(name: str) -> Client:
    """The browser of one of the cast."""
    client = Client()
    if name != "visitor":
        assert client.login(username=name, password=PASSWORD)
    return client


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    ("visibility", "who", "about", "listed"),
    [
        ("both", "visitor", 200, True),
        ("both", "alice", 200, True),
        ("about", "visitor", 200, False),
        ("about", "alice", 200, False),
        ("about", "bob", 200, True),
        ("none", "visitor", 404, False),
        ("none", "alice", 404, False),
        ("none", "bob", 200, True),
        ("none", "root", 200, True),
    ],
)
def test_what_is_hidden_is_hidden_from_strangers_only(visibility: str, who: str, about: int, listed: bool) -> None:
    offer(display_name="The Art of Asking", catalog_visibility=visibility)
    client = browser(who)

    assert client.get(ABOUT).status_code == about
    assert ("The Art of Asking" in client.get("/courses").content.decode()) is listed


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    ("fields", "who", "words"),
    [
        ({}, "visitor", "Sign up to enrol"),
        ({}, "alice", ">Enrol<"),
        ({"enrollment_end": PAST}, "visitor", "Enrolment closed on Jan. 1, 2020."),
        ({"enrollment_end": PAST}, "alice", "Enrolment closed on Jan. 1, 2020."),
        ({"enrollment_end": PAST}, "bob", ">Enrol<"),
        ({"enrollment_start": FUTURE}, "alice", "Enrolment opens on Jan. 1, 2030."),
        ({"invitation_only": True}, "alice", "by invitation only"),
        ({"invitation_only": True}, "root", ">Enrol<"),
        ({"max_student_enrollments_allowed": 0}, "alice", "This course is full."),
        ({"start": FUTURE}, "alice", ">Enrol<"),
    ],
)
def test_the_about_page_says_in_words_what_one_can_do(fields: dict[str, Any], who: str, words: str) -> None:
    offer(**fields)

    page = browser(who).get(ABOUT).content.decode()

    assert words in page
    assert ("<form" in page.split("<main")[1].split("</main>")[0]) is (words == ">Enrol<")


def test_an_invited_person_sees_the_way_in(cast: dict[str, Person]) -> None:
    offer(invitation_only=True)
    catalog.allow("alice@example.com", RUN, at=now())

    assert "You are invited to this course." in browser("alice").get(ABOUT).content.decode()


def test_the_about_page_tells_what_the_course_is(client: Client) -> None:
    seeds = run_of("Lyk", "T100", "1")
    offer(seeds, display_name="Seeds")
    offer(
        display_name="Trees & <shrubs>",
        advertised_start="Spring",
        pre_requisite_courses=[str(seeds)],
        about={
            "overview": "<h2>Why</h2><script>alert(1)</script><p onclick='x()'>Because</p>",
            "video": '<iframe src="//www.youtube.com/embed/abc"></iframe>',
            "short_description": "All about trees",
            "effort": "3 hours a week",
        },
    )

    page = client.get(ABOUT).content.decode()

    for words in (
        "Trees &amp; &lt;shrubs&gt;",
        "Spring",
        "All about trees",
        "3 hours a week",
        "<h2>Why</h2>",
        "Because",
    ):
        assert words in page
    assert 'src="//www.youtube.com/embed/abc"' in page
    assert "alert(1)" not in page
    assert "onclick" not in page
    assert f'href="/courses/{seeds}/about">Seeds' in page


@pytest.mark.parametrize("key", ["course-v1:No+Such+Run", "course-v1:broken", "nonsense", "course-v1:a+b+c%2Fd"])
def test_there_is_no_page_of_a_run_that_is_not_there(client: Client, key: str) -> None:
    assert client.get(f"/courses/{key}/about").status_code == 404


@pytest.mark.usefixtures("cast")
def test_enrolling_takes_a_click_and_leads_into_the_course() -> None:
    offer()
    client = browser("alice")

    answer = client.post(ENROL)

    assert (answer.status_code, answer["Location"]) == (302, f"/courses/{RUN}/course/")
    assert "You are enrolled" in client.get(ABOUT).content.decode()


@pytest.mark.usefixtures("cast")
def test_before_the_start_enrolling_leads_to_one_s_courses() -> None:
    offer(start=FUTURE)

    assert browser("alice").post(ENROL)["Location"] == "/dashboard"


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(("who", "led"), [("visitor", False), ("alice", False), ("bob", True), ("root", True)])
def test_the_about_page_leads_the_team_to_the_pages_for_instructors(who: str, led: bool) -> None:
    offer()

    page = browser(who).get(ABOUT).content.decode()

    assert (f'href="/courses/{RUN}/instructor/"' in page) is led


def test_a_refusal_comes_back_to_the_about_page_in_words(cast: dict[str, Person]) -> None:
    offer(invitation_only=True)
    client = browser("alice")

    answer = client.post(ENROL, follow=True)

    assert answer.request["PATH_INFO"] == ABOUT
    assert "by invitation only" in answer.content.decode()
    assert catalog.enrolments_of(cast["alice"].id) == []


def test_a_visitor_is_asked_to_sign_in_first(client: Client) -> None:
    offer()

    assert client.post(ENROL)["Location"].startswith("/account/login/?next=%2Fcourses%2Fcourse-v1")
    assert client.post(UNENROL)["Location"].startswith("/account/login/")


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("address", [ENROL, UNENROL])
def test_following_a_link_changes_nothing(address: str) -> None:
    offer()

    assert browser("alice").get(address).status_code == 405


def test_forms_of_other_sites_change_nothing(cast: dict[str, Person]) -> None:
    offer()
    client = Client(enforce_csrf_checks=True)
    client.login(username="alice", password=PASSWORD)

    assert client.post(ENROL).status_code == 403
    assert catalog.enrolments_of(cast["alice"].id) == []


@pytest.mark.usefixtures("cast")
def test_a_stranger_cannot_enrol_in_what_is_hidden_from_them() -> None:
    offer(catalog_visibility="none")

    assert browser("alice").post(ENROL).status_code == 404
    assert browser("bob").post(ENROL).status_code == 302


def test_leaving_can_be_undone_also_after_the_doors_closed(cast: dict[str, Person]) -> None:
    offer(display_name="Trees")
    client, alice = browser("alice"), cast["alice"].id
    client.post(ENROL)
    offer(display_name="Trees", enrollment_end=PAST)

    page = client.post(UNENROL, follow=True)
    assert "You left “Trees”." in page.content.decode()
    assert catalog.enrolments_of(alice) == []

    client.post(page.context["left"]["url"], {"undo": page.context["left"]["undo"]})
    assert len(catalog.enrolments_of(alice)) == 1


def test_a_note_to_come_back_is_good_for_its_person_only(cast: dict[str, Person]) -> None:
    offer()
    alice, bob = browser("alice"), browser("bob")
    alice.post(ENROL)
    page = alice.post(UNENROL, follow=True)
    offer(enrollment_end=PAST)
    dan = make("dan")
    stranger = browser("dan")

    stranger.post(ENROL, {"undo": page.context["left"]["undo"]})
    stranger.post(ENROL, {"undo": "forged"})
    bob.post(UNENROL)

    assert catalog.enrolments_of(dan.id) == []


def test_the_front_page_is_for_visitors(client: Client) -> None:
    offer(display_name="Trees")
    make("alice")

    assert "Trees" in client.get("/").content.decode()
    assert browser("alice").get("/")["Location"] == "/dashboard"


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%F0%9F%A6%89", "page=99", "page=x", "page=-1", "page=²", "page=" + "9" * 50, "org='--"]
)
def test_the_catalog_answers_whatever_is_asked(client: Client, query: str) -> None:
    offer()

    assert client.get(f"/courses?{query}").status_code == 200


def test_a_search_without_finds_helps_on(client: Client) -> None:
    offer()

    page = client.get("/courses?q=zebras").content.decode()

    assert "No course matches" in page
    assert 'value="zebras"' in page


def test_an_empty_catalog_says_so(client: Client) -> None:
    assert "No courses yet" in client.get("/courses").content.decode()
    assert "No courses yet" in client.get("/").content.decode()


def test_pages_of_the_catalog_keep_the_search(client: Client) -> None:
    for number in range(21):
        offer(run_of("Lyk", f"N{number}", "1"), display_name=f"Run {number:02}")

    page = client.get("/courses?q=run").content.decode()

    assert 'href="?q=run&amp;page=2"' in page
    assert "21 courses" in page


@pytest.mark.parametrize("who", ["visitor", "alice"])
def test_a_longer_catalog_costs_no_more_queries(
    cast: dict[str, Person], who: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    expected = {"visitor": 5, "alice": 8 + SESSION}[who]
    client = browser(who)
    offer(run_of("Lyk", "N0", "1"))
    client.get("/courses")
    with django_assert_num_queries(expected):
        client.get("/courses")
    for number in range(1, 3):
        offer(run_of("Lyk", f"N{number}", "1"))

    with django_assert_num_queries(expected):
        client.get("/courses")


def test_an_invited_person_enrols_in_a_hidden_run(cast: dict[str, Person]) -> None:
    offer(catalog_visibility="none", invitation_only=True)
    catalog.allow("alice@example.com", RUN, at=now())
    alice, visitor = browser("alice"), browser("visitor")

    about, enrolled = alice.get(ABOUT), alice.post(ENROL)

    assert about.status_code == 200
    assert enrolled["Location"].endswith("/course/")
    assert [visitor.get(ABOUT).status_code, browser("root").get(ABOUT).status_code] == [404, 200]
    make("dan")
    assert browser("dan").get(ABOUT).status_code == 404


def test_an_invitation_to_an_address_nobody_confirmed_does_not_show_a_hidden_run() -> None:
    offer(catalog_visibility="none")
    make("alice", confirmed=False)
    catalog.allow("alice@example.com", RUN, at=now())

    assert browser("alice").get(ABOUT).status_code == 404
