"""Where blocks are in a tree, without an outline: found along a few objects, whatever the size of the course.

Of each object its type, its children and all that lies below it are remembered by its id. An edit makes new objects
along one path only, so after it only those are looked at again. Remembered in this process; a cold one learns them from
a stored outline (``outlines.prepare``), or reads the course once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lykeion.content.cache import cached_nodes
from lykeion.content.stores.batches import BATCH
from lykeion.content.types import ObjectId, ObjectStore, OutlineBlock
from lykeion.core.lru import WeightedCache

REMEMBERED: Final = 1_500_000  # names below remembered objects


@dataclass(frozen=True, slots=True)
class Shape:
    """One object: its type, its children (id, object id), and the refs of all that lies below it."""

    type: str
    children: tuple[tuple[str, ObjectId], ...]
    below: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One block on the way from the course down; ``index`` is its place among its siblings."""

    ref: str
    id: str
    object_id: ObjectId
    index: int


_shapes: WeightedCache[ObjectId, Shape] = WeightedCache(
    REMEMBERED, lambda shape: min(len(shape.below) + len(shape.children) + 4, REMEMBERED)
)


def forget() -> None:
    """Empties the memory of this process (tests that look at the store itself)."""
    _shapes.clear()


def shapes(store: ObjectStore, ids: Iterable[ObjectId]) -> dict[ObjectId, Shape]:
    """The shapes of ``ids``. Raises :class:`~lykeion.content.types.ObjectMissing`."""
    wanted = list(dict.fromkeys(ids))
    found = {object_id: shape for object_id in wanted if (shape := _shapes.get(object_id)) is not None}
    missing = [object_id for object_id in wanted if object_id not in found]
    if missing:
        made = _made(store, missing)
        found.update((object_id, made[object_id]) for object_id in missing)
    return found


def learn(blocks: Sequence[OutlineBlock]) -> None:
    """Remembers the shapes of the blocks of an outline, without reading one. Not that of the course: it would be
    large, and the next edit makes another."""
    made: dict[ObjectId, Shape] = {}
    for block in reversed(blocks[1:]):
        if block.object_id not in made:
            under = [blocks[place] for place in block.children]
            below = frozenset(one.ref for one in under).union(*(made[one.object_id].below for one in under))
            pairs = tuple((one.id, one.object_id) for one in under)
            made[block.object_id] = Shape(block.type, pairs, below)
    for object_id, shape in made.items():
        _shapes.put(object_id, shape)


def children(store: ObjectStore, object_id: ObjectId) -> list[Step]:
    """The children of an object, in order."""
    pairs = _bare(store, object_id)[1]
    known = shapes(store, (child for _, child in pairs))
    return [Step(f"{known[child].type}@{name}", name, child, place) for place, (name, child) in enumerate(pairs)]


def below(store: ObjectStore, object_id: ObjectId) -> frozenset[str]:
    """The refs of all that lies below an object."""
    return shapes(store, [object_id])[object_id].below


def holding(store: ObjectStore, course: ObjectId, refs: Iterable[str]) -> list[str]:
    """Those of ``refs`` that are somewhere below ``course``, by name."""
    asked = frozenset(refs)
    found: set[str] = set()
    for step in children(store, course):
        found |= asked & below(store, step.object_id)
        found |= asked & {step.ref}
    return sorted(found)


def way(store: ObjectStore, course: ObjectId, ref: str) -> list[Step] | None:
    """The blocks from the course down to ``ref``, the course first; None when it is not there.

    Of blocks that share a name the first in document order is found, as in an outline.
    """
    top = _bare(store, course)[0]
    steps = [Step(f"{top}@{top}", top, course, 0)]
    if ref == steps[0].ref:
        return steps
    while True:
        step = _towards(store, steps[-1].object_id, ref)
        if step is None:
            return None
        steps.append(step)
        if step.ref == ref:
            return steps


def _towards(store: ObjectStore, object_id: ObjectId, ref: str) -> Step | None:
    """The first child that is ``ref``, or that holds it."""
    for step in children(store, object_id):
        if step.ref == ref or ref in below(store, step.object_id):
            return step
    return None


def _bare(store: ObjectStore, object_id: ObjectId) -> tuple[str, tuple[tuple[str, ObjectId], ...]]:
    """Type and children of an object, without looking below them all at once: the course's own set would be large."""
    found = _shapes.get(object_id) or cached_nodes(store, [object_id])[object_id]
    return found.type, found.children


def _made(store: ObjectStore, ids: list[ObjectId]) -> dict[ObjectId, Shape]:
    """Reads what lies below ``ids`` level by level, as far as it is not known, and puts it together from below."""
    bare: dict[ObjectId, tuple[str, tuple[tuple[str, ObjectId], ...]]] = {}
    known: dict[ObjectId, Shape] = {}
    order: list[ObjectId] = []
    level = ids
    while level:
        deeper: dict[ObjectId, None] = {}
        for start in range(0, len(level), BATCH):
            for object_id, node in store.get_many(level[start : start + BATCH]).items():
                bare[object_id] = (node.type, node.children)
                order.append(object_id)
                deeper.update((child, None) for _, child in node.children)
        level = [object_id for object_id in deeper if object_id not in bare and not _is_known(object_id, known)]
    # An object that was met early may hold one that was met earlier still: those below it come first.
    for object_id in _from_below(order, bare, known):
        kind, pairs = bare[object_id]
        refs: set[str] = set()
        for name, child in pairs:
            refs.add(f"{known[child].type}@{name}")
            refs |= known[child].below
        known[object_id] = Shape(kind, pairs, frozenset(refs))
        _shapes.put(object_id, known[object_id])
    return known


def _is_known(object_id: ObjectId, known: dict[ObjectId, Shape]) -> bool:
    shape = known.get(object_id) or _shapes.get(object_id)
    if shape is None:
        return False
    known[object_id] = shape
    return True


def _from_below(
    order: list[ObjectId],
    bare: dict[ObjectId, tuple[str, tuple[tuple[str, ObjectId], ...]]],
    known: dict[ObjectId, Shape],
) -> list[ObjectId]:
    """The objects of ``order``, each after all that lie below it."""
    sorted_: dict[ObjectId, None] = {}
    for top in order:
        waiting = [top]
        while waiting:
            object_id = waiting[-1]
            open_ = [child for _, child in bare[object_id][1] if child not in sorted_ and child not in known]
            if object_id in sorted_ or not open_:
                sorted_.setdefault(object_id)
                waiting.pop()
            else:
                waiting.extend(open_)
    return list(sorted_)
