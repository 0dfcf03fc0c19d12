"""How much a store is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from lykeion.content.types import ObjectId

T = TypeVar("T")

BATCH: Final = 500  # below the 999 parameters of old SQLite
BATCH_BYTES: Final = 4 << 20
REFRESH_AFTER: Final = 3600
"""Seconds after which an object counts as touched long ago; far below the grace period of garbage collection."""


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """``items`` in pieces of at most ``BATCH``."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def weighed(pairs: Sequence[tuple[ObjectId, bytes]]) -> Iterator[dict[ObjectId, bytes]]:
    """Packed objects in pieces of at most ``BATCH`` and about ``BATCH_BYTES``, each object once."""
    piece: dict[ObjectId, bytes] = {}
    weight = 0
    for object_id, data in pairs:
        if piece and (len(piece) == BATCH or weight + len(data) > BATCH_BYTES):
            yield piece
            piece, weight = {}, 0
        piece[object_id] = data
        weight += len(data)
    if piece:
        yield piece


def unique(ids: Sequence[ObjectId]) -> list[ObjectId]:
    """``ids`` without repeats, in order."""
    return list(dict.fromkeys(ids))
