"""Bringing one block, with all below it, from one version of a run into another.

Publishing a unit takes it from the draft to the published tree; discarding its changes takes it the other way. Only the
path from the block to the root is written anew.

The rules. What lies below the block comes along as it is. The block replaces its older self in place; if it is new
there, it comes behind the neighbour it follows where it comes from. Sections and subsections above it that the target
does not have are created with their settings and with this child only; those it has keep their own settings, order
and place. A block is in one place only: whatever comes along is taken out of where the target had it. Publishing a
block that the draft no longer has takes it out.
"""

from __future__ import annotations

from dataclasses import dataclass

from lykeion.content.types import ContentError, Node, ObjectId, ObjectStore, Outline, OutlineBlock


@dataclass(frozen=True, slots=True)
class _Child:
    """A child in a tree that is being changed; ``place`` is its index in the target's outline, -1 if it is new."""

    ref: str
    id: str
    object_id: ObjectId
    place: int = -1


def transplant(store: ObjectStore, source: Outline, target: Outline, ref: str) -> ObjectId:
    """The id of a (stored) course block: that of ``target``, with block ``ref`` as it is in ``source``.

    Raises :class:`ContentError` when neither has the block, or when it cannot be brought over alone.
    """
    block, old = source.get(ref), target.get(ref)
    if block is None and old is None:
        raise ContentError(f"There is no block {ref} in {source.run}.")
    if block is not None and block.parent < 0:
        return block.object_id
    change = _Change(store, target)
    if block is None:
        change.take_out(old)
    else:
        change.bring(source, block)
    return change.write()


class _Change:
    """The children lists of a target that differ, until they are written bottom-up."""

    def __init__(self, store: ObjectStore, target: Outline) -> None:
        self._store, self._target = store, target
        self._children: dict[int, list[_Child]] = {}

    def take_out(self, block: OutlineBlock | None) -> None:
        """Removes ``block`` of the target, with all below it, from its parent."""
        if block is not None and block.parent >= 0:
            siblings = self._of(block.parent)
            siblings[:] = [child for child in siblings if child.place != block.index]

    def bring(self, source: Outline, block: OutlineBlock) -> None:
        """Puts ``block`` of ``source`` where it belongs."""
        way = [*source.ancestors(block), block]
        depth = max(place for place, above in enumerate(way[:-1]) if place == 0 or self._target.get(above.ref))
        anchor = self._target.get(way[depth].ref) or self._target.course
        top = way[depth + 1]
        self._make_room(source, block, anchor, replaced=top.ref)
        new = _Child(top.ref, top.id, self._created(way[depth + 1 :]))
        siblings = self._of(anchor.index)
        for place, child in enumerate(siblings):
            if child.ref == new.ref:
                siblings[place] = new
                return
        siblings.insert(_place(source, way[depth], new.ref, siblings), new)

    def write(self) -> ObjectId:
        """Stores the changed blocks and what lies above them; returns the id of the course block."""
        written: dict[int, ObjectId] = {}
        for place in sorted(self._affected(), reverse=True):
            block = self._target.blocks[place]
            node = self._store.get_many([block.object_id])[block.object_id]
            children = tuple((child.id, written.get(child.place, child.object_id)) for child in self._of(place))
            [written[place]] = self._store.put_many([Node(node.type, node.fields, children)])
        return written.get(0, self._target.course.object_id)

    def _make_room(self, source: Outline, block: OutlineBlock, anchor: OutlineBlock, replaced: str) -> None:
        """Takes everything that comes along out of where the target has it, but for the child that is replaced."""
        old = self._target.get(block.ref)
        for coming in source.subtree(block):
            there = self._target.get(coming.ref)
            if there is None or (old is not None and old.index < there.index < old.end):
                continue
            if there.index <= anchor.index < there.end:
                raise ContentError(
                    f"{coming.ref} now lies below {block.ref}, and was above it before: publish (or discard) all of "
                    f"{self._target.run} at once."
                )
            if coming.ref != replaced or there.parent != anchor.index:
                self.take_out(there)

    def _created(self, way: list[OutlineBlock]) -> ObjectId:
        """The id of the first block of ``way``, made anew with only the next one in it, and so on."""
        object_id = way[-1].object_id
        for above, below in zip(reversed(way[:-1]), reversed(way), strict=False):
            node = self._store.get_many([above.object_id])[above.object_id]
            [object_id] = self._store.put_many([Node(node.type, node.fields, ((below.id, object_id),))])
        return object_id

    def _of(self, place: int) -> list[_Child]:
        """The children of a block of the target, as they shall be; change the list to change them."""
        if place not in self._children:
            children = self._target.children(self._target.blocks[place])
            self._children[place] = [_Child(child.ref, child.id, child.object_id, child.index) for child in children]
        return self._children[place]

    def _affected(self) -> set[int]:
        affected: set[int] = set()
        for place in self._children:
            above = place
            while above >= 0 and above not in affected:
                affected.add(above)
                above = self._target.blocks[above].parent
        return affected


def _place(source: Outline, parent: OutlineBlock, ref: str, siblings: list[_Child]) -> int:
    """Where ``ref`` goes among ``siblings``: behind the nearest neighbour before it, else before the one after it."""
    there = {child.ref: place for place, child in enumerate(siblings)}
    order = [child.ref for child in source.children(parent)]
    own = order.index(ref)
    for neighbour in reversed(order[:own]):
        if neighbour in there:
            return there[neighbour] + 1
    return next((there[neighbour] for neighbour in order[own + 1 :] if neighbour in there), len(siblings))
