"""Walks over version trees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lykeion.content.files import keep_files
from lykeion.content.roots import EXTRAS, FILES, file_hashes
from lykeion.content.stores.batches import BATCH
from lykeion.content.types import NewBlock, Node, ObjectId, ObjectStore

_OBJECT_ID = re.compile(r"[0-9a-f]{48}")
KEEPS_FILES = frozenset([FILES, EXTRAS])


def walk(store: ObjectStore, roots: Iterable[ObjectId], seen: set[bytes]) -> Iterator[tuple[ObjectId, Node]]:
    """Every object that ``roots`` reach and that is not in ``seen`` yet, once, a few hundred at a time.

    ``seen`` grows by what was yielded, in half the space of the ids. Raises
    :class:`~lykeion.content.types.ObjectMissing` when a tree is not whole.
    """
    waiting = [root for root in dict.fromkeys(roots) if _is_new(root, seen)]
    while waiting:
        some, waiting = waiting[-BATCH:], waiting[:-BATCH]
        for object_id, node in store.get_many(some).items():
            waiting.extend(child for _, child in node.children if _is_new(child, seen))
            yield object_id, node


def blocks_below(store: ObjectStore, name: str, top: ObjectId) -> Iterator[tuple[str, Node]]:
    """``top`` (called ``name``) and every block below it by ref, a level at a time, each place once."""
    level = [(name, top)]
    while level:
        nodes: dict[ObjectId, Node] = {}
        ids = list(dict.fromkeys(object_id for _, object_id in level))
        for start in range(0, len(ids), BATCH):
            nodes.update(store.get_many(ids[start : start + BATCH]))
        for block_id, object_id in level:
            yield f"{nodes[object_id].type}@{block_id}", nodes[object_id]
        level = [child for _, object_id in level for child in nodes[object_id].children]


def keep_tree(store: ObjectStore, root: ObjectId, *, beside: ObjectId | None = None) -> None:
    """Keeps everything below ``root`` from garbage collection, which may be at work. Raises when some is gone.

    What lies below ``beside`` too is left out: a version that is in use, so nothing of it is collected.
    """
    ids: list[ObjectId] = []
    hashes: set[str] = set()
    for object_id, node in walk(store, [root], set()) if beside is None else _walk_beside(store, root, beside):
        ids.append(object_id)
        hashes.update(hashes_in(node))
    for start in range(0, len(ids), BATCH):
        store.touch_many(ids[start : start + BATCH])
    keep_files(sorted(hashes))


def _walk_beside(store: ObjectStore, root: ObjectId, beside: ObjectId) -> Iterator[tuple[ObjectId, Node]]:
    """The objects below ``root`` that are not as deep below ``beside`` too; of what is the same nothing is read."""
    here, there = {root} - {beside}, {beside} - {root}
    while here:
        nodes = _read(store, here)
        yield from nodes.items()
        below = {child for node in nodes.values() for _, child in node.children}
        others = {child for node in _read(store, there).values() for _, child in node.children}
        here, there = below - others, others - below


def _read(store: ObjectStore, ids: Iterable[ObjectId]) -> dict[ObjectId, Node]:
    return store.get_many(sorted(ids))


def tree(store: ObjectStore, object_id: ObjectId, block_id: str) -> NewBlock:
    """A stored block with all below it, as a value: to be copied. Read level by level.

    Raises :class:`~lykeion.content.types.ObjectMissing` when some of it is not kept any more.
    """
    nodes: dict[ObjectId, Node] = {}
    level = [object_id]
    while level:
        for start in range(0, len(level), BATCH):
            nodes |= store.get_many(level[start : start + BATCH])
        below = dict.fromkeys(child for one in level for _name, child in nodes[one].children)
        level = [one for one in below if one not in nodes]

    def block(one: ObjectId, name: str) -> NewBlock:
        node = nodes[one]
        return NewBlock(node.type, name, dict(node.fields), tuple(block(child, id_) for id_, child in node.children))

    return block(object_id, block_id)


def hashes_in(node: Node) -> list[str]:
    """The hashes of the course files that ``node`` names."""
    return file_hashes(node) if node.type in KEEPS_FILES else []


def origins_in(node: Node) -> list[ObjectId]:
    """The version of an item of a library that ``node`` is a copy of, if it is one."""
    version = node.fields.get("upstream_version")
    return [ObjectId(version)] if isinstance(version, str) and _OBJECT_ID.fullmatch(version) else []


def _is_new(object_id: ObjectId, seen: set[bytes]) -> bool:
    short = bytes.fromhex(object_id)
    if short in seen:
        return False
    seen.add(short)
    return True
