"""The editor of texts."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from lykeion.authoring.api import components
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
NASTY = '\n<p class=a>1 &lt; 2 &amp;amp; </textarea> \u00a0&nbsp;"\r\n<B>x</b >\n\n'


class Form(HTMLParser):
    """The fields of the editor's form as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, str] = {}
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        named = dict(attrs)
        if tag == "textarea" and named.get("name"):
            self._open = named["name"]
            self.fields[self._open] = ""
        ticked = named.get("type") not in {"radio", "checkbox"} or "checked" in named
        if tag == "input" and named.get("name") and ticked:
            self.fields[named["name"]] = named.get("value", "on")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.fields[self._open] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._open:
            self.fields[self._open] = self.fields[self._open].removeprefix("\n")
            self._open = ""


@pytest.fixture
def page(run: CourseLocator) -> str:
    return f"/studio/course/{run}/component/html@text"


@pytest.mark.parametrize("data", ["<p>Rivers run.</p>", NASTY, "<script>a < b && c</script>", ""])
@pytest.mark.parametrize("mode", ["visual", "raw"])
def test_opening_and_saving_makes_no_change(
    carol: Client, page: str, author: Callable[[], Author], data: str, mode: str
) -> None:
    components.save(author(), "html@text", {"data": data, "editor": mode}, base=None, at=now())
    root = content.head(author().run, "draft")
    form = Form(carol.get(page).content.decode()).fields

    response = carol.post(page, {**form, "data": form["data"].replace("\n", "\r\n")}, headers=SCRIPT)

    assert response.json() == {"base": form["base"]}
    assert content.head(author().run, "draft") == root


def test_a_text_can_be_told_to_open_as_source(carol: Client, page: str, author: Callable[[], Author]) -> None:
    form = Form(carol.get(page).content.decode()).fields

    carol.post(page, {**form, "raw": "on"}, headers=SCRIPT)

    fields = components.place(author(), "html@text").item.fields
    assert fields == {"display_name": "Text", "data": "<p>Rivers run.</p>", "editor": "raw"}


def test_a_text_that_somebody_changed_meanwhile_is_not_overwritten(
    carol: Client, page: str, author: Callable[[], Author]
) -> None:
    form = Form(carol.get(page).content.decode()).fields
    components.save(author(), "html@text", {"data": "<p>Lakes.</p>"}, base=None, at=now())

    response = carol.post(page, {**form, "data": "<p>Seas.</p>"}, headers=SCRIPT)

    assert (response.status_code, response.json()["fields"]) == (HTTPStatus.CONFLICT, ["data"])


def test_who_may_not_upload_is_not_offered_it(page: str, carol: Client) -> None:
    html = carol.get(page).content.decode()

    assert 'data-text-editor-upload-value="/studio/' in html
    assert html.count('type="file"') == 2
