"""Changing a draft: a handful of blocks on the way to the root are written anew, whatever the size of the course.

A change is a function of a :class:`Draft`. It is made on what the draft is now, and once more if somebody else was
quicker; so two authors who change different things both get what they wanted. Whoever changes what somebody else has
changed since they looked is told (:class:`~lykeion.content.types.ChangedMeanwhile`), and nothing is overwritten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from lykeion.content.files import keep_files
from lykeion.content.objects import canonical, id_of
from lykeion.content.outlines import prepare
from lykeion.content.roots import (
    FILES,
    course_of,
    file_entry,
    head_of,
    moved,
    ordered,
    parts_of,
    stored_file,
    top_name,
)
from lykeion.content.settings import UPSTREAM
from lykeion.content.shapes import Step, children, shapes, way
from lykeion.content.trees import keep_tree, tree
from lykeion.content.tries import attempts
from lykeion.content.types import (
    ChangedMeanwhile,
    ContentError,
    Edited,
    Json,
    LogEntry,
    NewBlock,
    Node,
    ObjectId,
    ObjectMissing,
    ObjectStore,
    RefMoved,
    Removed,
    StoredFile,
)
from lykeion.core.keys import CourseLocator, Home

T = TypeVar("T")
TOP: Final = "course@course"


@dataclass(slots=True, eq=False)
class _Opened:
    """A block that is being changed, or lies above one."""

    id: str
    type: str
    fields: dict[str, Json]
    children: list[_Opened | Step]
    parent: _Opened | None
    was: ObjectId | None = None
    dirty: bool = field(default=False)

    @property
    def ref(self) -> str:
        return f"{self.type}@{self.id}"


class Draft:
    """The draft of a run or library while it is being changed. Nothing is kept before the change is done as a whole."""

    def __init__(self, store: ObjectStore, run: Home, root: ObjectId) -> None:
        self.run, self.root = run, root
        self._store = store
        self._name = top_name(parts_of(store, root), root)
        self._course = course_of(store, root)
        self._opened: dict[str, _Opened] = {}
        self._parts: dict[str, Node | None] = {}
        top = self._open_step(Step(f"{self._name}@{self._name}", self._name, self._course, 0), None)
        self._top = top

    # Looking

    def has(self, ref: str) -> bool:
        """Whether there is a block ``ref``."""
        try:
            self._open(ref)
        except ContentError:
            return False
        return True

    def holding(self, refs: Iterable[str]) -> frozenset[str]:
        """Those of ``refs`` that are blocks of the draft: all looked for at once, and none of them read."""
        asked = frozenset(refs)
        found = asked & {self._top.ref}
        waiting: list[_Opened] = [self._top]
        stored: list[ObjectId] = []
        while waiting:
            for child in waiting.pop().children:
                found |= asked & {child.ref}
                if isinstance(child, _Opened):
                    waiting.append(child)
                else:
                    stored.append(child.object_id)
        return found.union(*(asked & shape.below for shape in shapes(self._store, stored).values()))

    def node(self, ref: str) -> Node:
        """The block ``ref`` with its fields; its ``children`` are as they were stored. Raises :class:`ContentError`."""
        opened = self._open(ref)
        stored = self._store.get_many([opened.was])[opened.was].children if opened.was else ()
        return Node(opened.type, dict(opened.fields), stored)

    def parent(self, ref: str) -> str:
        """The block above ``ref``. Raises :class:`ContentError` for the course."""
        above = self._open(ref).parent
        if above is None:
            raise ContentError(_("There is nothing above a course."))
        return above.ref

    def children(self, ref: str) -> list[str]:
        """The blocks right below ``ref``, in order."""
        return [child.ref for child in self._open(ref).children]

    def part(self, name: str) -> Node | None:
        """A part of the run (``"about/overview"``), or None."""
        if name not in self._parts:
            object_id = parts_of(self._store, self.root).get(name)
            self._parts[name] = None if object_id is None else self._store.get_many([object_id])[object_id]
        return self._parts[name]

    # Changing

    def update(
        self, ref: str, values: Mapping[str, Json], *, unset: Iterable[str] = (), base: ObjectId | None = None
    ) -> None:
        """Sets fields of block ``ref`` and forgets those of ``unset``.

        ``base`` is the version of the block that the author saw. Raises :class:`ChangedMeanwhile` when somebody gave
        one of these fields another value since.
        """
        opened = self._open(ref)
        gone = [name for name in unset if name not in values]
        if base is not None and base != opened.was:
            self._check(opened, values, gone, base)
        missing = object()
        changed = [name for name, value in values.items() if opened.fields.get(name, missing) != value]
        changed += [name for name in gone if name in opened.fields]
        if changed:
            opened.fields = {name: value for name, value in opened.fields.items() if name not in gone} | dict(values)
            opened.dirty = True
            _note_own(opened.fields, changed)

    def replace_fields(self, ref: str, fields: Mapping[str, Json]) -> None:
        """Gives block ``ref`` these fields and no others, as they are: for copies that follow their original."""
        opened = self._open(ref)
        if opened.fields != fields:
            opened.fields = dict(fields)
            opened.dirty = True

    def add(self, parent: str, block: NewBlock, index: int | None = None) -> str:
        """Puts a new block, with all below it, into ``parent`` (at its end without ``index``); its ref.

        Raises :class:`ContentError` when one of the names is taken.
        """
        above = self._open(parent)
        self._check_free(block)
        made = self._made(block, above)
        _insert(above, made, index)
        return made.ref

    def bring(self, parent: str, block_id: str, object_id: ObjectId, index: int | None = None) -> str:
        """Puts a stored block, with all below it, as it is into ``parent``; its ref. For what was removed by mistake.

        Raises :class:`ContentError` when the draft has one of its blocks, or no such object is stored.
        """
        above = self._open(parent)
        block = tree(self._store, object_id, block_id)
        self._check_free(block)
        keep_tree(self._store, object_id)
        step = Step(f"{block.type}@{block_id}", block_id, object_id, 0)
        _insert(above, self._open_step(step, above), index)
        return step.ref

    def remove(self, ref: str) -> Removed:
        """Takes block ``ref`` out, with all below it; says where it was."""
        opened = self._open(ref)
        above = _above(opened)
        index = above.children.index(opened)
        del above.children[index]
        above.dirty = True
        removed = Removed(above.ref, index, opened.id, self._as_it_was(opened))
        self._opened = {name: one for name, one in self._opened.items() if opened not in _lineage(one)}
        opened.parent = None
        return removed

    def move(self, ref: str, parent: str, index: int | None = None) -> None:
        """Puts block ``ref`` elsewhere. ``index`` counts its new siblings without it.

        Raises :class:`ContentError` for a place inside itself.
        """
        opened, target = self._open(ref), self._open(parent)
        above = _above(opened)
        if opened in _lineage(target):
            raise ContentError(_("A block cannot be put into itself."))
        above.children.remove(opened)
        above.dirty = True
        opened.parent = target
        _insert(target, opened, index)

    def set_part(self, name: str, node: Node | None) -> None:
        """Sets (or with None removes) a part of the run."""
        self.part(name)
        self._parts[name] = node

    def file(self, path: str) -> StoredFile | None:
        """The course file ``path``, or None."""
        entry = self._files().get(path)
        return None if entry is None else stored_file(path, entry)

    def files(self) -> Mapping[str, StoredFile]:
        """All course files by path. Grows with the course."""
        return {path: stored_file(path, entry) for path, entry in self._files().items()}

    def set_file(self, path: str, stored: StoredFile | None) -> None:
        """Sets (or with None removes) a course file. Its content is stored already."""
        entries = self._files()
        if stored is None:
            entries.pop(path, None)
        else:
            entries[path] = file_entry(stored)
            keep_files([stored.hash])
        self.set_part(FILES, Node(FILES, entries))

    # Writing

    def write(self) -> ObjectId:
        """Stores what changed; the new root."""
        fresh: dict[ObjectId, Node] = {}
        parts: dict[str, ObjectId | None] = {self._name: self._written(self._top, fresh)}
        for name, node in self._parts.items():
            parts[name] = None if node is None else _kept(node, fresh)
        old = self._store.get_many([self.root])[self.root]
        merged = {**dict(old.children), **parts}
        root = _kept(Node(old.type, old.fields, ordered({k: v for k, v in merged.items() if v is not None})), fresh)
        if root != self.root:
            self._store.put_many(list(fresh.values()))
        return root

    def _written(self, opened: _Opened, fresh: dict[ObjectId, Node]) -> ObjectId:
        """The id of ``opened`` as it is now. Recurses as deep as the course is along opened blocks only."""
        pairs = tuple(
            (child.id, self._written(child, fresh) if isinstance(child, _Opened) else child.object_id)
            for child in opened.children
        )
        node = Node(opened.type, opened.fields, pairs)
        data = canonical(node)
        object_id = id_of(data)
        if object_id != opened.was:
            fresh[object_id] = node
        return object_id

    # Finding

    def _open(self, ref: str) -> _Opened:
        found = self._opened.get(ref)
        if found is not None:
            return found
        steps = way(self._store, self._course, ref)
        if steps is None:
            raise ContentError(_("{ref} is not in the course any more.").format(ref=ref))
        start = max(place for place, step in enumerate(steps) if place == 0 or step.ref in self._opened)
        opened = self._opened[steps[start].ref]
        for step in steps[start + 1 :]:
            place = next(
                (
                    at
                    for at, child in enumerate(opened.children)
                    if isinstance(child, Step) and (child.ref, child.object_id) == (step.ref, step.object_id)
                ),
                None,
            )
            if place is None:
                raise ContentError(_("{ref} is not in the course any more.").format(ref=ref))
            child = self._open_step(step, opened)
            opened.children[place] = child
            opened = child
        return opened

    def _open_step(self, step: Step, parent: _Opened | None) -> _Opened:
        node = self._store.get_many([step.object_id])[step.object_id]
        below: list[_Opened | Step] = [*children(self._store, step.object_id)]
        opened = _Opened(step.id, node.type, dict(node.fields), below, parent, step.object_id)
        self._opened[step.ref] = opened
        return opened

    def _check_free(self, block: NewBlock) -> None:
        refs = list(block.refs())
        taken = self.holding(refs)
        doubled = taken or {ref for ref, count in Counter(refs).items() if count > 1}
        for ref in refs:
            if ref in doubled:
                raise ContentError(_("{ref} is in the course already.").format(ref=ref))

    def _made(self, block: NewBlock, parent: _Opened) -> _Opened:
        ref = f"{block.type}@{block.id}"
        made = _Opened(block.id, block.type, dict(block.fields), [], parent, None, dirty=True)
        self._opened[ref] = made
        made.children = [self._made(child, made) for child in block.children]
        return made

    def _as_it_was(self, opened: _Opened) -> ObjectId:
        fresh: dict[ObjectId, Node] = {}
        object_id = self._written(opened, fresh)
        if fresh:
            self._store.put_many(list(fresh.values()))
        return object_id

    def _files(self) -> dict[str, Json]:
        node = self.part(FILES)
        return {} if node is None else dict(node.fields)

    def _check(self, opened: _Opened, values: Mapping[str, Json], gone: list[str], base: ObjectId) -> None:
        missing = object()
        try:
            seen: Mapping[str, Json] = self._store.get_many([base])[base].fields
        except ObjectMissing:
            seen = {}
        wanted = {**values, **dict.fromkeys(gone, missing)}
        clashing = tuple(
            name
            for name, value in wanted.items()
            if opened.fields.get(name, missing) not in (seen.get(name, missing), value)
        )
        if clashing:
            words = _("Somebody else changed this meanwhile.")
            raise ChangedMeanwhile(words, opened.ref, clashing, opened.was)


def edit(
    store: ObjectStore, run: Home, change: Callable[[Draft], T], *, author: str, at: datetime, why: str
) -> Edited[T]:
    """Makes ``change`` to the draft of ``run``; see :func:`lykeion.content.api.edit`."""
    for left in attempts():
        old = head_of(store, run, "draft")
        if isinstance(run, CourseLocator):
            prepare(store, run, old)
        draft = Draft(store, run, old)
        value = change(draft)
        new = draft.write()
        try:
            if new != old:
                entry = LogEntry("", None, None, author, at, why[:1000])
                store.compare_and_set_refs(moved(run, {"draft": (old, new)}, entry))
            return Edited(old, new, value)
        except RefMoved as error:
            if not left:
                words = _("Too many people are changing {run} at once. Try again in a moment.").format(run=run)
                raise RefMoved(words, error.actual) from error
    raise AssertionError("the last try returned or raised")


def _note_own(fields: dict[str, Json], changed: Iterable[str]) -> None:
    """Notes in a copy of an item of a library which of its fields are its own now."""
    names = {name for name in changed if name not in UPSTREAM}
    if names and fields.get("upstream"):
        noted = fields.get("downstream_customized")
        fields["downstream_customized"] = sorted(names.union(noted if isinstance(noted, list) else ()))


def _insert(above: _Opened, child: _Opened, index: int | None) -> None:
    place = len(above.children) if index is None else max(0, min(index, len(above.children)))
    above.children.insert(place, child)
    above.dirty = True
    child.parent = above


def _above(opened: _Opened) -> _Opened:
    if opened.parent is None:
        raise ContentError(_("The course itself cannot be moved or removed."))
    return opened.parent


def _lineage(opened: _Opened) -> list[_Opened]:
    found: list[_Opened] = []
    here: _Opened | None = opened
    while here is not None:
        found.append(here)
        here = here.parent
    return found


def _kept(node: Node, fresh: dict[ObjectId, Node]) -> ObjectId:
    object_id = id_of(canonical(node))
    fresh[object_id] = node
    return object_id
