"""The outline of a version from that of another: only objects that the other does not have are read.

What an outline says of an object depends on the object, on its place and on the settings from above. The object is the
same wherever its id is. So of each subtree that both versions have, the blocks are taken over as they are; only where
the place or the settings from above differ are they made anew, still without reading anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lykeion.content.outline import DEFAULT_START, Entry, Facts, check_size, entry_of, names_of, title_of
from lykeion.content.roots import course_of
from lykeion.content.settings import merge
from lykeion.content.stores.batches import BATCH
from lykeion.content.types import ObjectId, ObjectStore, Outline, OutlineBlock

Above = tuple[int, int, Mapping[str, Any]]
"""Of the block above: its place, its depth, the settings that hold in it."""


def renewed(store: ObjectStore, old: Outline, root: ObjectId, facts: Facts, *, most: int) -> Outline | None:
    """The outline of ``root``, equal to one that is compiled; None when more than ``most`` objects would be read.

    ``facts`` must be what ``old`` was compiled with. Raises :class:`~lykeion.content.types.ContentError` as the
    compiler does.
    """
    course = course_of(store, root)
    known: dict[ObjectId, int] = {}
    for block in reversed(old.blocks):
        known[block.object_id] = block.index
    entries = _entries(store, course, known, facts, most)
    return None if entries is None else _Renewal(old, known, entries).outline(root, course)


def _entries(
    store: ObjectStore, course: ObjectId, known: Mapping[ObjectId, int], facts: Facts, most: int
) -> dict[ObjectId, Entry] | None:
    """What there is below ``course`` and not in ``known``, level by level."""
    entries: dict[ObjectId, Entry] = {}
    level = [course] if course not in known else []
    while level:
        if len(entries) + len(level) > most:
            return None
        below: dict[ObjectId, None] = {}
        for start in range(0, len(level), BATCH):
            for object_id, node in store.get_many(level[start : start + BATCH]).items():
                entries[object_id] = entry_of(node, facts)
                below.update((child, None) for _, child in node.children)
        level = [object_id for object_id in below if object_id not in entries and object_id not in known]
    return entries


@dataclass(slots=True)
class _Begun:
    """A new block, until all below it is there."""

    place: int
    id: str
    object_id: ObjectId
    entry: Entry
    parent: int
    depth: int
    settings: Mapping[str, Any]
    children: list[int]


class _Renewal:
    """An outline in the making, in document order."""

    def __init__(self, old: Outline, known: Mapping[ObjectId, int], entries: Mapping[ObjectId, Entry]) -> None:
        self._old, self._known, self._entries = old, known, entries
        self._blocks: list[OutlineBlock | None] = []
        self._is_in_place = True  # whether every block so far has the name and the place it had

    def outline(self, root: ObjectId, course: ObjectId) -> Outline:
        """The whole outline."""
        waiting: list[tuple[str, ObjectId, _Begun | None] | _Begun] = [("course", course, None)]
        while waiting:
            here = waiting.pop()
            if isinstance(here, _Begun):
                self._end(here)
                continue
            name, object_id, above = here
            check_size(len(self._blocks) + 1)
            if above is not None:
                above.children.append(len(self._blocks))
            place = self._place(object_id)
            if place is not None:
                self._take(name, place, above)
            else:
                begun = self._begin(name, object_id, above)
                waiting.append(begun)
                waiting.extend((child, below, begun) for child, below in reversed(begun.entry.children))
        check_size(len(self._blocks))
        blocks = tuple(block for block in self._blocks if block is not None)
        is_same = self._is_in_place and len(blocks) == len(self._old.blocks)
        names = (self._old.index, self._old.by_id) if is_same else names_of(blocks)
        return Outline(self._old.run, root, blocks, *names, self._handed(blocks))

    def _place(self, object_id: ObjectId) -> int | None:
        """Where the old outline has the object: right here, if it is here too, else where it comes first."""
        place = len(self._blocks)
        if place < len(self._old.blocks) and self._old.blocks[place].object_id == object_id:
            return place
        return self._known.get(object_id)

    def _begin(self, name: str, object_id: ObjectId, above: _Begun | None) -> _Begun:
        entry, place = self._entries[object_id], len(self._blocks)
        parent, depth, settings = _above(above)
        if entry.settings:
            settings = merge(settings, entry.settings)
        self._blocks.append(None)
        return _Begun(place, name, object_id, entry, parent, depth + 1, settings, [])

    def _end(self, begun: _Begun) -> None:
        entry = begun.entry
        made = OutlineBlock(
            begun.place,
            len(self._blocks),
            begun.parent,
            begun.depth,
            entry.type,
            begun.id,
            begun.object_id,
            title_of(begun.id, entry.own),
            tuple(begun.children),
            begun.settings,
            entry.own,
            entry.facts,
        )
        self._blocks[begun.place] = made
        self._compare(made)

    def _compare(self, made: OutlineBlock) -> None:
        old = self._old.blocks[made.index] if made.index < len(self._old.blocks) else None
        if old is None or (old.type, old.id) != (made.type, made.id):
            self._is_in_place = False

    def _take(self, name: str, place: int, above: _Begun | None) -> None:
        """Takes the subtree at ``place`` of the old outline over."""
        old = self._old.blocks
        top, moved = old[place], len(self._blocks) - place
        parent, depth, settings = _above(above)
        before = old[top.parent].settings if top.parent >= 0 else {"start": DEFAULT_START}
        is_alike = settings is before or settings == before
        if is_alike and not moved and (top.id, top.parent, top.depth) == (name, parent, depth + 1):
            self._blocks.extend(old[place : top.end])
            return
        self._is_in_place = self._is_in_place and not moved and top.id == name
        deeper = depth + 1 - top.depth
        for block in old[place : top.end]:
            is_top = block is top
            here = block.settings if is_alike else self._merged(block, moved, settings if is_top else None)
            self._blocks.append(
                OutlineBlock(
                    block.index + moved,
                    block.end + moved,
                    parent if is_top else block.parent + moved,
                    block.depth + deeper,
                    block.type,
                    name if is_top else block.id,
                    block.object_id,
                    title_of(name, block.own) if is_top else block.title,
                    tuple(child + moved for child in block.children) if moved else block.children,
                    here,
                    block.own,
                    block.facts,
                )
            )

    def _merged(self, block: OutlineBlock, moved: int, above: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """The settings that hold in ``block`` now that others come from above."""
        if above is None:
            parent = self._blocks[block.parent + moved]
            assert parent is not None  # noqa: S101  # it was taken just before
            above = parent.settings
        handed = self._old.handed.get(block.object_id)
        return merge(above, handed) if handed else above

    def _handed(self, blocks: tuple[OutlineBlock, ...]) -> dict[ObjectId, Mapping[str, Any]]:
        old, entries = self._old.handed, self._entries
        present = {block.object_id for block in blocks}
        handed = {object_id: settings for object_id, settings in old.items() if object_id in present}
        return handed | {object_id: entry.settings for object_id, entry in entries.items() if entry.settings}


def _above(above: _Begun | None) -> Above:
    return (-1, -1, {"start": DEFAULT_START}) if above is None else (above.place, above.depth, above.settings)
