"""The pages of a timed exam, for each role, and the ways to what must be done first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from lykeion.accounts.models import User
from lykeion.courseware.models import ExamAttempt
from lykeion.learn.views.exam import in_words
from tests.courseware.acting import usage
from tests.factories import (
    RUN,
    chapter,
    course,
    learner,
    person,
    question,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db
BASE = f"/courses/{RUN}"
EXAM, KEY = f"{BASE}/courseware/c1/s1/", usage("sequential@s1")
START, SUBMIT, TIME = (f"{BASE}/exam/{KEY}/{what}" for what in ("start", "submit", "time"))


def store(**fields: Any) -> None:
    given = {"is_time_limited": True, "default_time_limit_minutes": 90, "display_name": "Midterm", **fields}
    exam = sequential("s1", vertical("u1", question("p1")), vertical("u2", text("t2")), **given)
    gated = sequential("s2", vertical("u3", text("t3")), required_prereq="s1", min_score=80)
    store_course(course(chapter("c1", exam, gated), enable_subsection_gating=True))


def browser(user: User | AnonymousUser) -> Client:
    client = Client()
    if isinstance(user, User):
        client.force_login(user)
    return client


def words(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers or None).content.decode()


def test_a_learner_meets_the_entry_page_at_every_address_of_the_exam() -> None:
    store()
    alice = browser(learner())

    pages = [words(alice, address) for address in (EXAM, f"{EXAM}1/", f"{EXAM}2/")]
    jumped = alice.get(f"{BASE}/jump_to/{KEY}")
    inside = alice.get(f"{BASE}/jump_to/{usage('problem@p1')}")

    assert all("time limit of <strong>1 hour 30 minutes</strong>" in page for page in pages)
    assert not any("evergreen" in page for page in pages)
    assert (jumped.status_code, jumped["Location"]) == (302, EXAM)
    assert (inside.status_code, "Go there" in inside.content.decode()) == (403, True)


def test_from_start_to_end_by_forms_alone() -> None:
    store()
    user = learner()
    alice = browser(user)

    started = alice.post(START, follow=True)
    told = alice.get(TIME).json()
    home = words(alice, f"{BASE}/course/")
    asked = alice.post(SUBMIT, follow=True).content.decode()
    back = alice.post(START, follow=True).content.decode()
    ended = alice.post(SUBMIT, {"confirm": "1"}, follow=True).content.decode()

    assert started.status_code == 200
    assert "evergreen" in started.content.decode()
    assert 'data-exam-inside-value="true"' in started.content.decode()
    assert (told["running"], told["seconds_allowed"]) == (True, 5400)
    assert told["seconds_left"] > 5390
    assert "exam-bar" in home
    assert "data-exam-inside-value" not in home
    assert "Do you want to submit the exam now?" in asked
    assert "evergreen" in back
    assert "You have submitted the exam." in ended
    assert "exam-bar" not in ended
    assert alice.get(TIME).json()["running"] is False
    assert alice.post(START, follow=True).content.decode().count("This exam is over") == 1


def test_the_clock_of_the_site_ends_an_exam() -> None:
    store()
    user = learner()
    alice = browser(user)
    alice.post(START)
    row = ExamAttempt.objects.get()
    row.ends_at -= timedelta(minutes=91)
    row.save()

    form = {"input_p1_2_1": "choice_1"}
    answer = alice.post(
        f"{BASE}/xblock/{usage('problem@p1')}/handler/xmodule_handler/problem_check",
        form,
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    page = words(alice, f"{EXAM}1/")

    assert (answer.status_code, answer.json()["code"]) == (403, "exam_over")
    assert "Your time of 1 hour 30 minutes is up." in page
    assert ExamAttempt.objects.get().status == "submitted"


def test_a_script_that_starts_too_late_is_told() -> None:
    store()
    alice = browser(learner())
    alice.post(START)
    alice.post(SUBMIT, {"confirm": "1"}, headers={"x-requested-with": "XMLHttpRequest"})

    late = alice.post(START, headers={"x-requested-with": "XMLHttpRequest"})

    assert (late.status_code, late.json()["code"]) == (409, "exam_over")


#            visitor alice dan  bob  root
@pytest.mark.parametrize(
    ("method", "address", "expected"),
    [
        ("post", START, (302, 302, 302, 302, 302)),
        ("post", SUBMIT, (302, 302, 302, 302, 302)),
        ("get", TIME, (302, 200, 302, 200, 200)),
        ("get", START, (405, 405, 405, 405, 405)),
        ("get", SUBMIT, (405, 405, 405, 405, 405)),
        ("post", f"{BASE}/exam/{usage('sequential@s2')}/start", (302, 404, 302, 404, 404)),
        ("post", f"{BASE}/exam/block-v1:No+such+run+type@sequential+block@s1/start", (302, 404, 302, 404, 404)),
    ],
)
def test_who_may_do_what(method: str, address: str, expected: tuple[int, ...]) -> None:
    store()
    cast = (AnonymousUser(), learner(), person("dan"), teacher(), person("root", is_staff=True))

    found = tuple(getattr(browser(one), method)(address).status_code for one in cast)

    assert found == expected
    assert set(ExamAttempt.objects.values_list("user_id", flat=True)) <= {cast[1].pk}


def test_a_teacher_reads_the_exam_and_no_clock_runs() -> None:
    store()

    page = words(browser(teacher()), f"{EXAM}1/")

    assert "evergreen" in page
    assert "exam-bar" not in page


def test_what_waits_says_for_what_and_leads_there() -> None:
    store()
    alice = browser(learner())

    page = alice.get(f"{BASE}/courseware/c1/s2/1/")
    home = words(alice, f"{BASE}/course/")
    script = alice.get(f"{BASE}/courseware/c1/s2/1/", headers={"x-requested-with": "XMLHttpRequest"})

    assert page.status_code == 403
    assert "Finish “Midterm” with at least 80\N{NO-BREAK SPACE}% first" in page.content.decode()
    assert f'href="{BASE}/jump_to/{KEY}"' in page.content.decode()
    assert f'<a href="{EXAM}">Finish “Midterm” with at least 80\N{NO-BREAK SPACE}% first</a>' in home
    assert "Timed exam, 90 minutes" in home
    assert script.json()["code"] == "prerequisite"


def test_the_entrance_exam_is_announced_on_course_home() -> None:
    exam = chapter("e1", sequential("s1", vertical("u1", question("p1"))), display_name="Way in")
    store_course(course(exam, chapter("c2", sequential("s2")), entrance_exam_enabled=True, entrance_exam_id="e1"))

    home = words(browser(learner()), f"{BASE}/course/")

    assert "First, the entrance exam" in home
    assert "once you have 65 % of its points. So far you have 0 %" in home
    assert f'href="{BASE}/courseware/e1/"' in home


def test_what_nobody_watches_is_said() -> None:
    store(is_proctored_enabled=True, is_practice_exam=True)

    page = words(browser(learner()), EXAM)

    assert "Nobody does so on this site" in page
    assert "Practice exam with a time limit" in page


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "1 minute"), (30, "30 minutes"), (60, "1 hour"), (121, "2 hours 1 minute"), (0, "0 minutes")],
)
def test_minutes_read_as_people_say_them(minutes: int, said: str) -> None:
    assert in_words(minutes) == said
