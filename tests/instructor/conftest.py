"""A small course, the people of every role on it, and a browser without scripts for each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.teaching.api import courses
from lykeion.teaching.types import Teacher
from tests.content.trees import RUN, make_run, root_of
from tests.learn.conftest import person

TEAM = {
    "admin": Role.INSTRUCTOR,
    "staff": Role.STAFF,
    "limited": Role.LIMITED_STAFF,
    "data": Role.DATA_RESEARCHER,
    "carol": Role.AUTHOR,
    "editor": Role.EDITOR,
    "reader": Role.READER,
    "beta": Role.BETA_TESTER,
}
PROBLEM = (
    "<problem><multiplechoiceresponse><choicegroup><choice correct='true'>yes</choice>"
    "<choice correct='false'>no</choice></choicegroup></multiplechoiceresponse></problem>"
)
COURSE = (
    "chapter@week1",
    {"display_name": "Week 1"},
    (
        "sequential@sub",
        {"display_name": "Reading", "graded": True, "format": "Homework", "due": "2030-01-01T00:00:00Z"},
        (
            "vertical@unit",
            {"display_name": "Rivers"},
            ("html@text", {"display_name": "Text", "data": "<p>Rivers run.</p>"}),
            ("problem@sum", {"display_name": "Sum", "data": PROBLEM}),
        ),
    ),
    (
        "sequential@second",
        {"display_name": "Lakes", "graded": True, "format": "Homework"},
        ("vertical@more", {"display_name": "More"}, ("problem@deep", {"display_name": "Deep", "data": PROBLEM})),
    ),
)


@pytest.fixture
def run(db: None) -> CourseLocator:
    """``COURSE``, published; everybody of ``TEAM``, the learners alice and dora, the stranger dan, and root."""
    store = content.store()
    key = make_run(store, root_of(store, COURSE, display_name="Waters", start="2020-01-01T00:00:00Z"), run=RUN)
    catalog.catch_up()
    for name, role in TEAM.items():
        accounts.grant_role(person(name), role, org=str(key.org), run=key)
    person("dan")
    person("root", is_staff=True, is_superuser=True)
    accounts.grant_role(person("orgadmin"), Role.INSTRUCTOR, org=str(key.org))
    for name in ("alice", "dora"):
        catalog.enrol(person(name), key, at=now())
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
def teacher(run: CourseLocator) -> Callable[..., Teacher]:
    """Somebody of the team, entered; the admin unless another is named."""

    def enter(username: str = "admin") -> Teacher:
        found = accounts.find_person(username)
        assert found is not None
        return courses.enter(found, run)

    return enter
