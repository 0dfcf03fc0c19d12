"""The mail about a certificate: once, when it can be seen, to those who want mail of the course."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from lykeion.catalog.types import Run
from lykeion.certificates import api as certificates
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.models import Job
from lykeion.notices import api as notices
from lykeion.notices.models import Recipient
from lykeion.notices.types import Delivery, Why
from lykeion.teaching import congratulating
from tests.certificates.conftest import alice, learner, offer, run, score

__all__ = ["alice", "run"]


@pytest.fixture(autouse=True)
def no_limit(settings: Settings) -> None:
    """Nobody waits for the next minute."""
    settings.LYKEION_MAIL_RATE = 6_000_000


def subjects() -> list[str]:
    """Of the mails that went out."""
    return [one.subject for one in mail.outbox]


def test_who_earns_a_certificate_is_told_once(run: Run, alice: int) -> None:
    score(run, alice, 1.0)
    score(run, alice, 0.0)
    score(run, alice, 1.0)
    dora = learner(run, "dora")
    score(run, dora, 1.0)

    assert [(one.subject, one.to) for one in mail.outbox] == [
        ("Your certificate: Waters", ["Alice <alice@example.org>"]),
        ("Your certificate: Waters", ["Dora <dora@example.org>"]),
    ]
    assert "you passed the course “Waters”: congratulations!" in mail.outbox[0].body
    assert f"/courses/{run.key}/course/" in mail.outbox[0].body
    assert "List-Unsubscribe" in mail.outbox[0].extra_headers
    [message], _more = notices.messages(run)
    assert (message.counts, message.by, message.total) == ({Delivery.SENT: 2}, None, 2)


def test_who_wants_no_mail_of_the_course_is_not_told(run: Run, alice: int) -> None:
    notices.set_wants_mail(alice, run.id, False, at=now())

    score(run, alice, 1.0)

    [message], _more = notices.messages(run)
    assert (mail.outbox, message.left_out) == ([], {Why.OPTED_OUT: 1})


@pytest.mark.django_db
def test_learners_are_told_when_the_course_shows_its_certificates(settings: Settings) -> None:
    course = offer(self_paced=False, end=(now() + timedelta(days=3)).isoformat())
    for name in ("alice", "dora"):
        score(course, learner(course, name), 1.0)
    waiting = Job.objects.get(name=congratulating.CONGRATULATE)
    early = subjects()

    congratulating.congratulate_all(course.key, at=now() + timedelta(days=2, hours=12))
    again = Job.objects.filter(name=congratulating.CONGRATULATE)
    for _time in range(2):
        congratulating.congratulate_all(course.key, at=now() + timedelta(days=3, minutes=1))
    orders = list(again)
    again.delete()  # the clock of jobs stands still: for it the day never comes
    Recipient.objects.update(due=now())
    jobs.run_pending(at=now() + timedelta(days=3, minutes=2))

    assert early == []
    assert (waiting.due - now() > timedelta(hours=23), orders) == (True, [waiting])
    assert sorted(one.to for one in mail.outbox) == [["Alice <alice@example.org>"], ["Dora <dora@example.org>"]]


def test_certificates_that_were_taken_back_meanwhile_are_not_told_of(db: None) -> None:
    course = offer(self_paced=False, end=(now() + timedelta(days=3)).isoformat())
    alice = learner(course)
    score(course, alice, 1.0)
    certificates.invalidate(course, alice, by=alice, notes="x", at=now())

    congratulating.congratulate_all(course.key, at=now() + timedelta(days=4))
    jobs.run_pending(at=now() + timedelta(days=5))

    assert mail.outbox == []


def test_where_the_team_stopped_it_nobody_is_told(run: Run, alice: int, settings: Settings) -> None:
    settings.LYKEION_MAIL_RATE = 1
    score(run, alice, 1.0)
    dora = learner(run, "dora")
    score(run, dora, 1.0)  # waits for the next minute
    [message], _more = notices.messages(run)
    stopped = notices.cancel(run, message.id, at=now())

    score(run, learner(run, "eve"), 1.0)
    jobs.run_pending(at=now() + timedelta(hours=1))

    assert (stopped, len(mail.outbox)) == (True, 1)
