"""Moves of refs: publish, discard, undo, rollback. Each is a walk along a path and one compare-and-set."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from lykeion.content.announce import announce
from lykeion.content.editing import Draft
from lykeion.content.outlines import keep_near
from lykeion.content.roots import (
    COURSE,
    FILES,
    LIBRARY,
    course_of,
    head_of,
    moved,
    ordered,
    part_of,
    parts_of,
    ref_name,
    top_name,
    with_parts,
)
from lykeion.content.shapes import Step, way
from lykeion.content.transplant import Tree, transplant
from lykeion.content.trees import keep_tree
from lykeion.content.tries import TRIES, attempts
from lykeion.content.types import (
    Branch,
    ContentError,
    LogEntry,
    Node,
    ObjectId,
    ObjectStore,
    RefMoved,
    RunExists,
)
from lykeion.core.keys import CourseLocator, Home

Change = Callable[[], tuple[Branch, ObjectId, ObjectId]]

_SEARCHED: Final = 10_000  # log entries that a rollback looks through


def create_run(store: ObjectStore, run: CourseLocator, *, title: str, author: str, at: datetime) -> ObjectId:
    """A new, empty run, on both branches. Raises :class:`RunExists`."""
    return create(store, run, Node(COURSE, {"display_name": title}), author=author, at=at)


def create(store: ObjectStore, run: Home, top: Node, *, author: str, at: datetime) -> ObjectId:
    """A new run or library with ``top`` alone, on both branches. Raises :class:`RunExists`."""
    [course] = store.put_many([top])
    [root] = store.put_many([Node("run", {}, ordered({top.type: course}))])
    entry = LogEntry("", None, None, author, at, "Created")
    try:
        store.compare_and_set_refs(moved(run, {"published": (None, root), "draft": (None, root)}, entry))
    except RefMoved as error:
        what = "library" if top.type == LIBRARY else "course run"
        raise RunExists(f"There is a {what} {run} already.") from error
    announce(run, None, root, author, at)
    return root


def publish(store: ObjectStore, run: Home, *, ref: str | None, author: str, at: datetime, why: str) -> ObjectId:
    """Publishes the whole draft, or block or part ``ref`` of it; the new published root."""

    def change() -> tuple[Branch, ObjectId, ObjectId]:
        old, draft = head_of(store, run, "published"), head_of(store, run, "draft")
        new = draft if ref is None else _brought(store, run, draft, old, ref, keep=True)
        _prepare(store, run, new)
        return "published", old, new

    entry = LogEntry("", None, None, author, at, why or _reason("Published", ref))
    old, new = _moved(store, run, change, entry, tries=1 if ref is None else TRIES)
    announce(run, old, new, author, at)
    return new


def publish_fields(
    store: ObjectStore,
    run: Home,
    *,
    fields: Mapping[str, Collection[str]],
    parts: Collection[str],
    author: str,
    at: datetime,
    why: str,
) -> ObjectId:
    """Publishes single fields of blocks that learners have already, and whole parts; the new published root."""

    def change() -> tuple[Branch, ObjectId, ObjectId]:
        old, draft = head_of(store, run, "published"), head_of(store, run, "draft")
        new = _with_fields(store, run, draft, old, fields, parts, keep=True)
        _prepare(store, run, new)
        return "published", old, new

    old, new = _moved(store, run, change, LogEntry("", None, None, author, at, why), tries=TRIES)
    announce(run, old, new, author, at)
    return new


def discard_fields(
    store: ObjectStore,
    run: Home,
    *,
    fields: Mapping[str, Collection[str]],
    parts: Collection[str],
    author: str,
    at: datetime,
    why: str,
) -> ObjectId:
    """Gives single fields of blocks of the draft, and whole parts, their published values; the draft's new root."""

    def change() -> tuple[Branch, ObjectId, ObjectId]:
        published, old = head_of(store, run, "published"), head_of(store, run, "draft")
        return "draft", old, _with_fields(store, run, published, old, fields, parts, keep=False)

    return _moved(store, run, change, LogEntry("", None, None, author, at, why), tries=TRIES)[1]


def discard(store: ObjectStore, run: Home, *, ref: str | None, author: str, at: datetime, why: str) -> ObjectId:
    """Gives the draft, or block or part ``ref`` of it, the published state; the new root of the draft."""

    def change() -> tuple[Branch, ObjectId, ObjectId]:
        published, old = head_of(store, run, "published"), head_of(store, run, "draft")
        if ref is not None and not _has(store, run, published, ref):
            raise ContentError(f"{ref} was never published, so there is nothing to go back to.")
        return "draft", old, published if ref is None else _brought(store, run, published, old, ref, keep=False)

    entry = LogEntry("", None, None, author, at, why or _reason("Discarded changes", ref))
    return _moved(store, run, change, entry, tries=1 if ref is None else TRIES)[1]


def rollback(
    store: ObjectStore,
    run: Home,
    moves: Mapping[Branch, tuple[ObjectId, ObjectId]],
    *,
    author: str,
    at: datetime,
    why: str,
) -> None:
    """Points branches from where they are to roots in their histories, all of them or none.

    Raises :class:`ContentError` when such a root is not in there, :class:`RefMoved` when a branch is elsewhere by now.
    """
    for branch, (old, to) in moves.items():
        if (actual := head_of(store, run, branch)) != old:
            raise RefMoved(f"{ref_name(run, branch)} was changed by somebody else in the meantime.", actual)
        known = {root for move in store.log(ref_name(run, branch), limit=_SEARCHED) for root in (move.old, move.new)}
        if to not in known:
            raise ContentError(f"{to} is not in the history of {ref_name(run, branch)}; choose a version from there.")
        keep_tree(store, to, beside=old)
        if branch == "published":
            _prepare(store, run, to)
    differing = {branch: move for branch, move in moves.items() if move[0] != move[1]}
    if differing:
        entry = LogEntry("", None, None, author, at, why or "Rolled back")
        store.compare_and_set_refs(moved(run, differing, entry))
    if "published" in differing:
        announce(run, *differing["published"], author, at)


def undo(store: ObjectStore, run: Home, *, branch: Branch, author: str, at: datetime) -> ObjectId:
    """Takes the newest move of ``branch`` back; done again, it takes that back. Raises :class:`ContentError`."""
    newest = store.log(ref_name(run, branch), limit=1)
    if not newest or newest[0].old is None or newest[0].new is None:
        raise ContentError(f"There is nothing to undo in {ref_name(run, branch)}.")
    move = newest[0].new, newest[0].old
    rollback(store, run, {branch: move}, author=author, at=at, why=f"Undid: {newest[0].why}"[:1000])
    return newest[0].old


def has_unpublished_changes(store: ObjectStore, run: Home, ref: str | None) -> bool:
    """Whether the draft of the run, or of block or part ``ref``, differs from what is published."""
    draft, published = head_of(store, run, "draft"), head_of(store, run, "published")
    if ref is None or draft == published:
        return draft != published
    return _id_of(store, run, draft, ref) != _id_of(store, run, published, ref)


def _moved(store: ObjectStore, run: Home, change: Change, entry: LogEntry, *, tries: int) -> tuple[ObjectId, ObjectId]:
    """Makes ``change`` and moves the ref; once more on what is there now, if somebody else was quicker."""
    for left in attempts(tries):
        branch, old, new = change()
        try:
            if old != new:
                store.compare_and_set_refs(moved(run, {branch: (old, new)}, entry))
        except RefMoved:
            if not left:
                raise
        else:
            return old, new
    raise AssertionError("the last try returned or raised")


def _prepare(store: ObjectStore, run: Home, root: ObjectId) -> None:
    """Makes the outline of what is to be published, so that no learner waits for it; libraries have none."""
    if isinstance(run, CourseLocator):
        keep_near(store, run, root)


def _brought(store: ObjectStore, run: Home, source: ObjectId, target: ObjectId, ref: str, *, keep: bool) -> ObjectId:
    """The id of root ``target`` with block or part ``ref`` as it is in root ``source``.

    ``keep``: files come along too, since the block may show them, and none is lost.
    """
    if "@" not in ref:
        return _with_part(store, source, target, ref)
    course = transplant(store, _tree(store, run, source), _tree(store, run, target), ref)
    parts: dict[str, ObjectId | None] = {top_name(parts_of(store, target), target): course}
    if keep:
        parts[FILES] = _joined_files(store, source, target)
    return with_parts(store, target, parts)


def _with_fields(
    store: ObjectStore,
    run: Home,
    source: ObjectId,
    target: ObjectId,
    fields: Mapping[str, Collection[str]],
    parts: Collection[str],
    *,
    keep: bool,
) -> ObjectId:
    """The id of root ``target`` with fields and parts as they are in root ``source``; blocks that one of the two does
    not have are left alone. ``keep`` as for :func:`_brought`."""
    here, there = Draft(store, run, target), Draft(store, run, source)
    for ref, names in fields.items():
        if here.has(ref) and there.has(ref):
            found = there.node(ref).fields
            here.update(ref, {name: found[name] for name in names if name in found}, unset=names)
    for name in parts:
        here.set_part(name, there.part(name))
    made = here.write()
    return with_parts(store, made, {FILES: _joined_files(store, source, made)}) if keep else made


def _with_part(store: ObjectStore, source: ObjectId, target: ObjectId, name: str) -> ObjectId:
    there, here = parts_of(store, source), parts_of(store, target)
    if name not in there and name not in here:
        raise ContentError(f"There is no part {name!r} in this run.")
    return with_parts(store, target, {name: there.get(name)})


def _joined_files(store: ObjectStore, source: ObjectId, target: ObjectId) -> ObjectId | None:
    ids = parts_of(store, source).get(FILES), parts_of(store, target).get(FILES)
    if ids[0] == ids[1] or ids[0] is None:
        return ids[1]
    new, old = part_of(store, source, FILES), part_of(store, target, FILES)
    joined = {**(old.fields if old else {}), **(new.fields if new else {})}
    return store.put_many([Node(FILES, joined)])[0]


def _has(store: ObjectStore, run: Home, root: ObjectId, ref: str) -> bool:
    return _id_of(store, run, root, ref) is not None


def _id_of(store: ObjectStore, run: Home, root: ObjectId, ref: str) -> ObjectId | None:
    if "@" not in ref:
        return parts_of(store, root).get(ref)
    steps = way(store, course_of(store, root), ref)
    return steps[-1].object_id if steps else None


def _tree(store: ObjectStore, run: Home, root: ObjectId) -> Tree:
    name = top_name(parts_of(store, root), root)
    return Tree(run, Step(f"{name}@{name}", name, course_of(store, root), 0))


def _reason(what: str, ref: str | None) -> str:
    return what if ref is None else f"{what}: {ref}"
