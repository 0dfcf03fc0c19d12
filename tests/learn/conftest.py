"""The small course of ``course.py``, its people, and a browser without scripts for each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, run_of
from tests.learn.course import write_course

KEY = run_of("Lyceum", "PHIL1", "2026")


def import_course(folder: Path) -> CourseLocator:
    """Brings the course in ``folder`` in, as an import from the command line does."""
    report = content.import_course(folder, author="carol", at=now(), progress=lambda done, total, what: None)
    return report.run


def person(username: str, **more: bool) -> int:
    """Makes an account whose password is its name; its id."""
    made = accounts.create_person(
        username=username,
        email=f"{username}@example.org",
        password=username,
        full_name=username.title(),
        confirmed=True,
        strict_password=False,
        **more,
    )
    return made.id


@pytest.fixture
def course(db: None, tmp_path: Path) -> CourseLocator:
    """The run, with Alice who learns, Bob who teaches, Dan the stranger and root."""
    key = import_course(write_course(tmp_path / "course"))
    alice, bob = person("alice"), person("bob")
    person("dan")
    person("root", is_staff=True, is_superuser=True)
    catalog.enrol(alice, key, at=now())
    accounts.grant_role(bob, Role.STAFF, org=key.org, run=key)
    return key


@pytest.fixture
def as_person(course: CourseLocator) -> Callable[[str], Client]:
    """A browser in which somebody is signed in; '' for a visitor."""

    def browse(username: str) -> Client:
        client = Client()
        if username:
            client.force_login(User.objects.get(username=username))
        return client

    return browse


@pytest.fixture
def alice(as_person: Callable[[str], Client]) -> Client:
    """Alice's browser."""
    return as_person("alice")
