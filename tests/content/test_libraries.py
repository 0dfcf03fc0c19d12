"""Libraries: items with a draft and a history, and collections of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lykeion.content import api
from lykeion.content.signals import LibraryPublished, RunPublished, library_published, published
from lykeion.content.types import Collection, ContentError, NewBlock, ObjectStore, RunExists, RunMissing
from lykeion.core.keys import BadKey, item_key, library_of, parse_item, parse_library
from tests.content.trees import NOON, RUN, make_run, root_of

LIBRARY = library_of("Lykeion", "pool")
CAROL: dict[str, Any] = {"author": "carol", "at": NOON}
UNIT = NewBlock("vertical", "u", {"display_name": "Unit"}, (NewBlock("html", "x", {"data": "<p>x</p>"}),))


@pytest.fixture
def library(here: ObjectStore) -> None:
    api.create_library(LIBRARY, title="Pool", description="Questions", **CAROL)


def add(block: NewBlock) -> str:
    return api.edit(LIBRARY, lambda draft: draft.add("library@library", block), **CAROL).value


@pytest.mark.usefixtures("library")
def test_a_new_library_is_empty_and_has_its_title() -> None:
    root = api.head(LIBRARY)

    assert api.items(LIBRARY) == []
    assert api.nodes([api.way(root, "library@library")[0].object_id])[
        api.way(root, "library@library")[0].object_id
    ].fields == {"display_name": "Pool", "description": "Questions"}
    assert api.head(LIBRARY, "draft") == root
    with pytest.raises(RunExists, match="library lib:Lykeion:pool already"):
        api.create_library(LIBRARY, title="Again", **CAROL)


@pytest.mark.usefixtures("db")
def test_a_library_that_is_not_there_is_told() -> None:
    with pytest.raises(RunMissing, match="no library lib:Lykeion:pool"):
        api.items(LIBRARY)


@pytest.mark.usefixtures("library")
def test_items_say_what_is_published_of_them() -> None:
    for block in (NewBlock("html", "a", {"data": "a"}), NewBlock("html", "b", {"display_name": "B"}), UNIT):
        add(block)
    api.publish(LIBRARY, ref="html@b", **CAROL)
    api.publish(LIBRARY, ref="vertical@u", **CAROL)
    api.edit(LIBRARY, lambda draft: draft.update("html@x", {"data": "new"}), **CAROL)
    add(NewBlock("problem", "p"))
    api.publish(LIBRARY, ref="problem@p", **CAROL)
    api.edit(LIBRARY, lambda draft: draft.remove("problem@p"), **CAROL)

    found = [(item.key, item.title, item.children, item.state) for item in api.items(LIBRARY)]

    assert found == [
        ("lb:Lykeion:pool:html:a", "a", 0, "new"),
        ("lb:Lykeion:pool:html:b", "B", 0, "published"),
        ("lct:Lykeion:pool:unit:u", "Unit", 1, "changed"),
        ("lb:Lykeion:pool:problem:p", "p", 0, "removed"),
    ]
    assert api.has_unpublished_changes(LIBRARY, "vertical@u")
    assert not api.has_unpublished_changes(LIBRARY, "html@b")


@pytest.mark.usefixtures("library")
def test_history_undo_discard_and_differences_are_those_of_courses() -> None:
    before = api.head(LIBRARY, "draft")
    add(UNIT)
    added = api.head(LIBRARY, "draft")

    assert [change.ref for change in api.diff(before, added)] == ["vertical@u", "html@x"]
    assert [move.new for move in api.history(LIBRARY, "draft")] == [added, before]
    assert api.undo(LIBRARY, **CAROL) == before
    assert api.undo(LIBRARY, **CAROL) == added
    assert api.rollback(LIBRARY, branch="published", to=before, **CAROL) == before
    api.publish(LIBRARY, **CAROL)
    api.edit(LIBRARY, lambda draft: draft.update("html@x", {"data": "worse"}), **CAROL)
    assert api.discard(LIBRARY, ref="html@x", **CAROL) == added


@pytest.mark.usefixtures("library")
def test_a_library_is_no_course(here: ObjectStore) -> None:
    make_run(here, root_of(here))
    told: list[Any] = []

    def listen(payload: Any, **_kwargs: Any) -> None:
        told.append(payload)

    published.connect(listen)
    library_published.connect(listen)
    try:
        root = api.publish(LIBRARY, **CAROL)
        api.publish(RUN, **CAROL)
    finally:
        published.disconnect(listen)
        library_published.disconnect(listen)

    assert list(api.heads()) == [RUN]
    assert api.libraries() == {LIBRARY: root}
    assert api.libraries("draft") == {LIBRARY: root}
    assert [type(payload) for payload in told] == [LibraryPublished, RunPublished]
    assert told[0].library == LIBRARY


@pytest.mark.usefixtures("library")
def test_garbage_collection_keeps_what_a_library_has(here: ObjectStore) -> None:
    add(UNIT)

    api.collect_garbage(dry_run=False, at=NOON + timedelta(days=9000))

    assert [item.ref for item in api.items(LIBRARY)] == ["vertical@u"]
    assert here.get_many([api.items(LIBRARY)[0].object_id])


@pytest.mark.usefixtures("library")
def test_collections_hold_items_by_name() -> None:
    add(NewBlock("html", "a"))
    add(UNIT)
    shelf = Collection("shelf", "Shelf", "For week 1", ("vertical@u", "html@a", "html@x", "html@gone"))

    api.set_collection(LIBRARY, "shelf", lambda _there: shelf, **CAROL)

    members = ("vertical@u", "html@a", "html@x")
    assert api.collections(api.head(LIBRARY, "draft")) == {"shelf": Collection("shelf", "Shelf", "For week 1", members)}
    assert api.collections(api.head(LIBRARY))["shelf"].members == ()  # nothing of it is published yet
    api.publish(LIBRARY, ref="vertical@u", **CAROL)
    assert api.collections(api.head(LIBRARY))["shelf"].members == ("vertical@u", "html@x")
    api.set_collection(LIBRARY, "shelf", lambda _there: None, **CAROL)
    assert api.collections(api.head(LIBRARY, "draft")) == {} == api.collections(api.head(LIBRARY))


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("slug", "title"), [("a/b", "T"), ("", "T"), ("a", " ")])
def test_a_collection_needs_a_name_and_an_address(slug: str, title: str) -> None:
    with pytest.raises(ContentError, match="needs a name"):
        api.set_collection(LIBRARY, slug, lambda _there: Collection(slug, title), **CAROL)
    with pytest.raises(ContentError, match="no such collection"):
        api.set_collection(LIBRARY, "a", lambda _there: None, **CAROL)


def test_keys_of_items_are_those_of_open_edx() -> None:
    assert item_key(LIBRARY, "html@x") == "lb:Lykeion:pool:html:x"
    assert item_key(LIBRARY, "vertical@u") == "lct:Lykeion:pool:unit:u"
    assert parse_item("lct:Lykeion:pool:subsection:s") == (LIBRARY, "sequential@s")
    assert parse_item("lb:Lykeion:pool:html:x") == (LIBRARY, "html@x")
    for text in ("lb:Lykeion:pool:html", "block-v1:a+b+c+type@html+block@x", "", "lb:a b:c:html:x"):
        with pytest.raises(BadKey):
            parse_item(text)
    for text in ("lib:a", "course-v1:a+b+c", "lib:a:b:c", "library-v1:a+b", "lib:" + "a" * 300 + ":b"):
        with pytest.raises(BadKey):
            parse_library(text)
    with pytest.raises(BadKey, match="organisation 'a b'"):
        library_of("a b", "c")


@pytest.mark.usefixtures("library")
def test_an_item_has_an_outline_of_its_own_for_a_page() -> None:
    add(UNIT)

    outline = api.part_outline(LIBRARY, api.head(LIBRARY, "draft"), "vertical@u")

    assert [block.ref for block in outline.blocks] == ["library@library", "vertical@u", "html@x"]
    assert str(outline.run) == "course-v1:Lykeion+pool+library"


@pytest.mark.usefixtures("library")
def test_all_of_a_library_can_be_walked() -> None:
    add(UNIT)

    found = [ref for ref, _ in api.blocks(api.head(LIBRARY, "draft"))]

    assert found == ["library@library", "vertical@u", "html@x"]
