"""Many blocks in many versions at once, found with a few reads: what was where, what is gone, what holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lykeion.content.cache import cached_nodes
from lykeion.content.outline import DEFAULT_START
from lykeion.content.roots import TOPS
from lykeion.content.settings import merge, read_settings
from lykeion.content.shapes import Step, shapes
from lykeion.content.types import Node, ObjectId, ObjectStore

Wanted = tuple[ObjectId, str]
Moved = tuple[ObjectId, ObjectId]
Pairs = tuple[tuple[str, ObjectId], ...]


def find_many(store: ObjectStore, wanted: Iterable[Wanted]) -> dict[Wanted, list[Step]]:
    """For each ``(root, ref)`` the blocks from the course down to it; those that are not there are left out.

    Reads a level of all of them at once, and of what this process knows nothing.
    """
    open_ = _tops(store, list(dict.fromkeys(wanted)))
    found: dict[Wanted, list[Step]] = {}
    while open_:
        below = _children(store, {way[-1].object_id for one, way in open_.items() if way[-1].ref != one[1]})
        further: dict[Wanted, list[Step]] = {}
        for one, way in open_.items():
            if way[-1].ref == one[1]:
                found[one] = way
            elif (step := _towards(store, below[way[-1].object_id], one[1])) is not None:
                further[one] = [*way, step]
        open_ = further
    return found


def gone(store: ObjectStore, moves: Iterable[Moved]) -> dict[Moved, frozenset[str]]:
    """For each ``(old root, new root)`` the refs of the blocks that only the old one has.

    Looks at the sections that differ only, so it costs by what was changed.
    """
    pairs = list(dict.fromkeys(moves))
    sections = _sections(store, {root for pair in pairs for root in pair})
    known = shapes(store, {child for found in sections.values() for _, child in found})

    def refs(some: set[tuple[str, ObjectId]]) -> set[str]:
        names = {f"{known[child].type}@{name}" for name, child in some}
        return names.union(*(known[child].below for _, child in some))

    return {
        (old, new): frozenset(
            refs(set(sections[old]) - set(sections[new])) - refs(set(sections[new]) - set(sections[old]))
        )
        for old, new in pairs
    }


def refs_of(store: ObjectStore, root: ObjectId) -> set[str]:
    """The refs of all blocks of ``root``. Grows with the course, but reads nothing that this process knows."""
    pairs = _sections(store, {root})[root]
    known = shapes(store, (child for _, child in pairs))
    top = _top(cached_nodes(store, [root])[root])
    return {top.ref if top else "", *(f"{known[child].type}@{name}" for name, child in pairs)}.union(
        *(known[child].below for _, child in pairs)
    )


def settings_along(nodes: Sequence[Node]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """``(what holds, own)``: the settings that hold in the last of ``nodes``, the first of which is the course, and
    the settings of its own. Forms as in an outline (:class:`~lykeion.content.types.OutlineBlock`)."""
    held: Mapping[str, Any] = {"start": DEFAULT_START}
    own: Mapping[str, Any] = {}
    for node in nodes:
        inherited, own = read_settings(node)
        held = merge(held, inherited)
    return held, own


def _tops(store: ObjectStore, wanted: list[Wanted]) -> dict[Wanted, list[Step]]:
    roots = cached_nodes(store, list(dict.fromkeys(root for root, _ in wanted)))
    tops = {root: _top(node) for root, node in roots.items()}
    return {(root, ref): [top] for root, ref in wanted if (top := tops[root])}


def _top(document: Node) -> Step | None:
    """The block at the top of a course, or of a library."""
    parts = dict(document.children)
    return next((Step(f"{name}@{name}", name, parts[name], 0) for name in TOPS if name in parts), None)


def _sections(store: ObjectStore, roots: set[ObjectId]) -> dict[ObjectId, Pairs]:
    found = cached_nodes(store, sorted(roots))
    tops = {root: _top(node) for root, node in found.items()}
    nodes = cached_nodes(store, sorted({top.object_id for top in tops.values() if top}))
    return {root: nodes[top.object_id].children if top else () for root, top in tops.items()}


def _children(store: ObjectStore, ids: set[ObjectId]) -> dict[ObjectId, list[Step]]:
    nodes = cached_nodes(store, sorted(ids))
    known = shapes(store, (child for node in nodes.values() for _, child in node.children))
    return {
        object_id: [
            Step(f"{known[child].type}@{name}", name, child, place) for place, (name, child) in enumerate(node.children)
        ]
        for object_id, node in nodes.items()
    }


def _towards(store: ObjectStore, steps: Sequence[Step], ref: str) -> Step | None:
    known = shapes(store, (step.object_id for step in steps))
    return next((step for step in steps if step.ref == ref or ref in known[step.object_id].below), None)
