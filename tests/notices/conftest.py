"""The course and the people of ``tests/instructor``, and a mail to send to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.notices import api as notices
from lykeion.notices import sending
from lykeion.notices.types import Draft, Message
from tests.instructor.conftest import run, teacher

__all__ = ["run", "teacher"]


@pytest.fixture(autouse=True)
def no_limit(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the next minute; and nobody looks whether mails go on while jobs are done ahead of time."""
    settings.LYKEION_MAIL_RATE = 6_000_000
    monkeypatch.setattr(sending, "WATCHED_EVERY", timedelta(days=30))


@pytest.fixture
def offered(run: CourseLocator) -> Run:
    """The run as the catalog has it."""
    return catalog.run(run)


@pytest.fixture
def sent(offered: Run) -> Callable[..., Message]:
    """Sends a mail of staff's to groups, and does what is due."""

    def send(*groups: str, subject: str = "News", html: str = "<p>Hello</p>", once: str = "1") -> Message:
        draft = Draft(subject, html, groups)
        made = notices.send(offered, named("staff"), draft, once=once, due=now(), at=now())
        jobs.run_pending()
        found = notices.message(offered, made.id)
        assert found is not None
        return found

    return send


def named(username: str) -> Person:
    """The person with this name."""
    found = accounts.find_person(username)
    assert found is not None
    return found
