"""Copying and pasting, within a course and into another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.authoring.api import clipboard, courses, outline
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import NewBlock
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, run_of
from tests.content.trees import make_run, root_of

Enter = Callable[..., Author]


class Bytes:
    """Something to store."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def open(self) -> BytesIO:
        return BytesIO(self.data)


def put_file(run: CourseLocator, path: str, data: bytes) -> None:
    stored = content.store_file(path, Bytes(data))
    content.edit(run, lambda draft: draft.set_file(path, stored), author="carol", at=now())


@pytest.fixture
def other(run: CourseLocator) -> Iterator[CourseLocator]:
    """Another course of Carol's, with one subsection."""
    tree = ("chapter@c", ("sequential@s", ("vertical@unit", {"display_name": "Taken"})))
    key = make_run(content.store(), root_of(content.store(), tree), run=run_of("Lykeion", "T2", "now"))
    carol = accounts.find_person("carol")
    assert carol is not None
    accounts.grant_role(carol.id, Role.AUTHOR, org="Lykeion", run=key)
    return key


def in_other(other: CourseLocator, username: str = "carol") -> Author:
    found = accounts.find_person(username)
    assert found is not None
    return courses.enter(found, other)


def test_a_copy_stays_what_it_was(author: Enter) -> None:
    clip = clipboard.copy(author(), "vertical@unit")
    outline.remove(author(), "vertical@unit", at=now())
    kept = clipboard.Clip.of(clip.kept())
    assert kept == clip

    pasted = clipboard.paste(author(), clip, "sequential@sub", index=0, at=now())

    first = outline.items(author(), "sequential@sub")[0]
    assert (first.ref, first.title, first.children) == (pasted.ref, "Rivers", 2)
    assert pasted.ref != "vertical@unit"


def test_files_come_along_and_those_of_another_content_under_another_name(author: Enter, other: CourseLocator) -> None:
    for path, data in (("a.png", b"a"), ("b.png", b"mine"), ("film-de.srt", b"de"), ("unused.png", b"u")):
        put_file(author().run, path, data)
    put_file(other, "b.png", b"theirs")
    key = "asset-v1:Lykeion+T1+now+type@asset+block@a.png"
    html = f'<img src="/{key}"><img src="/static/b.png"><a href="/static/none.pdf">no</a>'
    content.edit(
        author().run,
        lambda draft: draft.update("html@text", {"data": html, "transcripts": {"de": "film-de.srt"}}),
        author="carol",
        at=now(),
    )

    pasted = clipboard.paste(in_other(other), clipboard.copy(author(), "vertical@unit"), "sequential@s", at=now())

    here = in_other(other)
    text = outline.items(here, pasted.ref)[0].fields
    assert text["data"] == html.replace(f"/{key}", "/static/a.png").replace("b.png", "b-2.png")
    assert text["transcripts"] == {"de": "film-de.srt"}
    assert sorted(content.files(here.root)) == ["a.png", "b-2.png", "b.png", "film-de.srt"]
    assert pasted.notes == (
        "Files that came along: b.png, a.png, film-de.srt.",
        "This course has another file called b.png, so the one that came along is called b-2.png here.",
        "Files that the other course does not have: none.pdf.",
    )


def test_groups_of_the_other_course_are_taken_off(author: Enter, other: CourseLocator) -> None:
    access = {"group_access": {"7": [1]}}
    content.edit(author().run, lambda draft: draft.update("vertical@second", access), author="carol", at=now())

    pasted = clipboard.paste(in_other(other), clipboard.copy(author(), "vertical@second"), "sequential@s", at=now())

    assert outline.item(in_other(other), pasted.ref).fields["group_access"] == {}
    assert pasted.notes == ("Access for groups of the other course was taken off: look at who may see it.",)


def test_only_who_may_see_where_it_comes_from_may_paste_it(author: Enter, other: CourseLocator) -> None:
    clip = clipboard.copy(author(), "vertical@unit")
    dan = accounts.find_person("dan")
    assert dan is not None
    accounts.grant_role(dan.id, Role.AUTHOR, org="Lykeion", run=other)

    with pytest.raises(NotAllowed):
        clipboard.paste(in_other(other, "dan"), clip, "sequential@s", at=now())
    with pytest.raises(AuthoringError, match="cannot be put there"):
        clipboard.paste(in_other(other), clip, "chapter@c", at=now())
    with pytest.raises(AuthoringError, match="Copy it again"):
        clipboard.paste(in_other(other), replace(clip, object_id="0" * 48), "sequential@s", at=now())  # type: ignore[arg-type]


def test_a_clip_is_small_however_long_the_names_are(author: Enter, run: CourseLocator) -> None:
    title = "Rivers " * 5000
    content.edit(run, lambda draft: draft.update("html@text", {"display_name": title}), author="carol", at=now())
    long_id = "x" * 3000
    content.edit(run, lambda draft: draft.add("vertical@unit", NewBlock("html", long_id)), author="carol", at=now())

    clip = clipboard.copy(author(), "html@text")
    made = clipboard.paste(author(), clip, "vertical@second", at=now()).ref

    assert (len(clip.title), clip.title[-1]) == (clipboard.LONGEST_TITLE, "…")
    assert outline.item(author(), made).fields["display_name"] == title
    with pytest.raises(AuthoringError, match=r"cannot be copied: its names have .* and 2000 is the most here"):
        clipboard.copy(author(), f"html@{long_id}")
