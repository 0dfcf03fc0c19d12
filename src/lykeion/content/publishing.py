"""Moves of refs: publish, discard, undo, rollback. Each is a walk along a path and one compare-and-set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from lykeion.content.announce import announce
from lykeion.content.files import keep_files
from lykeion.content.outlines import outline_of
from lykeion.content.roots import COURSE, FILES, head_of, moved, ordered, part_of, parts_of, ref_name, with_parts
from lykeion.content.stores.batches import BATCH
from lykeion.content.transplant import transplant
from lykeion.content.trees import hashes_in, walk
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
from lykeion.core.keys import CourseLocator

Change = Callable[[], tuple[Branch, ObjectId, ObjectId]]

_TRIES: Final = 5
_SEARCHED: Final = 10_000  # log entries that a rollback looks through


def create_run(store: ObjectStore, run: CourseLocator, *, title: str, author: str, at: datetime) -> ObjectId:
    """A new, empty run, on both branches. Raises :class:`RunExists`."""
    [course] = store.put_many([Node("course", {"display_name": title})])
    [root] = store.put_many([Node("run", {}, ordered({COURSE: course}))])
    entry = LogEntry("", None, None, author, at, "Created")
    try:
        store.compare_and_set_refs(moved(run, {"published": (None, root), "draft": (None, root)}, entry))
    except RefMoved as error:
        raise RunExists(f"There is a course run {run} already.") from error
    announce(run, None, root, author, at)
    return root


def publish(
    store: ObjectStore, run: CourseLocator, *, ref: str | None, author: str, at: datetime, why: str
) -> ObjectId:
    """Publishes the whole draft, or block or part ``ref`` of it; the new published root."""

    def change() -> tuple[Branch, ObjectId, ObjectId]:
        old, draft = head_of(store, run, "published"), head_of(store, run, "draft")
        return "published", old, draft if ref is None else _brought(store, run, draft, old, ref, keep=True)

    entry = LogEntry("", None, None, author, at, why or _reason("Published", ref))
    old, new = _moved(store, run, change, entry, tries=1 if ref is None else _TRIES)
    announce(run, old, new, author, at)
    return new


def discard(
    store: ObjectStore, run: CourseLocator, *, ref: str | None, author: str, at: datetime, why: str
) -> ObjectId:
    """Gives the draft, or block or part ``ref`` of it, the published state; the new root of the draft."""

    def change() -> tuple[Branch, ObjectId, ObjectId]:
        published, old = head_of(store, run, "published"), head_of(store, run, "draft")
        if ref is not None and not _has(store, run, published, ref):
            raise ContentError(f"{ref} was never published, so there is nothing to go back to.")
        return "draft", old, published if ref is None else _brought(store, run, published, old, ref, keep=False)

    entry = LogEntry("", None, None, author, at, why or _reason("Discarded changes", ref))
    return _moved(store, run, change, entry, tries=1 if ref is None else _TRIES)[1]


def rollback(
    store: ObjectStore, run: CourseLocator, *, branch: Branch, to: ObjectId, author: str, at: datetime, why: str
) -> ObjectId:
    """Points ``branch`` at ``to``, a root in its history. Raises :class:`ContentError` when it is not in there."""
    old = head_of(store, run, branch)
    known = {root for move in store.log(ref_name(run, branch), limit=_SEARCHED) for root in (move.old, move.new)}
    if to not in known:
        raise ContentError(f"{to} is not in the history of {ref_name(run, branch)}; choose a version from there.")
    _keep(store, to)
    entry = LogEntry("", None, None, author, at, why or "Rolled back")
    if old != to:
        store.compare_and_set_refs(moved(run, {branch: (old, to)}, entry))
        if branch == "published":
            announce(run, old, to, author, at)
    return to


def undo(store: ObjectStore, run: CourseLocator, *, branch: Branch, author: str, at: datetime) -> ObjectId:
    """Takes the newest move of ``branch`` back; done again, it takes that back. Raises :class:`ContentError`."""
    newest = store.log(ref_name(run, branch), limit=1)
    if not newest or newest[0].old is None:
        raise ContentError(f"There is nothing to undo in {ref_name(run, branch)}.")
    why = f"Undid: {newest[0].why}"[:1000]
    return rollback(store, run, branch=branch, to=newest[0].old, author=author, at=at, why=why)


def has_unpublished_changes(store: ObjectStore, run: CourseLocator, ref: str | None) -> bool:
    """Whether the draft of the run, or of block or part ``ref``, differs from what is published."""
    draft, published = head_of(store, run, "draft"), head_of(store, run, "published")
    if ref is None or draft == published:
        return draft != published
    return _id_of(store, run, draft, ref) != _id_of(store, run, published, ref)


def _moved(
    store: ObjectStore, run: CourseLocator, change: Change, entry: LogEntry, *, tries: int
) -> tuple[ObjectId, ObjectId]:
    """Makes ``change`` and moves the ref; once more on what is there now, if somebody else was quicker."""
    while True:
        branch, old, new = change()
        tries -= 1
        try:
            if old != new:
                store.compare_and_set_refs(moved(run, {branch: (old, new)}, entry))
        except RefMoved:
            if not tries:
                raise
        else:
            return old, new


def _brought(
    store: ObjectStore, run: CourseLocator, source: ObjectId, target: ObjectId, ref: str, *, keep: bool
) -> ObjectId:
    """The id of root ``target`` with block or part ``ref`` as it is in root ``source``.

    ``keep``: files come along too, since the block may show them, and none is lost.
    """
    if "@" not in ref:
        return _with_part(store, source, target, ref)
    course = transplant(store, outline_of(store, run, source), outline_of(store, run, target), ref)
    parts: dict[str, ObjectId | None] = {COURSE: course}
    if keep:
        parts[FILES] = _joined_files(store, source, target)
    return with_parts(store, target, parts)


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


def _has(store: ObjectStore, run: CourseLocator, root: ObjectId, ref: str) -> bool:
    return _id_of(store, run, root, ref) is not None


def _id_of(store: ObjectStore, run: CourseLocator, root: ObjectId, ref: str) -> ObjectId | None:
    if "@" not in ref:
        return parts_of(store, root).get(ref)
    block = outline_of(store, run, root).get(ref)
    return block.object_id if block else None


def _keep(store: ObjectStore, root: ObjectId) -> None:
    """Keeps everything below ``root`` from garbage collection, which may be at work. Raises when some is gone."""
    ids: list[ObjectId] = []
    hashes: set[str] = set()
    for object_id, node in walk(store, [root], set()):
        ids.append(object_id)
        hashes.update(hashes_in(node))
    for start in range(0, len(ids), BATCH):
        store.touch_many(ids[start : start + BATCH])
    keep_files(sorted(hashes))


def _reason(what: str, ref: str | None) -> str:
    return what if ref is None else f"{what}: {ref}"
