"""The run document: what a ref points to, and its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lykeion.content.cache import cached_nodes
from lykeion.content.types import (
    Branch,
    ContentError,
    LogEntry,
    Node,
    ObjectId,
    ObjectStore,
    RunMissing,
    StoredFile,
)
from lykeion.core.keys import CourseLocator

COURSE: Final = "course"
FILES: Final = "files"
EXTRAS: Final = "extras"
BRANCHES: Final[tuple[Branch, Branch]] = ("published", "draft")


def ref_name(run: CourseLocator, branch: Branch) -> str:
    """The name of the ref of ``branch``: ``course-v1:ORG+COURSE+RUN/draft``."""
    return f"{run}/{branch}"


def head_of(store: ObjectStore, run: CourseLocator, branch: Branch) -> ObjectId:
    """The root that ``branch`` points to. Raises :class:`RunMissing`."""
    root = store.read_ref(ref_name(run, branch))
    if root is None:
        raise RunMissing(f"There is no course run {run} here; `lykeion import` brings one in.")
    return root


def parts_of(store: ObjectStore, root: ObjectId) -> dict[str, ObjectId]:
    """The parts of a run document by name."""
    return dict(cached_nodes(store, [root])[root].children)


def part_of(store: ObjectStore, root: ObjectId, name: str) -> Node | None:
    """One part of a run document, or None."""
    object_id = parts_of(store, root).get(name)
    return None if object_id is None else cached_nodes(store, [object_id])[object_id]


def course_of(store: ObjectStore, root: ObjectId) -> ObjectId:
    """The course block of a run document. Raises :class:`ContentError` when ``root`` is none."""
    course = parts_of(store, root).get(COURSE)
    if course is None:
        raise ContentError(f"Object {root} is not the root of a course.")
    return course


def with_parts(store: ObjectStore, root: ObjectId, parts: Mapping[str, ObjectId | None]) -> ObjectId:
    """The id of a (stored) run document like ``root`` with ``parts`` replaced, added, or (None) left out."""
    old = cached_nodes(store, [root])[root]
    changed = {name: oid for name, oid in ({**dict(old.children), **parts}).items() if oid is not None}
    if changed == dict(old.children):
        return root
    return store.put_many([Node(old.type, old.fields, ordered(changed))])[0]


def ordered(parts: Mapping[str, ObjectId]) -> tuple[tuple[str, ObjectId], ...]:
    """Parts in their one order, so that the same parts always have the same id: the course first, then by name."""
    return tuple(sorted(parts.items(), key=lambda part: (part[0] != COURSE, part[0])))


def stored_file(path: str, entry: Mapping[str, object]) -> StoredFile:
    """The value of one entry of a ``files`` node."""
    return StoredFile(
        path, str(entry["hash"]), int(str(entry["size"])), str(entry["content_type"]), entry.get("locked") is True
    )


def file_hashes(node: Node) -> list[str]:
    """The hashes of all files in a ``files`` (or ``extras``) node."""
    return [str(entry["hash"]) for entry in node.fields.values()]


def moved(
    run: CourseLocator, moves: Mapping[Branch, tuple[ObjectId | None, ObjectId]], entry: LogEntry
) -> Sequence[LogEntry]:
    """Log entries that move branches of ``run`` from and to, saying what ``entry`` says."""
    return [
        LogEntry(ref_name(run, branch), old, new, entry.author, entry.at, entry.why)
        for branch, (old, new) in moves.items()
    ]
