"""Editors: what they share, whichever type of component they are for."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client

from lykeion.authoring.api import components
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.studio import editors
from lykeion.studio.views import component

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def plain(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """An editor with nothing but the frame of all of them."""
    if request.method == "POST":
        values = editors.title_of(request)
        version = components.save(author, ref, values, base=editors.base_of(request), at=now())
        return editors.saved(request, author, ref, version)
    return render(request, "studio/unit/editor.html", editors.editor_context(author, ref))


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(component.EDITORS, "html", plain)  # type: ignore[arg-type]


@pytest.fixture
def page(run: CourseLocator) -> str:
    return f"/studio/course/{run}/component/html@text"


@pytest.mark.usefixtures("editor")
def test_the_page_of_an_editor_leads_back_to_the_unit_and_shows_the_component(carol: Client, page: str) -> None:
    html = carol.get(page).content.decode()

    assert 'value="Text"' in html
    assert f'href="{page.replace("component/html@text", "unit/vertical@unit")}#html@text"' in html
    assert f'src="{page}/preview"' in html
    assert f'href="{page.replace("component/html@text", "publishing/vertical@unit")}"' in html


@pytest.mark.usefixtures("editor")
def test_who_may_not_publish_is_not_offered_it(as_person: Callable[[str], Client], page: str) -> None:
    html = as_person("editor").get(page).content.decode()

    assert "/publishing/" not in html


@pytest.mark.usefixtures("editor")
def test_a_save_answers_the_version_that_the_next_one_is_based_on(
    carol: Client, page: str, author: Callable[[], Author]
) -> None:
    base = components.place(author(), "html@text").item.base

    first = carol.post(page, {"display_name": "Streams", "base": base}, headers=SCRIPT)
    again = carol.post(page, {"display_name": "Brooks", "base": first.json()["base"]}, headers=SCRIPT)
    late = carol.post(page, {"display_name": "Rivers", "base": base}, headers=SCRIPT)

    assert (first.status_code, again.status_code, late.status_code) == (200, 200, HTTPStatus.CONFLICT)
    assert late.json()["fields"] == ["display_name"]
    assert components.place(author(), "html@text").item.title == "Brooks"


@pytest.mark.usefixtures("editor")
def test_without_scripts_a_save_shows_the_editor_again(carol: Client, page: str) -> None:
    response = carol.post(page, {"display_name": "Streams"}, headers={"Accept": "text/html"})

    assert (response.status_code, response["Location"]) == (HTTPStatus.SEE_OTHER, page)


def test_the_preview_is_the_component_of_the_draft_alone(carol: Client, page: str) -> None:
    html = carol.get(f"{page}/preview").content.decode()

    assert "Rivers run." in html
    assert "studio-nav" not in html


def test_publishing_from_an_editor_publishes_the_unit(carol: Client, page: str, author: Callable[[], Author]) -> None:
    components.save(author(), "html@text", {"data": "<p>Lakes rest.</p>"}, base=None, at=now())
    sent = {"ref": "vertical@unit", "seen": author().root}

    response = carol.post(f"{page.partition('component/')[0]}publish", sent, headers=SCRIPT)

    assert response.json()["published"] == "vertical@unit"
    assert not content.has_unpublished_changes(author().run, "vertical@unit")


@pytest.mark.parametrize("place", ["", "/settings", "/save", "/access"])
def test_the_course_is_no_component(carol: Client, run: CourseLocator, place: str) -> None:
    address = f"/studio/course/{run}/component/course@course{place}"
    address = address.replace("component/course@course/access", "unit/course@course/access")

    response = carol.post(address, "{}", content_type="application/json", headers=SCRIPT)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "no component" in response.json()["error"]
