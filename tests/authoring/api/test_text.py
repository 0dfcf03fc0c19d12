"""Text that authors write: what a form changes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lykeion.authoring.api import components, text
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile, Json
from lykeion.olx.api import read_course, unpack
from tests.content.trees import NOON

Enter = Callable[..., Author]
REF = "html@text"


def sent(fields: Mapping[str, Json]) -> dict[str, str]:
    """The form of a text as a browser sends it: every line end is CR LF."""
    data = text.as_typed(fields.get("data")).replace("\n", "\r\n")
    return {"data": data, "display_name": fields.get("display_name") or "", "editor": text.mode_of(fields)}


def fields_now(author: Author) -> Mapping[str, Json]:
    return content.nodes([content.way(content.head(author.run, "draft"), REF)[-1].object_id]).popitem()[1].fields


@pytest.mark.parametrize(
    "data",
    ["", "a", "\n", "a\n", "\n\n<p>a</p>\n", "a\r\nb", "a\rb\r", "a\r\nb\nc\rd", "\u00a0a &nbsp; <b >x</B>", "\ufeffa"],
)
@pytest.mark.parametrize("editor", [{}, {"editor": "raw"}, {"editor": "visual"}, {"editor": "odd"}])
def test_opening_and_saving_changes_nothing(data: str, editor: dict[str, Json]) -> None:
    seen = {"data": data, **editor}

    assert text.changes(seen, sent(seen)) == {}


@pytest.mark.parametrize("name", ["demo-course", "engineering-structures", "supported-components"])
def test_opening_and_saving_changes_no_text_of_real_courses(shared: Path, tmp_path: Path, name: str) -> None:
    archive = shared / "courses" / f"{name}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"needs {archive.name} in ../shared/courses")
    course = read_course(unpack(archive, tmp_path / "course"))

    texts = [block.fields for block in course.root.walk() if block.type == "html"]

    assert len(texts) > 5
    assert [seen for seen in texts if text.changes(seen, sent(seen))] == []


def test_line_ends_stay_where_they_were() -> None:
    before = "one\r\ntwo\nthree\rfour\r\n"

    assert (
        text.with_endings_of(before, "one\r\ntwo\r\nnew\r\nthree\r\nfour\r\n") == "one\r\ntwo\nnew\r\nthree\rfour\r\n"
    )
    assert text.with_endings_of("one\ntwo", "one\r\nnew\r\ntwo") == "one\nnew\ntwo"


def test_a_save_writes_what_was_changed_and_nothing_else(author: Enter) -> None:
    base = components.place(author(), REF).item.base
    form = {"data": "<p>Rivers rest.</p>", "display_name": "Text", "editor": "visual"}

    version = text.save(author(), REF, form, base=base, at=NOON)

    assert fields_now(author()) == {"display_name": "Text", "data": "<p>Rivers rest.</p>"}
    assert version == components.place(author(), REF).item.base


def test_two_people_may_change_the_name_and_the_text_at_once(author: Enter) -> None:
    base = components.place(author(), REF).item.base
    text.save(author(), REF, {"display_name": "Streams", "data": "<p>Rivers run.</p>"}, base=base, at=NOON)

    text.save(author("staff"), REF, {"display_name": "Text", "data": "<p>They rest.</p>"}, base=base, at=NOON)

    assert fields_now(author()) == {"display_name": "Streams", "data": "<p>They rest.</p>"}
    with pytest.raises(ChangedMeanwhile):
        text.save(author("editor"), REF, {"data": "<p>They sleep.</p>"}, base=base, at=NOON)


def test_who_may_not_edit_saves_nothing(author: Enter) -> None:
    with pytest.raises(NotAllowed):
        text.save(author("reader"), REF, {"data": "x"}, base=None, at=NOON)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"data": "a\0b"}, "NUL"),
        ({"data": "a" * (text.LARGEST + 1)}, "too long"),
        ({"editor": "wysiwyg"}, "wysiwyg"),
    ],
)
def test_what_cannot_be_saved_is_said(author: Enter, form: dict[str, str], words: str) -> None:
    with pytest.raises(AuthoringError, match=words):
        text.save(author(), REF, form, base=None, at=NOON)
