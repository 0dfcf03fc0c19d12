"""Mail that goes out by a job."""

from __future__ import annotations

import logging

import pytest
from django.core import mail

from lykeion.accounts.tasks import SEND_MAIL, MailOrder
from lykeion.jobs import api as jobs

pytestmark = pytest.mark.django_db
ORDER = MailOrder(
    subject="Hello", body="Open http://127.0.0.1/x/ please", html="", to=["alice@example.com"], sender="Site <s@x>"
)


def test_a_mail_is_sent_once_and_its_order_forgotten() -> None:
    jobs.enqueue(SEND_MAIL, ORDER)

    jobs.run_pending()
    jobs.run_pending()

    (sent,) = mail.outbox
    assert (sent.subject, sent.to, sent.from_email) == ("Hello", ["alice@example.com"], "Site <s@x>")
    assert jobs.latest(SEND_MAIL) == []


def test_html_goes_along_as_an_alternative() -> None:
    jobs.enqueue(SEND_MAIL, {**ORDER, "html": "<p>Hello</p>"})

    jobs.run_pending()

    assert mail.outbox[0].alternatives == [("<p>Hello</p>", "text/html")]


def test_a_development_home_prints_the_link(caplog: pytest.LogCaptureFixture) -> None:
    jobs.enqueue(SEND_MAIL, ORDER)

    with caplog.at_level(logging.INFO, "lykeion.accounts"):
        jobs.run_pending()

    assert "Mail to alice@example.com: Hello http://127.0.0.1/x/" in caplog.messages


def test_a_production_site_prints_no_links(settings: object, caplog: pytest.LogCaptureFixture) -> None:
    settings.LYKEION_DEVELOPMENT = False  # type: ignore[attr-defined]
    jobs.enqueue(SEND_MAIL, ORDER)

    with caplog.at_level(logging.INFO, "lykeion.accounts"):
        jobs.run_pending()

    assert caplog.messages == []


def test_a_mail_server_that_is_down_delays_the_mail_and_loses_none(settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    jobs.enqueue(SEND_MAIL, ORDER)

    jobs.run_pending()

    (waiting,) = jobs.latest(SEND_MAIL)
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert "ConnectionRefusedError" in waiting.error
    assert waiting.due > waiting.created
