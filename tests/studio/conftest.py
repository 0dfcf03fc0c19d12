"""A small course, the people of every role on it, and a browser without scripts for each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.authoring.api import courses
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from tests.content.trees import NOON, RUN, make_run, root_of
from tests.learn.conftest import person

TEAM = {
    "admin": Role.INSTRUCTOR,
    "staff": Role.STAFF,
    "carol": Role.AUTHOR,
    "editor": Role.EDITOR,
    "reader": Role.READER,
    "limited": Role.LIMITED_STAFF,
    "beta": Role.BETA_TESTER,
}
COURSE = (
    "chapter@week1",
    {"display_name": "Week 1"},
    (
        "sequential@sub",
        {"display_name": "Reading"},
        (
            "vertical@unit",
            {"display_name": "Rivers"},
            ("html@text", {"display_name": "Text", "data": "<p>Rivers run.</p>"}),
            ("problem@sum", {"display_name": "Sum", "data": "<problem><p>2+2</p></problem>"}),
        ),
        ("vertical@second", {"display_name": "Lakes"}),
    ),
)


@pytest.fixture
def run(db: None) -> CourseLocator:
    """The course of ``COURSE``, with everybody of ``TEAM``, the learner alice, the stranger dan and root."""
    key = make_run(content.store(), root_of(content.store(), COURSE, display_name="Waters"), run=RUN)
    from lykeion.catalog import api as catalog

    catalog.catch_up()
    for name, role in TEAM.items():
        accounts.grant_role(person(name), role, org=str(key.org), run=key)
    alice = person("alice")
    person("dan")
    person("root", is_staff=True, is_superuser=True)
    accounts.grant_role(person("orgadmin"), Role.INSTRUCTOR, org=str(key.org))
    catalog.enrol(alice, key, at=now())
    return key


@pytest.fixture
def as_person(run: CourseLocator) -> Callable[[str], Client]:
    """A browser in which somebody is signed in; '' for a visitor."""

    def browse(username: str) -> Client:
        client = Client()
        if username:
            client.force_login(User.objects.get(username=username))
        return client

    return browse


@pytest.fixture
def carol(as_person: Callable[[str], Client]) -> Client:
    """The author's browser."""
    return as_person("carol")


@pytest.fixture
def author(run: CourseLocator) -> Callable[[str], Author]:
    """Somebody as an author of the course, as it is now."""

    def enter(username: str = "carol") -> Author:
        found = accounts.find_person(username)
        assert found is not None
        return courses.enter(found, run)

    return enter


__all__ = ["NOON"]
