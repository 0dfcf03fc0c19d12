"""The page of checks."""

from __future__ import annotations

import pytest
from django.test import Client

from lykeion.authoring.api import checks as rules
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from tests.content.conftest import _fresh  # noqa: F401  # files of its own for every test
from tests.content.trees import NOON

HTMX = {"HX-Request": "true"}


@pytest.fixture
def base(run: CourseLocator) -> str:
    return f"/studio/course/{run}/checks"


def test_findings_lead_to_the_place_where_they_are_mended(carol: Client, base: str, run: CourseLocator) -> None:
    data = '<a href="/static/gone.pdf">x</a>'
    content.edit(run, lambda draft: draft.update("html@text", {"data": data}), author="carol", at=NOON)

    page = carol.get(base).content.decode()

    assert "Links to the file gone.pdf, which the course does not have." in page
    assert (
        f"/studio/course/{run}/unit/vertical@unit#html@text" in page
        or f"/studio/course/{run}/component/html@text" in page
    )
    assert "A welcome message" in page
    assert "This unit is empty." in page


def test_a_large_course_is_looked_through_when_asked(
    carol: Client, base: str, run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "AT_ONCE", 0)

    first = carol.get(base).content.decode()
    carol.post(f"{base}/start")
    waiting = carol.get(base).content.decode()
    jobs.run_pending()
    done = carol.get(base).content.decode()
    content.edit(run, lambda draft: draft.remove("html@text"), author="carol", at=NOON)
    old = carol.get(base).content.decode()

    assert ("A welcome message" in first, 'hx-trigger="load' in waiting) == (False, True)
    assert ("A welcome message" in done, "was changed since" in done, "was changed since" in old) == (True, False, True)


def test_pages_elsewhere_are_looked_at_by_a_job(carol: Client, base: str, run: CourseLocator) -> None:
    data = '<a href="http://127.0.0.1:9/private">x</a>'
    content.edit(run, lambda draft: draft.update("html@text", {"data": data}), author="carol", at=NOON)

    carol.post(f"{base}/start", {"kind": "links"})
    jobs.run_pending()
    page = carol.get(base).content.decode()

    assert ("Not a public address; not looked at" in page, "html@text" in page) == (True, True)


def test_the_page_is_loaded_again_when_a_look_is_over(carol: Client, base: str) -> None:
    carol.post(f"{base}/start", {"kind": "links"})
    jobs.run_pending()
    number = carol.get(base).context["links"].id

    assert carol.get(f"{base}/links/{number}", headers=HTMX)["HX-Refresh"] == "true"
