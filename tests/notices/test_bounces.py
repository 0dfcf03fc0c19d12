"""Mails that came back: only reports about mail of this site count, and only failures for good."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from lykeion.accounts.models import User
from lykeion.catalog.types import Run
from lykeion.core.clock import now
from lykeion.notices import api as notices
from lykeion.notices import writing
from lykeion.notices.types import Bounce, Draft
from tests.notices.conftest import named

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; alice@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such
 user

--b
Content-Type: {kind}

{headers}

--b--
"""
COMPLAINT = """\
From: feedback@example.net
To: abuse@example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1

--b
Content-Type: message/rfc822

{headers}

--b--
"""


@pytest.fixture
def mail(offered: Run, settings: Settings) -> EmailMultiAlternatives:
    """A mail to Alice."""
    settings.LYKEION_MAIL_BOUNCES = "bounces@example.org"
    return writing.mail(Draft("News", "<p>x</p>", ()), offered, named("alice"), "", 1)


def report(
    mail: EmailMultiAlternatives, *, to: str = "noreply@example.org", action: str = "failed", status: str = "5.1.1",
    kind: str = "message/rfc822",
) -> bytes:  # fmt: skip
    """What a mail server writes about ``mail``."""
    headers = f"Message-ID: {mail.extra_headers['Message-ID']}\nSubject: News"
    return REPORT.format(to=to, action=action, status=status, kind=kind, headers=headers).encode()


def silenced() -> list[str]:
    """Who gets no mail any more."""
    return [User.objects.get(pk=user_id).username for user_id, _words, _at in notices.suppressed()]


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_an_address_that_failed_for_good_gets_no_more_mail(mail: EmailMultiAlternatives, kind: str) -> None:
    first = notices.take_bounce(report(mail, kind=kind), at=now())
    notices.take_bounce(report(mail, kind=kind), at=now())

    assert first == Bounce("suppressed", "alice", "smtp; 550 5.1.1 no such user")
    assert silenced() == ["alice"]


def test_the_address_that_a_mail_came_back_to_is_enough(mail: EmailMultiAlternatives) -> None:
    raw = report(mail, to=mail.from_email).replace(b"Message-ID", b"X-Lost")

    assert notices.take_bounce(raw, at=now()).outcome == "suppressed"


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("delivered", "2.0.0")])
def test_what_is_for_now_or_went_well_changes_nothing(mail: EmailMultiAlternatives, action: str, status: str) -> None:
    bounce = notices.take_bounce(report(mail, action=action, status=status), at=now())

    assert (bounce, silenced()) == (Bounce("temporary", "alice"), [])


def test_a_complaint_counts_like_a_failure(mail: EmailMultiAlternatives) -> None:
    raw = COMPLAINT.format(headers=f"Message-ID: {mail.extra_headers['Message-ID']}").encode()

    assert notices.take_bounce(raw, at=now()) == Bounce("suppressed", "alice", "complaint")


def test_a_forged_report_silences_nobody(mail: EmailMultiAlternatives, offered: Run) -> None:
    other = writing.mail(Draft("News", "<p>x</p>", ()), offered, named("dora"), "", 1)
    token = other.extra_headers["Message-ID"].split("-")[1]
    forged = f"<{named('alice').id}-{token}"
    raw = report(mail).replace(mail.extra_headers["Message-ID"].encode(), forged.encode())

    assert (notices.take_bounce(raw, at=now()).outcome, silenced()) == ("not_ours", [])


def test_a_report_about_an_address_that_was_given_up_is_not_about_the_new_one(mail: EmailMultiAlternatives) -> None:
    User.objects.filter(username="alice").update(email="new@example.org")

    assert (notices.take_bounce(report(mail), at=now()).outcome, silenced()) == ("not_ours", [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: hello\n\nNo report",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n--x--",
        b"To: bounces+99999999999999999-aaaaaaaaaaaaaaaaaaaaaaaa@example.org\n\n",
    ],
)
def test_any_other_mail_is_let_alone(raw: bytes) -> None:
    assert notices.take_bounce(raw, at=now()) == Bounce("not_ours")


def test_an_address_can_be_had_again(mail: EmailMultiAlternatives) -> None:
    notices.take_bounce(report(mail), at=now())

    assert notices.restore(named("alice").id) is True
    assert (notices.restore(named("alice").id), silenced()) == (False, [])


@pytest.mark.parametrize(
    "header", [".b.cb.c:", "<;1-a\\=?é", "=?utf-8?q?<", "\r\n .))>", 'a:;"b', "=?utf-8?b?\t\\.\\@[<"]
)
@pytest.mark.parametrize("kind", ["text/plain", "message/rfc822", "text/rfc822-headers", "message/delivery-status"])
def test_mail_that_nobody_can_parse_is_not_ours(db: None, header: str, kind: str) -> None:
    """Python's own parser of addresses raises for these."""
    raw = f"To: {header}\nMessage-ID: {header}\nContent-Type: {kind}\n\nMessage-ID: {header}\nStatus: {header}\n\n"

    assert notices.take_bounce(raw.encode(), at=now()).outcome == "not_ours"
