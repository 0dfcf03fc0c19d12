"""Bringing one block, with all below it, from one version of a run into another.

Publishing a unit takes it from the draft to the published tree; discarding its changes takes it the other way. Only the
path from the block to the root is read and written anew, whatever the size of the course.

The rules. What lies below the block comes along as it is. The block replaces its older self in place; if it is new
there, it comes behind the neighbour it follows where it comes from. Sections and subsections above it that the target
does not have are created with their settings and with this child only; those it has keep their own settings, order
and place. A block is in one place only: whatever comes along is taken out of where the target had it. Publishing a
block that the draft no longer has takes it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lykeion.content.shapes import Step, below, children, holding, way
from lykeion.content.types import ContentError, Node, ObjectId, ObjectStore
from lykeion.core.keys import Home

Path = tuple[int, ...]
"""The way to a block: its place among its siblings on each level below the course, which is ``()``."""


class Top(Protocol):
    """A course block, as an outline or a step on a way has it."""

    @property
    def object_id(self) -> ObjectId: ...


class Version(Protocol):
    """One version of a run: an outline is one, and so is a :class:`Tree`."""

    @property
    def run(self) -> Home: ...

    @property
    def course(self) -> Top: ...


@dataclass(frozen=True, slots=True)
class Tree:
    """A version of a run, without an outline."""

    run: Home
    course: Step


@dataclass(frozen=True, slots=True)
class _Child:
    """A child in a tree that is being changed; ``path`` is where the target has it, None if it is new there."""

    ref: str
    id: str
    object_id: ObjectId
    path: Path | None = None


def transplant(store: ObjectStore, source: Version, target: Version, ref: str) -> ObjectId:
    """The id of a (stored) course block: that of ``target``, with block ``ref`` as it is in ``source``.

    Raises :class:`ContentError` when neither has the block, or when it cannot be brought over alone.
    """
    change = _Change(store, target)
    coming, old = way(store, source.course.object_id, ref), change.find(ref)
    if coming is None and old is None:
        raise ContentError(f"There is no block {ref} in {source.run}.")
    if coming is None:
        change.take_out(old)
    elif len(coming) == 1:
        return coming[0].object_id
    else:
        change.bring(coming)
    return change.write()


class _Change:
    """The children lists of a target that differ, until they are written bottom-up."""

    def __init__(self, store: ObjectStore, target: Version) -> None:
        self._store, self._target = store, target
        self._top = target.course.object_id
        self._ids: dict[Path, ObjectId] = {(): self._top}
        self._children: dict[Path, list[_Child]] = {}

    def find(self, ref: str) -> Path | None:
        """Where the target has ``ref``, before any change."""
        steps = way(self._store, self._top, ref)
        if steps is None:
            return None
        path = tuple(step.index for step in steps[1:])
        self._ids.update((path[:depth], step.object_id) for depth, step in enumerate(steps))
        return path

    def take_out(self, path: Path | None) -> None:
        """Removes the block at ``path``, with all below it, from its parent."""
        if path:
            siblings = self._of(path[:-1])
            siblings[:] = [child for child in siblings if child.path != path]

    def bring(self, coming: list[Step]) -> None:
        """Puts the last block of ``coming``, its way in the source, where it belongs."""
        paths = [self.find(step.ref) for step in coming[:-1]]
        depth = max(place for place, path in enumerate(paths) if place == 0 or path is not None)
        anchor = paths[depth] or ()
        top = coming[depth + 1]
        self._make_room(coming[-1], anchor, replaced=top.ref)
        new = _Child(top.ref, top.id, self._created(coming[depth + 1 :]))
        siblings = self._of(anchor)
        for place, child in enumerate(siblings):
            if child.ref == new.ref:
                siblings[place] = new
                return
        order = [step.ref for step in children(self._store, coming[depth].object_id)]
        siblings.insert(_place(order, new.ref, siblings), new)

    def write(self) -> ObjectId:
        """Stores the changed blocks and what lies above them; returns the id of the course block."""
        written: dict[Path, ObjectId] = {}
        for path in sorted(self._affected(), key=len, reverse=True):
            node = self._store.get_many([self._ids[path]])[self._ids[path]]
            pairs = tuple(
                (child.id, written.get(child.path, child.object_id) if child.path else child.object_id)
                for child in self._of(path)
            )
            [written[path]] = self._store.put_many([Node(node.type, node.fields, pairs)])
        return written.get((), self._top)

    def _make_room(self, block: Step, anchor: Path, replaced: str) -> None:
        """Takes everything that comes along out of where the target has it, but for the child that is replaced."""
        old = self.find(block.ref)
        for ref in holding(self._store, self._top, [block.ref, *below(self._store, block.object_id)]):
            there = self.find(ref)
            if there is None or (old is not None and there != old and there[: len(old)] == old):
                continue
            if anchor[: len(there)] == there:
                raise ContentError(
                    f"{ref} now lies below {block.ref}, and was above it before: publish (or discard) all of "
                    f"{self._target.run} at once."
                )
            if ref != replaced or there[:-1] != anchor:
                self.take_out(there)

    def _created(self, way: list[Step]) -> ObjectId:
        """The id of the first block of ``way``, made anew with only the next one in it, and so on."""
        object_id = way[-1].object_id
        for above, under in zip(reversed(way[:-1]), reversed(way), strict=False):
            node = self._store.get_many([above.object_id])[above.object_id]
            [object_id] = self._store.put_many([Node(node.type, node.fields, ((under.id, object_id),))])
        return object_id

    def _of(self, path: Path) -> list[_Child]:
        """The children of a block of the target, as they shall be; change the list to change them."""
        if path not in self._children:
            self._children[path] = [
                _Child(child.ref, child.id, child.object_id, (*path, child.index))
                for child in children(self._store, self._ids[path])
            ]
        return self._children[path]

    def _affected(self) -> set[Path]:
        return {path[:depth] for path in self._children for depth in range(len(path) + 1)}


def _place(order: list[str], ref: str, siblings: list[_Child]) -> int:
    """Where ``ref`` goes among ``siblings``: behind the nearest neighbour before it in ``order``, that of the source,
    else before the one after it."""
    there = {child.ref: place for place, child in enumerate(siblings)}
    own = order.index(ref)
    for neighbour in reversed(order[:own]):
        if neighbour in there:
            return there[neighbour] + 1
    return next((there[neighbour] for neighbour in order[own + 1 :] if neighbour in there), len(siblings))
