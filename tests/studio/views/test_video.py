"""The editor of videos and of their transcripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lykeion.authoring.api import components, transcripts
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.content.types import Json
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from tests.authoring.api.test_transcripts import CUES, SRT
from tests.authoring.api.test_video import EVERY
from tests.content.conftest import _fresh  # noqa: F401  # files of its own for every test

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


class Form(HTMLParser):
    """The fields of the form ``editor-form`` as a browser sends them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, list[str]] = {}
        self._inside, self._select, self._aside = False, "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        named = dict(attrs)
        self._inside |= tag == "form" and named.get("id") == "editor-form"
        self._aside |= tag == "template"
        mine = (self._inside and not self._aside) or named.get("form") == "editor-form"
        if tag == "select" and mine:
            self._select = named["name"]
        if tag == "option" and self._select and ("selected" in named or self._select not in self.fields):
            self.fields[self._select] = [named["value"]]
        if tag == "input" and mine and named.get("name") and (named.get("type") != "checkbox" or "checked" in named):
            self.fields.setdefault(named["name"], []).append(named.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        self._inside &= tag != "form"
        self._aside &= tag != "template"
        self._select = "" if tag == "select" else self._select


@pytest.fixture
def ref(author: Callable[[], Author]) -> str:
    return components.add(author(), "vertical@unit", "video", {"display_name": "Talk"}, at=now())


@pytest.fixture
def page(run: CourseLocator, ref: str) -> str:
    return f"/studio/course/{run}/component/{ref}"


def given(data: bytes, name: str = "talk.srt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    "fields",
    [
        {"display_name": "Talk"},
        EVERY,
        {"license": "my own", "start_time": "soon"},
        {"transcripts": {"de": "a.srt", "fr": "b.srt"}, "default_transcript": "fr", "show_captions": False},
    ],
)
def test_opening_and_saving_makes_no_change(
    carol: Client, page: str, ref: str, author: Callable[[], Author], fields: dict[str, Json]
) -> None:
    components.save(author(), ref, fields, base=None, at=now())
    root = content.head(author().run, "draft")
    form = Form(carol.get(page).content.decode()).fields

    response = carol.post(page, form, headers=SCRIPT)

    assert response.json() == {"base": form["base"][0]}
    assert content.head(author().run, "draft") == root


def test_only_the_edit_is_in_the_difference(carol: Client, page: str, ref: str, author: Callable[[], Author]) -> None:
    components.save(author(), ref, EVERY, base=None, at=now())
    form = Form(carol.get(page).content.decode()).fields
    form["source"].reverse()
    del form["only_on_web"]

    carol.post(page, form, headers=SCRIPT)

    after = components.place(author(), ref).item.fields
    assert after == {**EVERY, "html5_sources": EVERY["html5_sources"][::-1], "only_on_web": False}  # type: ignore[index]


def test_what_cannot_be_saved_is_told(carol: Client, page: str) -> None:
    response = carol.post(page, {"youtube": "https://vimeo.com/1234567"}, headers=SCRIPT)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "YouTube" in response.json()["error"]


def test_a_transcript_comes_and_goes(carol: Client, page: str, ref: str, author: Callable[[], Author]) -> None:
    came = carol.post(f"{page}/transcripts", {"language": "de", "file": given(SRT)}, headers=SCRIPT)
    vtt = carol.get(f"{page}/transcripts/de.vtt")
    went = carol.post(f"{page}/transcripts/de/remove", headers=SCRIPT)

    assert "German (Deutsch)" in came.content.decode()
    assert "2 cues" in came.content.decode()
    assert vtt.content.startswith(b"WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nRivers run.")
    assert vtt["Content-Disposition"] == 'attachment; filename="transcript-de.vtt"'
    assert "None yet" in went.content.decode()
    assert carol.get(f"{page}/transcripts/de.vtt").status_code == HTTPStatus.NOT_FOUND


def test_every_line_that_is_wrong_is_told(carol: Client, page: str) -> None:
    bad = SRT.replace(b"02,500", b"00,500").replace(b"04,000", b"4")

    response = carol.post(f"{page}/transcripts", {"language": "de", "file": given(bad)}, headers=SCRIPT)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [line.partition(":")[0] for line in response.json()["error"].splitlines()] == ["Line 2", "Line 6"]


def test_a_transcript_is_written_cue_by_cue(carol: Client, page: str, ref: str, author: Callable[[], Author]) -> None:
    def send(base: str, *cues: dict[str, Json]) -> Any:
        return carol.post(f"{page}/transcripts/fr", {"cues": json.dumps(cues), "base": base}, headers=SCRIPT)

    first = send("", {"start": 3, "end": 4, "text": "They rest."}, {"start": 1, "end": 2.5, "text": "Rivers\nrun."})
    late = send("", {"start": 1, "end": 2, "text": "No"})
    wrong = send(first.json()["base"], {"start": 5, "end": 2, "text": "No"})
    broken = carol.post(f"{page}/transcripts/fr", {"cues": "[1]"}, headers=SCRIPT)

    assert (first.status_code, late.status_code, wrong.status_code, broken.status_code) == (200, 409, 422, 422)
    assert transcripts.cues(author(), ref, "fr").cues == CUES
    assert transcripts.cues(author(), ref, "fr").version == first.json()["base"]
    assert "Rivers run." in carol.get(f"{page}/transcripts/fr").content.decode()
