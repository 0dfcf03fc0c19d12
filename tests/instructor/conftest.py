"""A small course, the people of every role on it, and a browser without scripts for each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.analytics.models import Reading
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.teaching.api import courses
from lykeion.teaching.types import Teacher
from tests.analytics.lines import browser, check, enrolled, line
from tests.content.trees import RUN, make_run, root_of
from tests.instructor.figures import AT
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


@pytest.fixture
def log(db: None, settings: Any, tmp_path: Path) -> Path:
    """An empty tracking log, and no lake yet; the site began long ago."""
    Reading.objects.create(pk=1)
    settings.LYKEION_LAKE_URL = str(tmp_path / "lake")
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    return tmp_path / "tracking.log"


@pytest.fixture
def written(log: Path, run: CourseLocator) -> dict[str, int]:
    """What alice and dora did: alice enrolled, watched and answered rightly; dora was away for eight days."""
    who = {name: accounts.find_person(name).id for name in ("alice", "dora")}  # type: ignore[union-attr]
    recently, long_ago = AT.replace(tzinfo=None) - timedelta(hours=2), AT.replace(tzinfo=None) - timedelta(days=9)
    usage = usage_text(run, "problem@sum")
    lines = [
        enrolled(who["alice"], at=recently, mode="verified"),
        enrolled(who["dora"], at=long_ago),
        line("problem_check", check({"sum_2_1": ("choice_0", True)}, problem=usage), user=who["alice"], at=recently),
        line("problem_check", _typed(usage, "the <b>&x"), user=who["dora"], at=long_ago),
        browser("play_video", {"id": "text", "currentTime": 0, "duration": 60}, user=who["alice"], at=recently),
        browser("play_video", {"id": "made/up", "currentTime": 0}, user=who["alice"], at=recently),
        browser("stop_video", {"id": "text", "currentTime": 60}, user=who["alice"], at=recently + timedelta(minutes=1)),
    ]
    log.write_bytes(b"".join(lines).replace(b"course-v1:Lykeion+T1+now", str(run).encode()))
    return who


def _typed(usage: str, text: str) -> dict[str, Any]:
    """A wrong answer that is no choice: it is told as it was given."""
    payload = check({"sum_2_1": (text, False)}, problem=usage)
    payload["submission"]["sum_2_1"]["answer"] = text
    return payload
