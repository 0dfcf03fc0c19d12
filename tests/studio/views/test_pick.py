"""Choosing files and places while writing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from lykeion.authoring.api import files, picking
from lykeion.authoring.api.files import Bytes, New
from lykeion.authoring.types import Author
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from tests.authoring.test_imagesizes import PNG
from tests.content.conftest import _fresh  # noqa: F401  # files of its own for every test


@pytest.fixture
def base(run: CourseLocator, author: Callable[[], Author]) -> str:
    new = [New("b.png", Bytes(PNG)), New("talks/A.mp4", Bytes(b"mp4")), New("notes.pdf", Bytes(b"%PDF"))]
    files.put_many(author(), new, at=now())
    return f"/studio/course/{run}/"


def names(carol: Client, base: str, query: str) -> list[str]:
    told = carol.get(f"{base}choose/file?{query}").json()
    assert told["more"] is False
    return [file["path"] for file in told["files"]]


def test_files_are_found_by_a_part_of_their_name_and_by_kind(carol: Client, base: str) -> None:
    assert names(carol, base, "") == ["b.png", "notes.pdf", "talks/A.mp4"]
    assert names(carol, base, "q=A.MP") == ["talks/A.mp4"]
    assert names(carol, base, "kind=image") == ["b.png"]
    assert names(carol, base, "kind=video") == ["talks/A.mp4"]
    assert names(carol, base, "first=notes.pdf")[0] == "notes.pdf"


def test_a_file_is_told_with_the_address_that_texts_hold(carol: Client, base: str) -> None:
    [file] = carol.get(f"{base}choose/file?q=talks").json()["files"]

    assert (file["url"], file["content_type"], file["size_text"]) == ("/static/talks/A.mp4", "video/mp4", "3\xa0bytes")


def test_more_files_than_are_shown_are_said_to_be_there(
    carol: Client, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picking, "SHOWN", 2)

    told = carol.get(f"{base}choose/file").json()

    assert (len(told["files"]), told["more"]) == (2, True)


def test_places_are_read_level_by_level(carol: Client, base: str) -> None:
    [week] = carol.get(f"{base}choose/place/course@course").json()["places"]
    [reading] = carol.get(week["below"]).json()["places"]
    rivers, lakes = carol.get(reading["below"]).json()["places"]

    assert (week["title"], week["id"], week["inner"]) == ("Week 1", "week1", True)
    assert (rivers["title"], rivers["id"], rivers["inner"]) == ("Rivers", "unit", True)
    assert (lakes["title"], lakes["inner"]) == ("Lakes", False)
