"""One's own courses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.core.keys import run_of, usage_of
from lykeion.courseware import api as courseware
from lykeion.courseware.models import LastPlace, SubsectionDone
from tests.accounts.people import PASSWORD, make
from tests.catalog.offers import offer
from tests.factories import FUTURE, PAST, RUN
from tests.learn.conftest import KEY
from tests.reads import SESSION

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client) -> Person:
    """Alice, signed in."""
    person = make("alice")
    client.login(username="alice", password=PASSWORD)
    return person


def take(person: Person, number: int, **fields: Any) -> None:
    """Makes a run and enrols the person."""
    run = offer(run_of("Lyk", f"N{number}", "1"), display_name=f"Run {number}", **fields)
    catalog.enrol(person.id, run.key, at=datetime.now(tz=PAST.tzinfo), by=person.id)


def begin(person: Person, number: int) -> None:
    """Makes a run that the person takes and has completed a fifth of."""
    take(person, number)
    run_id = catalog.run(f"course-v1:Lyk+N{number}+1").id
    LastPlace.objects.create(user_id=person.id, run_id=run_id, ref="vertical@u", at=PAST, total=10)
    for ref in ("sequential@a", "sequential@b"):
        SubsectionDone.objects.create(user_id=person.id, run_id=run_id, ref=ref, done=1, total=2, stamp="s")


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/dashboard")["Location"] == "/account/login/?next=/dashboard"


def test_who_takes_nothing_is_shown_where_to_find_a_course(client: Client, alice: Person) -> None:
    page = client.get("/dashboard").content.decode()

    assert "You take no course yet" in page
    assert 'href="/courses">Find a course' in page


def test_who_teaches_is_led_to_the_pages_for_instructors(client: Client, alice: Person) -> None:
    offer(display_name="Taught by role")
    offer(run_of("Other", "N2", "1"), display_name="Taught by organisation", catalog_visibility="none")
    offer(run_of("Third", "N3", "1"), display_name="Only written")
    accounts.grant_role(alice.id, Role.DATA_RESEARCHER, org=str(RUN.org), run=RUN)
    accounts.grant_role(alice.id, Role.STAFF, org="Other")
    accounts.grant_role(alice.id, Role.AUTHOR, org="Third")

    page = client.get("/dashboard").content.decode()

    for key, title in ((RUN, "Taught by role"), ("course-v1:Other+N2+1", "Taught by organisation")):
        assert f'<a href="/courses/{key}/instructor/">{title}</a>' in page
    assert "Only written" not in page
    assert "You take no course yet" not in page


def test_courses_come_by_state_with_words_and_the_next_step(client: Client, alice: Person) -> None:
    take(alice, 1, end=PAST)
    take(alice, 2, start=FUTURE)
    take(alice, 3, end=FUTURE)
    take(alice, 4, self_paced=True)
    offer(display_name="Of somebody else")

    page = client.get("/dashboard").content.decode()

    order = [page.index(f"Run {number}</a>") for number in (4, 3, 2, 1)]
    assert order == sorted(order)
    for words in ("Ended on Jan. 1, 2020", "Starts on Jan. 1, 2030", "Until Jan. 1, 2030", "At your own pace"):
        assert words in page
    assert "Of somebody else" not in page


def test_an_author_s_own_words_for_the_start_are_kept(client: Client, alice: Person) -> None:
    take(alice, 1, start=FUTURE, advertised_start="When the swallows come")

    assert "When the swallows come" in client.get("/dashboard").content.decode()


def test_dates_are_those_of_the_person_s_time_zone(client: Client, alice: Person) -> None:
    take(alice, 1, start=FUTURE)
    client.post(
        "/account/settings/",
        {"full_name": "Alice", "time_zone": "America/New_York", "profile_visibility": "private"},
    )

    assert "Starts on Dec. 31, 2029" in client.get("/dashboard").content.decode()


def test_who_left_sees_the_course_no_more(client: Client, alice: Person) -> None:
    take(alice, 1)
    catalog.unenrol(alice.id, "course-v1:Lyk+N1+1", at=now())

    assert "Run 1" not in client.get("/dashboard").content.decode()


def test_the_notice_of_leaving_is_shown_once(client: Client, alice: Person) -> None:
    take(alice, 1)
    client.post("/courses/course-v1:Lyk+N1+1/unenrol")

    assert "You left “Run 1”" in client.get("/dashboard").content.decode()
    assert "You left" not in client.get("/dashboard").content.decode()


def test_leaving_twice_is_told(client: Client, alice: Person) -> None:
    offer()

    assert "You are not enrolled" in client.post(f"/courses/{RUN}/unenrol", follow=True).content.decode()


def test_a_course_not_begun_is_started(client: Client, alice: Person) -> None:
    take(alice, 1)

    page = client.get("/dashboard").content.decode()

    assert courseware.standings(alice.id, [catalog.run("course-v1:Lyk+N1+1").id]) == {}
    assert ">Start<" in page
    assert ">Resume<" not in page


def test_a_card_says_how_much_is_done_and_leads_on_to_where_the_person_was(as_person: Callable[[str], Client]) -> None:
    client = as_person("alice")
    base = f"/courses/{KEY}"
    before = progress_of(client)
    client.get(f"{base}/courseware/wonder/first/2/")
    begun = progress_of(client)
    seen = {"blocks": {str(usage_of(KEY, "html@words")): 1.0}}
    client.post(f"{base}/completion", seen, content_type="application/json")

    page = client.get("/dashboard").content.decode()
    resume = re.search(r'href="([^"]+)">Resume<', page)

    assert (before, begun) == ([], ["0"])
    assert progress_of(client) == progress_of(client, f"{base}/course/") != ["0"]
    assert resume
    assert client.get(resume[1])["Location"].startswith(f"{base}/courseware/wonder/first/")


def progress_of(client: Client, page: str = "/dashboard") -> list[str]:
    return re.findall(r'aria-valuenow="(\d+)"', client.get(page).content.decode())


def test_more_courses_cost_no_more_queries(
    client: Client, alice: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    begin(alice, 1)
    with django_assert_num_queries(
        7 + SESSION
    ):  # user, enrolments, two for how far she is, certificates, roles, announcements
        client.get("/dashboard")
    begin(alice, 2)
    begin(alice, 3)

    with django_assert_num_queries(7 + SESSION):
        client.get("/dashboard")
