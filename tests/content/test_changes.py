"""What differs between two versions, in words."""

from __future__ import annotations

import pytest

from lykeion.content import api
from lykeion.content.types import Change, Node, ObjectStore
from tests.content.trees import root_of


def test_a_version_does_not_differ_from_itself(here: ObjectStore) -> None:
    root = root_of(here, ("chapter@a",))

    assert api.diff(root, root) == []


def test_changes_are_told_by_block_with_their_place(here: ObjectStore) -> None:
    old = root_of(
        here,
        ("chapter@a", {"display_name": "One"},
            ("vertical@u", ("html@x", {"data": "1", "editor": "raw"}), ("html@gone", {"display_name": "Gone"})),
            ("vertical@same", ("html@s",))),
        display_name="Trees",
    )  # fmt: skip
    new = root_of(
        here,
        ("chapter@a", {"display_name": "Two"},
            ("vertical@u", ("html@x", {"data": "2"}), ("problem@x", ("hint@h",))),
            ("vertical@same", ("html@s",))),
        display_name="Trees",
    )  # fmt: skip

    assert api.diff(old, new) == [
        Change("changed", "chapter@a", "Two", ("Trees",), ("display_name",)),
        Change("changed", "html@x", "x", ("Trees", "Two", "u"), ("data", "editor")),
        Change("added", "problem@x", "x", ("Trees", "Two", "u")),
        Change("added", "hint@h", "h", ("Trees", "Two", "u", "x")),
        Change("removed", "html@gone", "Gone", ("Trees", "Two", "u")),
    ]


def test_a_new_order_is_a_change_of_the_parent(here: ObjectStore) -> None:
    old = root_of(here, ("chapter@a",), ("chapter@b",), ("chapter@c",))
    new = root_of(here, ("chapter@n",), ("chapter@c",), ("chapter@a",))

    assert api.diff(old, new) == [
        Change("changed", "course@course", "course", (), ("children",)),
        Change("added", "chapter@n", "n", ("course",)),
        Change("removed", "chapter@b", "b", ("course",)),
    ]


def test_a_move_is_a_move_and_what_goes_along_is_not_told(here: ObjectStore) -> None:
    unit = ("vertical@u", ("html@x",), ("html@y", {"data": "1"}))
    edited = ("vertical@u", ("html@x",), ("html@y", {"data": "2"}))
    old = root_of(here, ("chapter@a", unit, ("vertical@v",)), ("chapter@b",))

    moved = root_of(here, ("chapter@a", ("vertical@v",)), ("chapter@b", unit))
    moved_and_edited = root_of(here, ("chapter@a", ("vertical@v",)), ("chapter@b", edited))

    assert api.diff(old, moved) == [Change("moved", "vertical@u", "u", ("course", "b"))]
    assert api.diff(old, moved_and_edited) == [
        Change("changed", "html@y", "y", ("course", "b", "u"), ("data",)),
        Change("moved", "vertical@u", "u", ("course", "b"), ("content",)),
    ]


def test_pages_and_files_are_told_by_name(here: ObjectStore) -> None:
    entry = {"hash": "a" * 48, "size": 1, "content_type": "image/png", "locked": False}
    old = root_of(
        here,
        parts={
            "about/overview": Node("about", {"data": "old"}),
            "tabs/gone": Node("static_tab", {"display_name": "Gone"}),
            "files": Node("files", {"a.png": entry, "b.png": entry}),
        },
    )
    new = root_of(
        here,
        parts={
            "about/overview": Node("about", {"data": "new"}),
            "tabs/new": Node("static_tab", {}),
            "files": Node("files", {"a.png": {**entry, "locked": True}, "c.png": entry}),
        },
    )

    assert api.diff(old, new) == [
        Change("changed", "about/overview", "about/overview", (), ("data",)),
        Change("changed", "files/a.png", "a.png", (), ("locked",)),
        Change("removed", "files/b.png", "b.png"),
        Change("added", "files/c.png", "c.png"),
        Change("removed", "tabs/gone", "Gone"),
        Change("added", "tabs/new", "tabs/new"),
    ]


def test_only_what_differs_is_read(here: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    same = [(f"chapter@{number}", *((f"html@{number}.{n}",) for n in range(20))) for number in range(20)]
    old = root_of(here, *same, ("chapter@x", ("html@y", {"data": "1"})))
    new = root_of(here, *same, ("chapter@x", ("html@y", {"data": "2"})))
    read: list[str] = []
    real = type(here).read_many

    def counting(self: ObjectStore, ids: list[str]) -> object:
        read.extend(ids)
        return real(self, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(type(here), "read_many", counting)
    changes = api.diff(old, new)

    assert [change.ref for change in changes] == ["html@y"]
    assert len(read) == 8  # two each of: run document, course, section, text
