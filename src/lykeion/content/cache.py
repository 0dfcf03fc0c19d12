"""Caches of this process. What they hold is immutable, so nothing in them is ever stale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lykeion.content.objects import node_of
from lykeion.content.types import Node, ObjectId, ObjectStore, Outline
from lykeion.core.lru import WeightedCache

NODE_BYTES: Final = 32 << 20
OUTLINE_BLOCKS: Final = 50_000
_OVERHEAD: Final = 600  # bytes that a small node takes beyond three times its text, about

Weighed = tuple[Node, int]

_nodes: WeightedCache[ObjectId, Weighed] = WeightedCache(NODE_BYTES, lambda weighed: weighed[1])
outlines: WeightedCache[tuple[str, str], Outline] = WeightedCache(
    OUTLINE_BLOCKS, lambda outline: min(len(outline.blocks), OUTLINE_BLOCKS)
)
"""Outlines by (run key, compiled key), bounded by the number of their blocks (about 900 bytes each). One outline,
however large, always fits: it would be built for every request otherwise."""

newest: WeightedCache[str, tuple[str, str]] = WeightedCache(10_000)
"""Of each run the name in ``outlines`` of the outline that was made last."""

prepared: WeightedCache[str, bool] = WeightedCache(10_000)
"""The runs that this process has edited before."""


def cached_nodes(store: ObjectStore, ids: Sequence[ObjectId]) -> dict[ObjectId, Node]:
    """The nodes of ``ids``; those not in the cache with one read of ``store``. Raises :class:`ObjectMissing`."""
    found: dict[ObjectId, Node] = {}
    missing: list[ObjectId] = []
    for object_id in ids:
        weighed = _nodes.get(object_id)
        if weighed is None:
            missing.append(object_id)
        else:
            found[object_id] = weighed[0]
    if missing:
        found.update(_load(store, missing))
    return found


def forget() -> None:
    """Empties the caches of this process (tests that look at the store itself)."""
    _nodes.clear()
    outlines.clear()
    newest.clear()
    prepared.clear()


def _load(store: ObjectStore, ids: list[ObjectId]) -> dict[ObjectId, Node]:
    loaded: dict[ObjectId, Node] = {}
    for object_id, data in store.read_many(ids).items():
        node = loaded[object_id] = node_of(data)
        _nodes.put(object_id, (node, len(data) * 2 + _OVERHEAD))
    return loaded
