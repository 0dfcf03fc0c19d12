"""Settings are published alone: the fields and parts that were asked for, and nothing else of the draft."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from lykeion.content import api
from lykeion.content.signals import RunPublished, published
from lykeion.content.types import NewBlock, Node, ObjectStore
from tests.content.trees import NOON, RUN, make_run, root_of, shape

COURSE = "course@course"


@dataclass(frozen=True)
class Bytes:
    content: bytes

    def open(self) -> BinaryIO:
        return BytesIO(self.content)


def published_fields(ref: str = COURSE, branch: str = "published") -> dict[str, Any]:
    block = api.outline(RUN, branch).get(ref)  # type: ignore[arg-type]
    assert block is not None
    return dict(api.nodes([block.object_id])[block.object_id].fields)


def run_with(store: ObjectStore) -> None:
    about = {"about/overview": Node("about", {"data": "old"}), "about/effort": Node("about", {"data": "1:00"})}
    old = root_of(store, ("chapter@a", ("sequential@s", {"format": "HW"})), parts=about, display_name="T", end="2027")
    make_run(store, old)

    def change(draft: api.Draft) -> None:
        draft.update(COURSE, {"display_name": "New", "start": "2028"}, unset=["end"])
        draft.update("sequential@s", {"format": "Homework", "due": "2029"})
        draft.set_part("about/overview", Node("about", {"data": "new"}))
        draft.set_part("about/effort", None)

    api.edit(RUN, change, author="carol", at=NOON)


def test_only_the_named_fields_are_published(here: ObjectStore) -> None:
    run_with(here)

    api.publish_fields(RUN, fields={COURSE: ["start", "end"]}, author="carol", at=NOON, why="Published: settings")

    assert published_fields() == {"display_name": "T", "start": "2028"}
    assert published_fields("sequential@s") == {"format": "HW"}
    assert api.part(api.head(RUN), "about/overview") == Node("about", {"data": "old"})
    newest = api.history(RUN, "published")[0]
    assert (newest.author, newest.why) == ("carol", "Published: settings")


def test_parts_go_along_and_those_that_are_gone_are_taken_out(here: ObjectStore) -> None:
    run_with(here)

    parts = ["about/overview", "about/effort", "about/never"]
    api.publish_fields(RUN, fields={}, parts=parts, author="carol", at=NOON, why="Published")

    assert api.part(api.head(RUN), "about/overview") == Node("about", {"data": "new"})
    assert api.part(api.head(RUN), "about/effort") is None
    assert published_fields() == {"display_name": "T", "end": "2027"}


def test_a_field_of_any_block_can_be_published_but_no_block_that_learners_lack(here: ObjectStore) -> None:
    run_with(here)
    api.edit(RUN, lambda draft: draft.add("chapter@a", _new()), author="carol", at=NOON)

    fields = {"sequential@s": ["format"], "sequential@new": ["format"], "sequential@nowhere": ["format"]}
    api.publish_fields(RUN, fields=fields, author="carol", at=NOON, why="Published")

    assert published_fields("sequential@s") == {"format": "Homework"}
    assert shape(api.outline(RUN)) == (COURSE, ("chapter@a", ("sequential@s",)))


def test_files_come_along_and_none_is_lost(here: ObjectStore) -> None:
    run_with(here)
    kept = api.store_file("old.png", Bytes(b"old"))
    fresh = api.store_file("card.png", Bytes(b"new"))
    api.edit(RUN, lambda draft: draft.set_file("old.png", kept), author="carol", at=NOON)
    api.publish(RUN, ref="files", author="carol", at=NOON)
    api.edit(RUN, lambda draft: draft.set_file("card.png", fresh), author="carol", at=NOON)
    api.edit(RUN, lambda draft: draft.set_file("old.png", None), author="carol", at=NOON)

    api.publish_fields(RUN, fields={COURSE: ["start"]}, author="carol", at=NOON, why="Published")

    assert set(api.files(api.head(RUN))) == {"old.png", "card.png"}


def test_those_who_listen_are_told_once(here: ObjectStore) -> None:
    run_with(here)
    told: list[RunPublished] = []

    def listen(payload: RunPublished, **_kwargs: object) -> None:
        told.append(payload)

    before = api.head(RUN)
    published.connect(listen)
    try:
        after = api.publish_fields(RUN, fields={COURSE: ["start"]}, author="carol", at=NOON, why="Published")
    finally:
        published.disconnect(listen)

    assert told == [RunPublished(RUN, before, after, "carol", NOON)]


def test_discarding_fields_gives_the_draft_what_is_published(here: ObjectStore) -> None:
    run_with(here)

    parts = ["about/overview", "about/effort"]
    api.discard_fields(RUN, fields={COURSE: ["start", "end"]}, parts=parts, author="carol", at=NOON, why="Discarded")

    assert published_fields(branch="draft") == {"display_name": "New", "end": "2027"}
    assert published_fields("sequential@s", "draft") == {"format": "Homework", "due": "2029"}
    assert api.part(api.head(RUN, "draft"), "about/overview") == Node("about", {"data": "old"})
    assert api.part(api.head(RUN, "draft"), "about/effort") == Node("about", {"data": "1:00"})


def _new() -> NewBlock:
    return NewBlock("sequential", "new", {"format": "Homework"})
