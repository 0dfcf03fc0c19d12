"""Walks over version trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lykeion.content.roots import EXTRAS, FILES, file_hashes
from lykeion.content.stores.batches import BATCH
from lykeion.content.types import Node, ObjectId, ObjectStore

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


def hashes_in(node: Node) -> list[str]:
    """The hashes of the course files that ``node`` names."""
    return file_hashes(node) if node.type in KEEPS_FILES else []


def _is_new(object_id: ObjectId, seen: set[bytes]) -> bool:
    short = bytes.fromhex(object_id)
    if short in seen:
        return False
    seen.add(short)
    return True
