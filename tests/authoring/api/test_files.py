"""Course files: putting them into the draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lykeion.authoring.api import files
from lykeion.authoring.api.files import Bytes, New
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.authoring.wholecourse import places
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile, ContentError, NewBlock, Node, ObjectId, StoredFile
from lykeion.core.keys import CourseLocator
from tests.authoring.test_imagesizes import PNG
from tests.content.trees import NOON

Enter = Callable[..., Author]


def paths(run: CourseLocator) -> dict[str, bytes]:
    found = content.files(content.head(run, "draft"))
    return {path: read(file) for path, file in sorted(found.items())}


def read(file: StoredFile) -> bytes:
    with content.open_file(file) as stream:
        return stream.read()


def test_a_file_is_put_into_the_draft_under_a_name_fit_for_links(author: Enter, run: CourseLocator) -> None:
    stored = files.put(author(), "Week 1/A photo.png", Bytes(PNG), NOON)

    assert (stored.path, stored.size, stored.content_type) == ("Week_1/A_photo.png", len(PNG), "image/png")
    assert (stored.width, stored.height, stored.locked) == (640, 480, False)
    assert content.file(content.head(run, "draft"), "Week_1/A_photo.png") == stored
    assert content.files(content.head(run, "published")) == {}
    assert content.history(run, "draft")[0].why == "Uploaded: files/Week_1/A_photo.png"


def test_a_file_of_the_same_name_is_replaced_and_keeps_its_lock(author: Enter, run: CourseLocator) -> None:
    files.put(author(), "a.txt", Bytes(b"old"), NOON, locked=True)

    stored = files.put(author(), "a.txt", Bytes(b"new"), NOON)

    assert stored.locked
    assert paths(run) == {"a.txt": b"new"}


def test_a_file_that_keeps_others_gets_a_name_of_its_own_unless_it_is_the_same(
    author: Enter, run: CourseLocator
) -> None:
    files.put(author(), "a.txt", Bytes(b"old"), NOON)

    names = [files.put(author(), "a.txt", Bytes(data), NOON, keep=True).path for data in (b"new", b"old")]

    assert names == ["a-2.txt", "a.txt"]
    assert paths(run) == {"a-2.txt": b"new", "a.txt": b"old"}


def test_several_files_are_one_change_and_none_is_kept_when_one_is_refused(author: Enter, run: CourseLocator) -> None:
    files.put_many(author(), [New("a.txt", Bytes(b"a")), New("b.txt", Bytes(b"b"))], at=NOON)
    with pytest.raises(AuthoringError):
        files.put_many(author(), [New("c.txt", Bytes(b"c")), New("..", Bytes(b"d"))], at=NOON)

    assert paths(run) == {"a.txt": b"a", "b.txt": b"b"}
    assert [entry.why for entry in content.history(run, "draft")] == ["Uploaded: 2 files (a.txt, b.txt)", "Made"]


def test_readers_put_no_files_into_a_course(author: Enter, run: CourseLocator) -> None:
    with pytest.raises(NotAllowed, match="files"):
        files.put(author("reader"), "a.txt", Bytes(b"a"), NOON)

    assert paths(run) == {}


PAGE = (
    "chapter@c",
    {},
    (
        "sequential@s",
        {},
        (
            "vertical@u",
            {"display_name": "Unit"},
            (
                "html@h",
                {"display_name": "Text", "data": '<img src="/static/img/a.png"><a href="/static/b%20c.txt">x</a>'},
            ),
            ("html@flat", {"data": "<p style='background: url(/static/img_a.png)'></p>"}),
            ("video@v", {"transcripts": {"en": "t.srt"}, "html5_sources": ["/static/m.mp4"]}),
            ("problem@p", {"data": "<problem><script type='loncapa/python'>import lib</script></problem>"}),
            ("html@other", {"data": "no link to /static/img/a.png in quotes"}),
        ),
    ),
)


def with_files(author: Enter, run: CourseLocator, *paths: str) -> Author:
    """A course with ``PAGE`` and ``paths``."""

    def change(draft: content.Draft) -> None:
        draft.add("course@course", tree(PAGE))
        draft.update("course@course", {"course_image": "img_a.png"})
        draft.set_part("about/overview", Node("about", {"data": f'<a href="{ADDRESS}img/a.png">'}))

    content.edit(run, change, author="carol", at=NOON)
    files.put_many(author(), [New(path, Bytes(path.encode())) for path in paths], at=NOON)
    return author()


ADDRESS = "/asset-v1:Lykeion+T1+now+type@asset+block@"


def tree(spec: tuple[Any, ...]) -> NewBlock:
    name, fields, *below = spec
    kind, _, block_id = name.partition("@")
    return NewBlock(kind, block_id, fields, tuple(tree(one) for one in below))


def test_where_files_are_used_is_found_however_links_are_written(author: Enter, run: CourseLocator) -> None:
    carol = with_files(author, run, "img/a.png", "t.srt", "python_lib.zip", "dead.txt", "style.css")
    files.put(carol, "page.html", Bytes(b'<link href="style.css">'), NOON)

    found = files.used(author())
    refs = {path: [place.ref for place in places] for path, places in found.places.items()}

    assert refs == {
        "img/a.png": ["course@course", "html@h", "html@flat", "about/overview"],
        "t.srt": ["video@v"],
        "python_lib.zip": ["problem@p"],
    }
    assert found.files == {"style.css": ["page.html"]}
    assert found.count("dead.txt") == 0
    assert {name: [place.ref for place in places] for name, places in found.missing.items()} == {
        "b c.txt": ["html@h"],
        "m.mp4": ["video@v"],
    }
    assert files.uses_of(author(), "t.srt") == [files.Use("video@v", "v", "vertical@u")]


def test_a_file_that_moves_takes_every_link_to_it_along(author: Enter, run: CourseLocator) -> None:
    carol = with_files(author, run, "img/a.png", "t.srt")

    files.move(carol, {"img/a.png": "pictures/Map of rivers.png", "t.srt": "subs/t.srt"}, at=NOON)
    root = content.head(run, "draft")
    fields = {place.ref: content.nodes([place.object_id])[place.object_id].fields for place in places(root)}

    assert sorted(content.files(root)) == ["pictures/Map_of_rivers.png", "subs/t.srt"]
    assert '"/static/pictures/Map_of_rivers.png"' in fields["html@h"]["data"]
    assert "/static/b%20c.txt" in fields["html@h"]["data"]
    assert "url(/static/pictures/Map_of_rivers.png)" in fields["html@flat"]["data"]
    assert fields["video@v"]["transcripts"] == {"en": "subs/t.srt"}
    assert fields["course@course"]["course_image"] == "pictures/Map_of_rivers.png"
    assert fields["about/overview"]["data"] == f'<a href="{ADDRESS}pictures/Map_of_rivers.png">'
    assert content.history(run, "draft")[0].why == "Moved: 2 files (img/a.png, t.srt)"


def test_a_file_cannot_take_the_place_of_another(author: Enter, run: CourseLocator) -> None:
    carol = with_files(author, run, "a.txt", "b.txt")

    with pytest.raises(AuthoringError, match=r"There is a file b.txt already"):
        files.move(carol, {"a.txt": "b.txt"}, at=NOON)
    files.move(carol, {"a.txt": "b.txt", "b.txt": "a.txt"}, at=NOON)

    assert paths(run) == {"a.txt": b"b.txt", "b.txt": b"a.txt"}


def test_what_was_deleted_or_locked_comes_back_as_it_was(author: Enter, run: CourseLocator) -> None:
    carol = with_files(author, run, "a.txt", "b.txt")

    locked = files.lock(carol, ["a.txt"], True, at=NOON)
    gone = files.delete(carol, ["a.txt", "b.txt"], at=NOON)
    assert paths(run) == {}
    files.undo(carol, gone.old, gone.new, at=NOON)
    assert content.files(content.head(run, "draft"))["a.txt"].locked
    files.undo(carol, locked.old, locked.new, at=NOON)

    assert paths(run) == {"a.txt": b"a.txt", "b.txt": b"b.txt"}
    assert not content.files(content.head(run, "draft"))["a.txt"].locked


def test_a_move_is_undone_with_its_links_but_not_over_the_work_of_others(author: Enter, run: CourseLocator) -> None:
    carol = with_files(author, run, "img/a.png")
    before = carol.root
    moved = files.move(carol, {"img/a.png": "b.png"}, at=NOON)
    files.undo(carol, moved.old, moved.new, at=NOON)
    assert content.head(run, "draft") == before

    moved = files.move(carol, {"img/a.png": "b.png"}, at=NOON)
    content.edit(run, lambda draft: draft.update("html@h", {"data": "<p>new</p>"}), author="dora", at=NOON)

    with pytest.raises(ChangedMeanwhile):
        files.undo(carol, moved.old, moved.new, at=NOON)


def test_nothing_is_brought_back_from_versions_of_other_courses(author: Enter, run: CourseLocator) -> None:
    with pytest.raises(ContentError, match="history"):
        files.undo(author(), ObjectId("0" * 48), author().root, at=NOON)


def test_what_is_gone_cannot_be_changed(author: Enter) -> None:
    with pytest.raises(ContentError, match=r"a\.txt is not in the course"):
        files.delete(author(), ["a.txt"], at=NOON)
