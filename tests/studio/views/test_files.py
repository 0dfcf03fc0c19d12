"""Pages of course files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lykeion.authoring.api import filelist, files, uploads
from lykeion.authoring.api.files import Bytes, New
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator
from tests.authoring.test_imagesizes import PNG
from tests.content.conftest import _fresh  # noqa: F401  # files of its own for every test
from tests.content.trees import NOON

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
HTMX = {"HX-Request": "true"}
Enter = Callable[..., Author]


@pytest.fixture
def base(run: CourseLocator) -> str:
    return f"/studio/course/{run}/"


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_UPLOADS = tmp_path / "uploads"


def given(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def here(run: CourseLocator) -> list[str]:
    return sorted(content.files(content.head(run, "draft")))


def put(author: Enter, *paths: str) -> None:
    files.put_many(author(), [New(path, Bytes(path.encode())) for path in paths], at=NOON)


def test_a_script_uploads_files_and_is_told_their_addresses(carol: Client, base: str, run: CourseLocator) -> None:
    form = {"file": [given("A b.png", PNG), given("c.txt", b"c")], "folder": "week1"}

    told = carol.post(f"{base}files/upload", form, headers=SCRIPT).json()

    assert told["files"][0] == {
        "path": "week1/A_b.png",
        "url": "/static/week1/A_b.png",
        "web_url": f"/asset-v1:{run.org}+{run.course}+{run.run}+type@asset+block/week1/A_b.png",
        "size": len(PNG),
        "content_type": "image/png",
        "width": 640,
        "height": 480,
        "locked": False,
    }
    assert here(run) == ["week1/A_b.png", "week1/c.txt"]
    assert carol.post(told["undo"]).status_code == 302
    assert here(run) == []


def test_a_form_without_files_is_refused_with_words(carol: Client, base: str) -> None:
    answer = carol.post(f"{base}files/upload", {}, headers=SCRIPT)

    assert answer.status_code == 422
    assert answer.json()["error"] == "Choose a file to upload."


def test_files_of_the_draft_are_shown_to_the_team_before_they_are_published(carol: Client, base: str) -> None:
    carol.post(f"{base}files/upload", {"file": given("a.png", PNG)}, headers=SCRIPT)

    shown = carol.get(f"{base}static/a.png")
    missing = carol.get(f"{base}static/b.png")

    assert (shown.status_code, b"".join(shown), shown["Content-Type"]) == (200, PNG, "image/png")  # type: ignore[call-overload]
    assert (shown["Cache-Control"], missing.status_code) == ("private, no-cache", 404)


def test_a_file_comes_in_parts_and_is_in_the_course_when_it_is_taken(
    carol: Client, base: str, run: CourseLocator
) -> None:
    form = {"purpose": "file", "path": "big.bin", "size": "6", "mark": "1", "ask": "1"}
    begun = carol.post(f"{base}uploads/", form, headers=SCRIPT).json()

    def send(offset: int, data: bytes) -> Any:
        headers = {**SCRIPT, "Upload-Offset": str(offset)}
        return carol.post(begun["url"], data, content_type="application/octet-stream", headers=headers)

    send(0, b"abc")
    again = send(0, b"abc")
    last = send(3, b"def").json()
    taken = carol.post(f"{base}uploads/take", {"key": begun["key"]}, headers=SCRIPT).json()
    exists = carol.post(f"{base}uploads/", form, headers=SCRIPT)

    assert (begun["offset"], begun["part"]) == (0, uploads.PART)
    assert (again.status_code, again.json()["offset"], last["offset"]) == (409, 3, 6)
    assert ([file["path"] for file in taken["files"]], here(run)) == (["big.bin"], ["big.bin"])
    assert (exists.status_code, exists.json()["code"]) == (409, "exists")


def test_an_upload_can_be_asked_for_and_discarded(carol: Client, base: str) -> None:
    form = {"purpose": "file", "path": "big.bin", "size": "6", "mark": "1"}
    begun = carol.post(f"{base}uploads/", form, headers=SCRIPT).json()

    assert carol.get(begun["url"], headers=SCRIPT).json()["offset"] == 0
    assert "big.bin" in carol.get(f"{base}files/").content.decode()
    assert carol.delete(begun["url"], headers=SCRIPT).status_code == 204
    assert carol.get(begun["url"], headers=SCRIPT).status_code == 404


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["a.png", "b.txt", "img/c.png"]),
        ("q=PNG", ["a.png", "img/c.png"]),
        ("folder=img", ["img/c.png"]),
        ("folder=", ["a.png", "b.txt"]),
        ("show=images&sort=folder", ["a.png", "img/c.png"]),
        ("show=unused&q=b", ["b.txt"]),
        ("show=locked", []),
        ("q=none", []),
    ],
)
def test_files_are_found(carol: Client, base: str, author: Enter, query: str, shown: list[str]) -> None:
    put(author, "img/c.png", "b.txt", "a.png")

    page = carol.get(f"{base}files/?{query}")

    assert [row["file"].path for row in page.context["rows"]] == shown


def test_a_course_with_many_files_shows_one_page_and_asks_no_more(carol: Client, base: str, author: Enter) -> None:
    def queries() -> int:
        carol.get(f"{base}files/")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page = carol.get(f"{base}files/")
        assert len(page.context["rows"]) <= 50
        return len(seen)

    put(author, "a.txt")
    one = queries()
    put(author, *(f"f/{number}.txt" for number in range(400)))

    assert queries() == one


def test_the_list_tells_how_often_files_are_used_and_where(carol: Client, base: str, author: Enter) -> None:
    put(author, "a.png", "b.png")
    content.edit(
        author().run,
        lambda draft: draft.update("html@text", {"data": '<img src="/static/a.png">'}),
        author="carol",
        at=NOON,
    )

    counts = carol.get(f"{base}files/used").content.decode()
    places = carol.get(f"{base}files/uses?path=a.png").content.decode()

    assert ("1 place" in counts, "Nowhere" in counts) == (True, True)
    assert f"/studio/course/{author().run}/unit/vertical@unit#html@text" in places.replace("%40", "@")


@pytest.mark.parametrize(
    ("form", "after"),
    [
        ({"action": "delete", "path": ["a.txt", "b.txt"]}, []),
        ({"action": "gather", "path": ["a.txt", "b.txt"], "folder_to": "old"}, ["old/a.txt", "old/b.txt"]),
        ({"action": "rename", "path": "a.txt", "new": "x/y.txt"}, ["b.txt", "x/y.txt"]),
        ({"action": "lock", "path": "a.txt"}, ["a.txt (locked)", "b.txt"]),
    ],
)
def test_files_are_changed_and_a_change_can_be_undone(
    carol: Client, base: str, author: Enter, run: CourseLocator, form: dict[str, Any], after: list[str]
) -> None:
    put(author, "a.txt", "b.txt")

    def state() -> list[str]:
        found = content.files(content.head(run, "draft"))
        return [f"{path} (locked)" if file.locked else path for path, file in sorted(found.items())]

    answer = carol.post(f"{base}files/change", form, headers=HTMX)
    assert state() == after
    carol.post(json.loads(answer["HX-Trigger"])["toast"]["undo"], headers=SCRIPT)

    assert 'id="files-list"' in answer.content.decode()
    assert state() == ["a.txt", "b.txt"]


def test_a_taken_name_is_refused_with_words(carol: Client, base: str, author: Enter) -> None:
    put(author, "a.txt", "b.txt")

    answer = carol.post(f"{base}files/change", {"action": "rename", "path": "a.txt", "new": "b.txt"}, headers=SCRIPT)

    assert (answer.status_code, answer.json()["code"]) == (422, "refused")


def test_all_files_come_as_one_archive(carol: Client, base: str, author: Enter) -> None:
    put(author, "a.txt", "img/b.png")

    answer = carol.get(f"{base}files/all.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))  # type: ignore[call-overload]

    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {"a.txt": b"a.txt", "img/b.png": b"img/b.png"}


def test_only_changes_of_files_are_taken_back_there(run: CourseLocator, as_person: Callable[[str], Client]) -> None:
    done = content.edit(
        run, lambda draft: draft.update("course@course", {"display_name": "Other"}), author="carol", at=NOON
    )
    address = reverse("studio:files_undo", args=[run]) + f"?old={done.old}&new={done.new}"

    assert as_person("editor").post(address).status_code == 422
    assert content.head(run, "draft") == done.new


def test_the_list_tells_when_a_file_was_uploaded(carol: Client, base: str, author: Enter) -> None:
    put(author, "a.png", "b.png", "c.png")
    files.put(author(), "a.png", Bytes(b"another"), NOON + timedelta(days=2), keep=True)
    files.delete(author(), ["b.png"], at=NOON)
    files.move(author(), {"c.png": "b.png"}, at=NOON)

    assert filelist.uploaded(author()) == {"a.png": NOON, "a-2.png": NOON + timedelta(days=2)}
    html = carol.get(f"{base}files/").content.decode()
    assert html.count("<time datetime=") == 2
    assert "Not known" in html
