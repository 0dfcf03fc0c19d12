"""Who wants the mail of a course: the link in the mail, and the page of the signed-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core import mail
from django.test import Client
from django.urls import reverse

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.notices import api as notices
from lykeion.notices.types import Draft


def link(course: CourseLocator) -> str:
    """The link at the foot of a mail to Alice."""
    bob = accounts.find_person("bob")
    assert bob is not None
    draft = Draft("News", "<p>x</p>", ("learners",))
    notices.send(catalog.run(course), bob, draft, once="1", due=now(), at=now())
    jobs.run_pending()
    found: str = mail.outbox[0].extra_headers["List-Unsubscribe"]
    return "/" + found.strip("<>").split("/", 3)[3]


def wants(course: CourseLocator, name: str = "alice") -> bool:
    """Whether somebody gets the mail of the course."""
    person = accounts.find_person(name)
    assert person is not None
    return notices.wants_mail(person.id, catalog.run(course).id)


def test_looking_at_the_link_changes_nothing_and_its_button_does(course: CourseLocator) -> None:
    address, visitor = link(course), Client(enforce_csrf_checks=True)

    looked = visitor.get(address).content.decode()
    before = wants(course)
    done = visitor.post(address, {"wants": "no"}).content.decode()
    after = wants(course)
    visitor.post(address, {"wants": "yes"})

    assert ("You get the mails" in looked, before) == (True, True)
    assert ("You get no more mail" in done, after, wants(course)) == (True, False, True)


def test_a_mail_program_opts_out_by_one_click(course: CourseLocator) -> None:
    address = link(course)

    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, answer["Content-Type"].split(";")[0], wants(course)) == (200, "text/plain", False)


def test_a_link_that_was_changed_leads_nowhere(course: CourseLocator) -> None:
    address = link(course)

    assert Client().post(address[:-1] + ("a" if address[-1] != "a" else "b")).status_code == 404
    assert Client().get(reverse("unsubscribe", args=["1-1"])).status_code == 404
    assert wants(course)


def test_learners_say_it_on_a_page_of_theirs(as_person: Callable[[str], Client], course: CourseLocator) -> None:
    address = reverse("course_mail", args=[course])
    alice = as_person("alice")

    alice.post(address, {"wants": "no"})
    page = alice.get(address).content.decode()

    assert ("You get no more mail" in page, wants(course)) == (True, False)
    assert as_person("dan").get(address).status_code == 404
    assert as_person("").get(address)["Location"].startswith("/account/login/")
    assert as_person("alice").get(reverse("course_mail", args=["course-v1:No+SUCH+run"])).status_code == 404


def test_who_mail_came_back_from_is_told(as_person: Callable[[str], Client], course: CourseLocator) -> None:
    alice = accounts.find_person("alice")
    assert alice is not None
    link(course)
    message_id = mail.outbox[0].extra_headers["Message-ID"]
    report = (
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; a\n\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: {message_id}\n\n--b--\n"
    )
    notices.take_bounce(report.encode(), at=now())

    page = as_person("alice").get(reverse("course_mail", args=[course])).content.decode()

    assert "Mail to your address came back" in page


def test_a_mail_to_all_learners_is_on_the_home_of_the_course_for_a_time(
    as_person: Callable[[str], Client], course: CourseLocator
) -> None:
    bob, run = accounts.find_person("bob"), catalog.run(course)
    assert bob is not None
    for number, (subject, due, until) in enumerate(
        [("Now for %%USER_FULLNAME%%", 0, 1), ("Over", -2, -1), ("To come", 1, 2), ("Stopped", 0, 1)]
    ):
        shown_until = now() + timedelta(days=until)
        draft = Draft(subject, "<p>Text</p>", ("learners",), shown_until=shown_until)
        made = notices.send(run, bob, draft, once=str(number), due=now(), at=now() + timedelta(days=due))
        if subject == "Stopped":
            notices.cancel(run, made.id, at=now())
    home = reverse("course_home", args=[course])
    alice = as_person("alice")
    before = alice.get(home).content.decode()
    jobs.run_pending()

    page = alice.get(home).content.decode()

    assert ("Now for Alice" in before, "Now for Alice" in page) == (False, True)
    assert [one for one in ("Over", "To come", "Stopped") if f">{one}<" in page] == []
