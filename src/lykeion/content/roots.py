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
from lykeion.core.keys import CourseLocator, Home

COURSE: Final = "course"
LIBRARY: Final = "library"
TOPS: Final = (COURSE, LIBRARY)
"""Parts that hold a tree of blocks, and the types of the blocks at its top; a version has one of them."""
FILES: Final = "files"
EXTRAS: Final = "extras"
BRANCHES: Final[tuple[Branch, Branch]] = ("published", "draft")


def ref_name(run: Home, branch: Branch) -> str:
    """The name of the ref of ``branch``: ``course-v1:ORG+COURSE+RUN/draft``."""
    return f"{run}/{branch}"


def head_of(store: ObjectStore, run: Home, branch: Branch) -> ObjectId:
    """The root that ``branch`` points to. Raises :class:`RunMissing`."""
    root = store.read_ref(ref_name(run, branch))
    if root is None and isinstance(run, CourseLocator):
        raise RunMissing(f"There is no course run {run} here; `lykeion import` brings one in.")
    if root is None:
        raise RunMissing(f"There is no library {run} here.")
    return root


def parts_of(store: ObjectStore, root: ObjectId) -> dict[str, ObjectId]:
    """The parts of a run document by name."""
    return dict(cached_nodes(store, [root])[root].children)


def part_of(store: ObjectStore, root: ObjectId, name: str) -> Node | None:
    """One part of a run document, or None."""
    object_id = parts_of(store, root).get(name)
    return None if object_id is None else cached_nodes(store, [object_id])[object_id]


def course_of(store: ObjectStore, root: ObjectId) -> ObjectId:
    """The course block of a run document (of a library its top). Raises :class:`ContentError` when ``root`` is none."""
    parts = parts_of(store, root)
    return parts[top_name(parts, root)]


def top_name(parts: Mapping[str, ObjectId], root: ObjectId) -> str:
    """Which of the parts of a version is its tree. Raises :class:`ContentError` when there is none."""
    for name in TOPS:
        if name in parts:
            return name
    raise ContentError(f"Object {root} is not the root of a course.")


def with_parts(store: ObjectStore, root: ObjectId, parts: Mapping[str, ObjectId | None]) -> ObjectId:
    """The id of a (stored) run document like ``root`` with ``parts`` replaced, added, or (None) left out."""
    old = cached_nodes(store, [root])[root]
    changed = {name: oid for name, oid in ({**dict(old.children), **parts}).items() if oid is not None}
    if changed == dict(old.children):
        return root
    return store.put_many([Node(old.type, old.fields, ordered(changed))])[0]


def ordered(parts: Mapping[str, ObjectId]) -> tuple[tuple[str, ObjectId], ...]:
    """Parts in their one order, so that the same parts always have the same id: the course first, then by name."""
    return tuple(sorted(parts.items(), key=lambda part: (part[0] not in TOPS, part[0])))


def stored_file(path: str, entry: Mapping[str, object]) -> StoredFile:
    """The value of one entry of a ``files`` node."""
    width, height = (int(str(entry.get(name, 0))) for name in ("width", "height"))
    known = str(entry["hash"]), int(str(entry["size"])), str(entry["content_type"])
    return StoredFile(path, *known, entry.get("locked") is True, width, height)


def file_entry(stored: StoredFile) -> dict[str, object]:
    """The entry of a ``files`` node that :func:`stored_file` reads."""
    known = {"hash": stored.hash, "size": stored.size, "content_type": stored.content_type, "locked": stored.locked}
    return known | ({"width": stored.width, "height": stored.height} if stored.width and stored.height else {})


def file_hashes(node: Node) -> list[str]:
    """The hashes of all files in a ``files`` (or ``extras``) node."""
    return [str(entry["hash"]) for entry in node.fields.values()]


def moved(run: Home, moves: Mapping[Branch, tuple[ObjectId | None, ObjectId]], entry: LogEntry) -> Sequence[LogEntry]:
    """Log entries that move branches of ``run`` from and to, saying what ``entry`` says."""
    return [
        LogEntry(ref_name(run, branch), old, new, entry.author, entry.at, entry.why)
        for branch, (old, new) in moves.items()
    ]
