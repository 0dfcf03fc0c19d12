"""Mail, as a teacher writes, looks at, sends and stops it; without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.roots import moved
from lykeion.content.types import LogEntry, Node
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.notices.models import Message, Recipient
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher
from tests.content.trees import root_of
from tests.instructor.conftest import COURSE
from tests.learn.conftest import person
from tests.notices.conftest import named

MAIL = {"groups": ["learners"], "subject": "Week 2", "html": "<p>Dear %%USER_FULLNAME%%, read on.</p>", "once": "a"}
Browse = Callable[[str], Client]


@pytest.fixture
def write(run: CourseLocator) -> str:
    """The address of the form."""
    return reverse("instructor:mail_write", args=[run])


def seen(client: Client, write: str, **changes: object) -> str:
    """Looks at a mail; the mark of what was seen."""
    page = client.post(write, {**MAIL, "do": "preview", **changes})
    return str(page.context["seen"])


def test_a_mail_is_looked_at_then_sent_and_is_in_the_log(
    as_person: Browse, write: str, teacher: Callable[..., Teacher]
) -> None:
    client = as_person("staff")
    page = client.post(write, {**MAIL, "do": "preview", "reader": "dora"}).content.decode()
    sent = client.post(write, {**MAIL, "do": "send", "seen": seen(client, write)})
    client.post(write, {**MAIL, "do": "send", "seen": seen(client, write)})
    jobs.run_pending()
    there = client.get(sent["Location"]).content.decode()
    listed = client.get(reverse("instructor:mail", args=[teacher().run.key])).content.decode()
    deed = deeds.log(teacher())[0]

    assert ("As dora gets it" in page, "Dear Dora, read on." in page, "2 people get this mail." in page) == (True,) * 3
    assert sorted(one.body.split(",")[0] for one in mail.outbox) == ["Dear Alice", "Dear Dora"]
    assert "2 sent" in there
    assert "Sent: 2 sent" in listed
    assert [(one.what, one.details) for one in deed] == [("mail", {"subject": "Week 2", "to": "learners"})]


def test_a_mail_that_was_changed_after_the_look_is_not_sent(as_person: Browse, write: str) -> None:
    client = as_person("staff")
    mark = seen(client, write)

    page = client.post(write, {**MAIL, "subject": "Week 3", "do": "send", "seen": mark}).content.decode()
    jobs.run_pending()

    assert "The mail was changed since you looked at it" in page
    assert (mail.outbox, Message.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"groups": []}, "Choose who gets the mail."),
        ({"groups": ["cohort:99"]}, "One of the groups is gone."),
        ({"subject": ""}, "Write a subject."),
        ({"html": "<p>%%USER_NAME%%</p>"}, "%%USER_NAME%% stands for nothing here."),
        ({"due": "soon"}, "Give a day and a time"),
        ({"shown_until": "2090-01-01", "groups": ["staff"]}, "Only a mail to all learners can be shown"),
        ({"shown_until": "2020-01-01"}, "The last day on the home of the course lies before the mail."),
        ({"reader": "dan"}, "Nobody who takes this course is called “dan”."),
        ({"reader": "nobody"}, "Nobody who takes this course is called “nobody”."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    as_person: Browse, write: str, changes: dict[str, object], words: str
) -> None:
    response = as_person("staff").post(write, {**MAIL, "do": "preview", "once": "kept", **changes})
    page = response.content.decode()

    assert (response.status_code, words in page) == (422, True)
    assert ('value="kept"' in page, "read on" in page or "USER_NAME" in page) == (True, True)


def test_a_mail_to_the_teacher_alone(as_person: Browse, write: str) -> None:
    page = as_person("staff").post(write, {**MAIL, "do": "test"}).content.decode()
    jobs.run_pending()

    assert "The mail is on its way to staff@example.org." in page
    assert [(one.to, one.body.split(",")[0]) for one in mail.outbox] == [(["Staff <staff@example.org>"], "Dear Staff")]


def test_who_tries_a_mail_out_goes_on_seeing_it(as_person: Browse, write: str) -> None:
    client = as_person("staff")
    mark = seen(client, write)

    page = client.post(write, {**MAIL, "do": "test", "seen": mark}).content.decode()

    assert ("The mail is on its way to staff@example.org." in page, f'name="seen" value="{mark}"' in page) == (
        True,
        True,
    )


def test_a_mail_is_scheduled_and_stopped(
    as_person: Browse, write: str, run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    client, tomorrow = as_person("staff"), localtime(now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    planned = {"due": tomorrow, "shown_until": "2090-05-04"}
    mark = seen(client, write, **planned)
    there = client.post(write, {**MAIL, "do": "send", "seen": mark, **planned})["Location"]
    stop = f"{there}/stop"

    waiting = client.get(there).content.decode()
    stopped = client.post(stop, follow=True).content.decode()
    late = client.post(stop)
    jobs.run_pending(at=now() + timedelta(days=2))

    assert ("Scheduled" in waiting, "Stop this mail" in waiting) == (True, True)
    assert "until the end of May 4, 2090" in waiting
    assert ("The mail is stopped" in stopped, "Stop this mail" in stopped) == (True, False)
    assert (late.status_code, "cannot be stopped any more" in late.content.decode()) == (422, True)
    assert [one.what for one in deeds.log(teacher())[0]] == ["stop_mail", "mail"]
    assert mail.outbox == []


def test_a_mail_whose_author_left_the_team_is_shown_as_stopped_and_another_sends_it(
    as_person: Browse, write: str, run: CourseLocator
) -> None:
    tomorrow = localtime(now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    planned = {"due": tomorrow, "shown_until": "2090-05-04"}
    author, admin = as_person("staff"), as_person("admin")
    there = author.post(write, {**MAIL, "do": "send", "seen": seen(author, write, **planned), **planned})["Location"]
    accounts.revoke_role(named("staff").id, Role.STAFF, org=str(run.org), run=run)
    jobs.run_pending(at=now() + timedelta(days=2))
    unsent = len(mail.outbox)

    page = admin.get(there).content.decode()
    listed = admin.get(reverse("instructor:mail", args=[run])).content.decode()
    begun = admin.get(page.partition('id="mail-again" href="')[2].partition('"')[0]).context["form"].initial
    anew = {**begun, "once": "b", "replies": ""}
    admin.post(write, {**anew, "do": "send", "seen": admin.post(write, {**anew, "do": "preview"}).context["seen"]})
    jobs.run_pending()

    assert unsent == 0
    assert "Stopped, as its author may not write to this course any more" in listed
    assert ("any more. <span" in page, "· staff" in page, "Stop this mail" in page) == (True, True, False)
    assert (begun["subject"], begun["shown_until"]) == (MAIL["subject"], date(2090, 5, 4))
    assert len(mail.outbox) == 2
    assert [(one.by_id, one.state) for one in Message.objects.order_by("pk")] == [
        (named("staff").id, "role_lost"),
        (named("admin").id, "done"),
    ]


def test_a_moment_that_is_over_is_refused(as_person: Browse, write: str) -> None:
    for do in ("preview", "send"):
        response = as_person("staff").post(write, {**MAIL, "do": do, "due": "2020-01-01T10:00"})

        assert (response.status_code, "That moment is over." in response.content.decode()) == (422, True)


def test_an_old_mail_is_used_again(as_person: Browse, write: str) -> None:
    client = as_person("staff")
    client.post(write, {**MAIL, "do": "send", "seen": seen(client, write)})
    old = Message.objects.get()

    page = client.get(write, {"again": old.pk}).content.decode()

    assert 'value="Week 2"' in page
    assert "Dear %%USER_FULLNAME%%, read on." in page


def test_mails_of_other_courses_are_not_there(as_person: Browse, write: str, run: CourseLocator) -> None:
    client = as_person("staff")
    client.post(write, {**MAIL, "do": "send", "seen": seen(client, write)})
    Message.objects.update(run_id=0)
    number = Message.objects.get().pk

    assert client.get(reverse("instructor:mail_message", args=[run, number])).status_code == 404
    assert client.post(reverse("instructor:mail_stop", args=[run, number])).status_code == 422
    assert "Week 2" not in client.get(write, {"again": number}).content.decode()


def test_pages_cost_the_same_for_two_learners_and_for_thirty(as_person: Browse, write: str, run: CourseLocator) -> None:
    client = as_person("staff")
    client.post(write, {**MAIL, "do": "send", "seen": seen(client, write)})
    jobs.run_pending()
    there = reverse("instructor:mail_message", args=[run, Message.objects.get().pk])

    def costs() -> list[int]:
        found = []
        for ask in (
            lambda: client.post(write, {**MAIL, "do": "preview"}),
            lambda: client.get(there),
            lambda: client.get(reverse("instructor:mail", args=[run])),
        ):
            with CaptureQueriesContext(connection) as queries:
                ask()
            found.append(len(queries))
        return found

    before = costs()
    for number in range(28):
        catalog.enrol(person(f"learner{number}"), run, at=now())
    client.post(write, {**MAIL, "once": "b", "do": "send", "seen": seen(client, write)})
    jobs.run_pending()

    assert costs() == before


def test_failed_mails_are_listed_with_what_the_server_said(as_person: Browse, write: str, run: CourseLocator) -> None:
    client = as_person("staff")
    there = client.post(write, {**MAIL, "do": "send", "seen": seen(client, write)})["Location"]
    jobs.run_pending()
    Recipient.objects.filter(user_id=named("dora").id).update(state="failed", words="550 no such box")
    Message.objects.update(counts={"sent": 1, "failed": 1})

    page = client.get(there).content.decode()

    assert ("550 no such box" in page, "1 sent, 1 failed" in page, ">dora<" in page) == (True, True, True)


def test_the_latest_update_of_the_course_can_be_mailed(as_person: Browse, run: CourseLocator, write: str) -> None:
    listing, staff = reverse("instructor:mail", args=[run]), as_person("staff")
    without = staff.get(listing).content.decode()
    items = [
        {"id": 1, "date": "May 1", "content": "<p>Old</p>", "status": "visible"},
        {"id": 2, "date": "May 2", "content": "<p>New <a href='/static/a.pdf'>plan</a><script>x()</script></p>"},
    ]
    store, old = content.store(), content.head(run)
    parts = {"info/updates": Node("course_info", {"items": items})}
    root = root_of(store, COURSE, display_name="Waters", parts=parts)
    entry = LogEntry("", old, root, "carol", now(), "News")
    store.compare_and_set_refs(moved(run, {"published": (old, root), "draft": (old, root)}, entry))

    offered = staff.get(listing).content.decode()
    form = staff.get(f"{write}?update").context["form"]

    assert ("?update" in without, "?update" in offered) == (False, True)
    assert (form["subject"].value(), form["groups"].value()) == ("News: Waters", ["learners"])
    address = reverse("asset", args=[run, "a.pdf"])
    assert form["html"].value() == f'<p>New <a href="{address}" rel="noopener">plan</a></p>'
