"""Small courses to test with, written as nested tuples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lykeion.content.roots import moved, ordered
from lykeion.content.types import LogEntry, Node, ObjectId, ObjectStore, Outline
from lykeion.core.keys import CourseLocator, run_of

RUN = run_of("Lykeion", "T1", "now")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

Tree = tuple[Any, ...]
"""``("type@id", {fields}, child, child, ...)``; the fields may be left out."""


def put(store: ObjectStore, tree: Tree) -> ObjectId:
    """Stores a tree; the id of its root."""
    name, *rest = tree
    fields = rest.pop(0) if rest and isinstance(rest[0], Mapping) else {}
    children = tuple((child[0].partition("@")[2], put(store, child)) for child in rest)
    [object_id] = store.put_many([Node(name.partition("@")[0], fields, children)])
    return object_id


def root_of(store: ObjectStore, *sections: Tree, parts: Mapping[str, Node] | None = None, **fields: Any) -> ObjectId:
    """Stores a run document with a course of ``sections``; its id."""
    ids = {name: store.put_many([node])[0] for name, node in (parts or {}).items()}
    ids["course"] = put(store, ("course@course", fields, *sections))
    return store.put_many([Node("run", {}, ordered(ids))])[0]


def make_run(
    store: ObjectStore, published: ObjectId, draft: ObjectId | None = None, run: CourseLocator = RUN
) -> CourseLocator:
    """Points both branches of a new run."""
    moves = {"published": (None, published), "draft": (None, draft or published)}
    store.compare_and_set_refs(moved(run, moves, LogEntry("", None, None, "carol", NOON, "Made")))  # type: ignore[arg-type]
    return run


def shape(outline: Outline) -> Tree:
    """An outline as refs in nested tuples: ``("type@id", child, ...)``."""

    def of(place: int) -> Tree:
        block = outline.blocks[place]
        return (block.ref, *(of(child) for child in block.children))

    return of(0)
