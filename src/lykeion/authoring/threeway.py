"""What changed elsewhere, brought into a draft: block by block and field by field, against the version both began with.

What only one side changed is taken from that side. What both changed differently is a conflict: told, and left as it is
here or taken from there, as the author says. Nothing is lost either way: the version before stays in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Change, ContentError, NewBlock, Node, ObjectId, StoredFile

Prefer = Literal["here", "there"]
_EXTRAS: Final = "extras"
_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that both sides changed: block, part or file ``ref``, and what of it: a field, ``children`` (the
    order), ``added``, ``moved`` or ``removed``."""

    ref: str
    what: str


class Merge:
    """Brings what leads from version ``old`` to ``new`` into ``draft``. ``base`` is what the draft was when both sides
    were the same; ``prefer`` says whose version of a conflict is taken."""

    def __init__(self, draft: Draft, old: ObjectId, new: ObjectId, base: ObjectId, prefer: Prefer) -> None:
        self._draft, self._old, self._new, self._base = draft, old, new, base
        self._there = prefer == "there"
        self.conflicts: list[Conflict] = []
        self._added: set[str] = set()

    def run(self) -> list[Conflict]:
        """Does it; the conflicts there were."""
        changes = content.diff(self._old, self._new)
        steps: tuple[tuple[str, Callable[[Change], None]], ...] = (
            ("added", self._add),
            ("moved", self._move),
            ("changed", self._change),
            ("removed", self._remove),
        )
        for kind, step in steps:
            for one in changes:
                if one.kind == kind and "@" in one.ref.partition("/")[0]:
                    step(one)
        for one in changes:
            if "@" not in one.ref.partition("/")[0]:
                self._beside(one)
        return self.conflicts

    # Blocks

    def _add(self, one: Change) -> None:
        way = content.way(self._new, one.ref)
        if any(step.ref in self._added for step in way[:-1]):
            return
        if self._draft.has(one.ref):
            self._conflict(one.ref, "added")
            if self._there:
                self._fields(one.ref, {}, _fields(self._new, one.ref))
            return
        if not self._draft.has(way[-2].ref):
            self._conflict(one.ref, "removed")
            return
        block = self._without_known(content.copied(way[-1].object_id, way[-1].id))
        self._draft.add(way[-2].ref, block, way[-1].index)
        self._added.add(one.ref)

    def _without_known(self, block: NewBlock) -> NewBlock:
        """``block`` without what the draft has elsewhere: that is moved into it."""
        children = tuple(
            self._without_known(child) for child in block.children if not self._draft.has(f"{child.type}@{child.id}")
        )
        return NewBlock(block.type, block.id, block.fields, children)

    def _move(self, one: Change) -> None:
        target = content.way(self._new, one.ref)
        if not (self._draft.has(one.ref) and self._draft.has(target[-2].ref)):
            self._conflict(one.ref, "moved")
            return
        before, here = content.way(self._old, one.ref)[-2].ref, self._draft.parent(one.ref)
        if here not in (before, target[-2].ref):
            self._conflict(one.ref, "moved")
        if here in (before, target[-2].ref) or self._there:
            try:
                self._draft.move(one.ref, target[-2].ref, target[-1].index)
            except ContentError:  # into something that lies in it here
                self._conflict(one.ref, "moved")
        self._fields(one.ref, _fields(self._old, one.ref), _fields(self._new, one.ref))

    def _change(self, one: Change) -> None:
        if not self._draft.has(one.ref):
            self._conflict(one.ref, "removed")
            if self._there and one.kind == "changed":
                self._bring_back(one)
            return
        self._fields(one.ref, _fields(self._old, one.ref), _fields(self._new, one.ref))
        if "children" in one.names:
            self._reorder(one.ref)

    def _bring_back(self, one: Change) -> None:
        way = content.way(self._new, one.ref)
        if self._draft.has(way[-2].ref):
            self._draft.add(
                way[-2].ref, self._without_known(content.copied(way[-1].object_id, way[-1].id)), way[-1].index
            )
            self._added.add(one.ref)

    def _reorder(self, ref: str) -> None:
        old, new = (_order(root, ref) for root in (self._old, self._new))
        here = self._draft.children(ref)
        shared = [one for one in here if one in old and one in new]
        if shared != [one for one in old if one in shared]:
            if shared == [one for one in new if one in shared]:
                return
            self._conflict(ref, "children")
            if not self._there:
                return
        for place, one in enumerate(one for one in new if one in here):
            self._draft.move(one, ref, place)

    def _remove(self, one: Change) -> None:
        if not self._draft.has(one.ref):
            return
        if _id_at(self._base, one.ref) != _id_at(self._draft.root, one.ref):
            self._conflict(one.ref, "removed")
            if not self._there:
                return
        self._draft.remove(one.ref)

    def _fields(self, ref: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        taken = self._taken(ref, old, new, self._draft.node(ref).fields)
        values = {name: value for name, value in taken.items() if value is not _MISSING}
        self._draft.update(ref, values, unset=[name for name in taken if name not in values])

    def _taken(
        self, ref: str, old: Mapping[str, Any], new: Mapping[str, Any], here: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The fields that get what they are there; ``_MISSING`` for those that are unset there."""
        taken: dict[str, Any] = {}
        for name in sorted({*old} | {*new}):
            before, there, ours = (fields.get(name, _MISSING) for fields in (old, new, here))
            if there in (before, ours):
                continue
            if ours != before:
                self._conflict(ref, name)
            if ours == before or self._there:
                taken[name] = there
        return taken

    # Pages, policy, files

    def _beside(self, one: Change) -> None:
        top, _, path = one.ref.partition("/")
        if top == "files":
            self._file(one.ref, path)
        elif top == _EXTRAS:
            self._part(_EXTRAS, [path])
        else:
            self._part(one.ref, None)

    def _file(self, ref: str, path: str) -> None:
        before, there = content.file(self._old, path), content.file(self._new, path)
        here = self._draft.file(path)
        if _same(there, here):
            return
        if not _same(here, before):
            self._conflict(ref, "content")
        if _same(here, before) or self._there:
            self._draft.set_file(path, there)

    def _part(self, name: str, only: list[str] | None) -> None:
        """Merges a part by its fields (``only`` those)."""
        old, new, here = content.part(self._old, name), content.part(self._new, name), self._draft.part(name)
        known = [dict(node.fields) if node else {} for node in (old, new, here)]
        picked = [{key: node[key] for key in (only or node) if key in node} for node in known]
        taken = self._taken(name, picked[0], picked[1], picked[2])
        fields = {key: value for key, value in {**known[2], **taken}.items() if value is not _MISSING}
        kind = (new or here or old or Node(name, {})).type
        gone = new is None and only is None and not fields
        self._draft.set_part(name, None if gone else Node(kind, fields))

    def _conflict(self, ref: str, what: str) -> None:
        self.conflicts.append(Conflict(ref, what))


def _fields(root: ObjectId, ref: str) -> Mapping[str, Any]:
    object_id = content.way(root, ref)[-1].object_id
    return content.nodes([object_id])[object_id].fields


def _order(root: ObjectId, ref: str) -> list[str]:
    return [step.ref for step in content.children(content.way(root, ref)[-1].object_id)]


def _id_at(root: ObjectId, ref: str) -> ObjectId | None:
    try:
        return content.way(root, ref)[-1].object_id
    except ContentError:
        return None


def _same(one: StoredFile | None, other: StoredFile | None) -> bool:
    """Whether two files are the same to learners; how large an image is need not be known on both sides."""
    if one is None or other is None:
        return one is other
    return (one.hash, one.locked) == (other.hash, other.locked)
