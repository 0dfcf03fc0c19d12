"""The button that shifts one's dates, the address of Open edX for the same, and the way back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from tests.factories import RUN, chapter, course, person, question, sequential, store_course, teacher, vertical

pytestmark = pytest.mark.django_db
API = "/api/course_experience/v1/reset_course_deadlines"
FORM = f"/courses/{RUN}/shift_dates"
PAGES = [f"/courses/{RUN}/course/", f"/courses/{RUN}/dates", f"/courses/{RUN}/courseware/c/s/1/"]


@pytest.fixture
def late() -> User:
    """Alice, who enrolled three weeks ago in a course in which she had one week."""
    homework = sequential("s", vertical("u", question("p")), graded=True, relative_weeks_due=1)
    store_course(course(chapter("c", homework), self_paced=True))
    alice = person("alice")
    catalog.enrol(alice.pk, RUN, mode="audit", at=now() - timedelta(weeks=3), by=alice.pk)
    return alice


def browser(user: User) -> Client:
    """A browser in which ``user`` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def start_of(user: User):
    """What the person's dates count from, if not from the rule."""
    enrolment = catalog.run_and_enrolment(RUN, user.pk)[1]
    assert enrolment is not None
    return enrolment.schedule_start


@pytest.mark.parametrize("page", PAGES)
def test_the_button_shifts_and_the_same_page_offers_undo_once(late, page):
    client = browser(late)
    assert b"Shift my dates" in client.get(page).content

    there = client.post(FORM, {"location": "x"}, HTTP_REFERER=f"http://testserver{page}")

    assert (there.status_code, there["Location"]) == (302, page)
    shown = client.get(page).content.decode()
    assert "Your dates are shifted" in shown
    assert "Shift my dates" not in shown
    assert start_of(late) is not None
    assert "Your dates are shifted" not in client.get(page).content.decode()

    client.post(FORM, {"undo": re.search(r'name="undo" value="([^"]+)"', shown)[1]})
    assert start_of(late) is None


def test_a_note_of_somebody_else_undoes_nothing(late):
    client = browser(late)
    client.post(FORM)
    note = re.search(r'name="undo" value="([^"]+)"', client.get(PAGES[0]).content.decode())[1]
    dan = person("dan")
    catalog.enrol(dan.pk, RUN, mode="audit", at=now() - timedelta(weeks=3), by=dan.pk)
    other = browser(dan)
    other.post(FORM)
    shifted = start_of(dan)

    other.post(FORM, {"undo": note})
    other.post(FORM, {"undo": "nonsense"})

    assert start_of(dan) == shifted


@pytest.mark.parametrize("content_type", ["application/json", None])
def test_clients_of_open_edx_shift_dates(late, content_type):
    sent = {"course_key": str(RUN)}
    more = {"content_type": content_type} if content_type else {}

    answer = browser(late).post(API, sent, **more)

    assert (answer.status_code, set(answer.json())) == (200, {"body", "header", "link", "link_text", "message"})
    assert answer.json()["link"] == f"/courses/{RUN}/dates"
    assert start_of(late) is not None


def test_nothing_late_nothing_shifted(late):
    client = browser(late)
    client.post(API, {"course_key": str(RUN)})
    start = start_of(late)

    again = client.post(API, {"course_key": str(RUN)})

    assert (again.status_code, again.json()["message"]) == (200, "Nothing to shift.")
    assert start_of(late) == start


@pytest.mark.parametrize("sent", ["", "[]", '{"course": "x"}', '{"course_key": "x"}', "{"])
def test_a_request_without_a_course_is_told_so(late, sent):
    answer = browser(late).post(API, sent, content_type="application/json")

    assert (answer.status_code, answer.json()) == (400, {"detail": "Send the key of a course as course_key."})


def test_who_may_not_shift(late):
    sent = {"course_key": str(RUN)}

    answers = [
        Client().post(API, sent).status_code,
        browser(person("dan")).post(API, sent, HTTP_ACCEPT="application/json").status_code,
        browser(teacher("bob")).post(API, sent).status_code,
        browser(late).get(API).status_code,
        browser(late).get(FORM).status_code,
        Client().post(FORM).status_code,
        Client(enforce_csrf_checks=True).post(API, sent).status_code,
    ]

    assert answers == [401, 403, 400, 405, 405, 302, 403]
    assert start_of(late) is None
