"""The door of course content: reading versions, importing and exporting, publishing, history.

Reading is cheap: :func:`head` is one indexed read, everything below a root is immutable and cached. Whoever handles
one request asks for the head once and works below that root, so that a publish in the middle changes nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from lykeion.content import changes as _changes
from lykeion.content import editing as _editing
from lykeion.content import exports as _exports
from lykeion.content import finding as _finding
from lykeion.content import garbage as _garbage
from lykeion.content import imports as _imports
from lykeion.content import outlines as _outlines
from lykeion.content import portions as _portions
from lykeion.content import publishing as _publishing
from lykeion.content import reruns as _reruns
from lykeion.content import roots as _roots
from lykeion.content import shapes as _shapes
from lykeion.content.cache import cached_nodes
from lykeion.content.dates import BadDate, parse_date
from lykeion.content.editing import Draft
from lykeion.content.files import Source, open_file
from lykeion.content.files import store_files as _store_files
from lykeion.content.filetypes import content_type_of as _content_type_of
from lykeion.content.libraries import collections, create_library, items, set_collection
from lykeion.content.libraryarchives import export_library, holds_library, import_library
from lykeion.content.outlines import register_facts
from lykeion.content.portions import Portion
from lykeion.content.reuse import compare, decline, unlink, update, updates, use
from lykeion.content.stores import open_store
from lykeion.content.tags import FIELD as TAGS
from lykeion.content.tags import tags_in
from lykeion.content.trees import blocks_below as _blocks_below
from lykeion.content.trees import tree as _tree
from lykeion.content.types import (
    Branch,
    Change,
    ContentError,
    Edited,
    ExportReport,
    GarbageReport,
    ImportReport,
    LogEntry,
    NewBlock,
    Node,
    ObjectId,
    ObjectStore,
    Outline,
    Progress,
    StoredFile,
)
from lykeion.content.vocabulary import register_vocabulary
from lykeion.content.work import work_folder
from lykeion.core.keys import CourseLocator, Home, LibraryLocatorV2, parse_home

T = TypeVar("T")
Step = _shapes.Step

__all__ = [
    "TAGS",
    "BadDate",
    "Draft",
    "Portion",
    "Source",
    "Step",
    "blocks",
    "children",
    "collect_garbage",
    "collections",
    "compare",
    "copied",
    "create_library",
    "create_run",
    "decline",
    "diff",
    "diff_blocks",
    "discard",
    "discard_fields",
    "edit",
    "export_course",
    "export_library",
    "export_portion",
    "export_version",
    "file",
    "files",
    "find_many",
    "gone",
    "has_unpublished_changes",
    "head",
    "heads",
    "history",
    "holds_library",
    "import_course",
    "import_library",
    "items",
    "libraries",
    "nodes",
    "open_file",
    "opened_portion",
    "outline",
    "outline_at",
    "parse_date",
    "part",
    "part_outline",
    "parts",
    "publish",
    "publish_fields",
    "refs_of",
    "register_facts",
    "register_vocabulary",
    "rerun",
    "rollback",
    "rollback_from",
    "set_collection",
    "settings_along",
    "stage_course",
    "store",
    "store_file",
    "tags_in",
    "undo",
    "unlink",
    "update",
    "updates",
    "use",
    "way",
    "work_folder",
]


def store() -> ObjectStore:
    """The object store of this site, by ``LYKEION_CONTENT_URL``."""
    return open_store()


def head(run: Home, branch: Branch = "published") -> ObjectId:
    """The root that ``branch`` points to now: one cheap read, never cached. Raises
    :class:`~lykeion.content.types.RunMissing`."""
    return _roots.head_of(store(), run, branch)


def heads(branch: Branch = "published") -> dict[CourseLocator, ObjectId]:
    """Every run and the root that ``branch`` points to. For those who catch up with what they missed."""
    return {run: root for run, root in _heads(branch) if isinstance(run, CourseLocator)}


def libraries(branch: Branch = "published") -> dict[LibraryLocatorV2, ObjectId]:
    """Every library and the root that ``branch`` points to."""
    return {library: root for library, root in _heads(branch) if isinstance(library, LibraryLocatorV2)}


def _heads(branch: Branch) -> Iterator[tuple[Home, ObjectId]]:
    for name, root in store().refs().items():
        home, _, kind = name.rpartition("/")
        if kind == branch:
            yield parse_home(home), root


def nodes(ids: Sequence[ObjectId]) -> dict[ObjectId, Node]:
    """The objects of ``ids``, from a cache of this process and else with one read. They are shared: never change one.

    Raises :class:`~lykeion.content.types.ObjectMissing`.
    """
    return cached_nodes(store(), ids)


def outline(run: CourseLocator, branch: Branch = "published") -> Outline:
    """The outline of what ``branch`` points to now. Raises :class:`~lykeion.content.types.RunMissing`."""
    return outline_at(run, head(run, branch))


def outline_at(run: CourseLocator, root: ObjectId) -> Outline:
    """The outline of ``root``: from this process, the shared cache, the database, or compiled and kept."""
    return _outlines.outline_of(store(), run, root)


def parts(root: ObjectId) -> dict[str, ObjectId]:
    """The parts of a run document by name: ``course``, ``files``, ``about/overview``, ``tabs/SLUG``, ..."""
    return _roots.parts_of(store(), root)


def part(root: ObjectId, name: str) -> Node | None:
    """One part of a run document (``"about/overview"``), or None when there is none of that name."""
    return _roots.part_of(store(), root, name)


def file(root: ObjectId, path: str) -> StoredFile | None:
    """The course file ``path`` (``images/a.png``, as below ``static/``), or None."""
    node = part(root, _roots.FILES)
    entry = None if node is None else node.fields.get(path)
    return None if entry is None else _roots.stored_file(path, entry)


def imported(root: ObjectId, path: str) -> StoredFile | None:
    """The file ``path`` of the folder that a course was imported from, if it is part of no block or page; or None."""
    node = part(root, _roots.EXTRAS)
    entry = None if node is None else node.fields.get(path)
    return None if entry is None else _roots.stored_file(path, entry)


def files(root: ObjectId) -> dict[str, StoredFile]:
    """All course files by path. Grows with the course: not for pages."""
    node = part(root, _roots.FILES)
    entries = {} if node is None else node.fields
    return {path: _roots.stored_file(path, entry) for path, entry in entries.items()}


def _quietly(done: int, total: int, what: str) -> None:
    """No progress to show."""


def import_course(
    path: Path,
    *,
    run: CourseLocator | None = None,
    org: str | None = None,
    course: str | None = None,
    run_name: str | None = None,
    author: str,
    at: datetime,
    progress: Progress = _quietly,
) -> ImportReport:
    """Brings in the course at ``path`` (an OLX folder, .tar.gz or .zip): a new run, or the new content of one.

    It is called ``run`` if that is given, else as the archive says, where ``org``, ``course`` and ``run_name`` do not
    say otherwise. Afterwards ``published`` is the published tree of the archive, ``draft`` the same with its drafts in
    place. All or nothing, whenever it is stopped.

    Raises :class:`~lykeion.content.types.ImportRefused` with the reason and the place, and
    :class:`~lykeion.content.types.RefMoved` when somebody changed the run meanwhile.
    """
    names = _imports.Names(run.org, run.course, run.run) if run else _imports.Names(org, course, run_name)
    return _imports.import_course(store(), path, names, author=author, at=at, progress=progress)


def export_course(
    run: CourseLocator, archive: Path, *, root: ObjectId | None = None, progress: Progress = _quietly
) -> ExportReport:
    """Writes the published version of ``run``, with the units whose drafts differ, as OLX to ``archive`` (.tar.gz);
    with ``root`` that version, all of it as if it were published.

    Raises :class:`~lykeion.content.types.RunMissing`, or :class:`~lykeion.content.types.ContentError` when it cannot
    be written; the archive is there whole or not at all.
    """
    return _exports.export_course(store(), run, archive, progress=progress, root=root)


def export_version(run: CourseLocator, root: ObjectId, folder: Path, *, progress: Progress = _quietly) -> ExportReport:
    """Writes the version ``root`` of ``run`` as OLX to the new folder ``folder``: all of it, as if it were published.

    Raises :class:`~lykeion.content.types.ContentError` when it cannot be written.
    """
    return _exports.export_version(store(), run, root, folder, progress=progress)


def export_portion(
    run: CourseLocator,
    root: ObjectId,
    ref: str,
    archive: Path,
    *,
    files: Collection[str],
    progress: Progress = _quietly,
) -> ExportReport:
    """Writes block ``ref`` of ``root`` with all below it, and ``files`` (paths), as OLX to ``archive`` (.tar.gz): a
    course with nothing else in it.

    Raises :class:`~lykeion.content.types.ContentError` when there is no such block or it cannot be written.
    """
    return _portions.export_portion(store(), run, root, ref, archive, files=files, progress=progress)


def opened_portion(archive: Path, progress: Progress = _quietly) -> AbstractContextManager[Portion]:
    """What ``archive`` holds that can be put into a course: the part that was exported, or the sections of a course.

    Raises :class:`~lykeion.content.types.ImportRefused` when the block is entered.
    """
    return _portions.opened_portion(archive, progress)


def stage_course(path: Path, run: CourseLocator, *, progress: Progress = _quietly) -> ImportReport:
    """Stores the course at ``path`` as versions of ``run`` that no branch points to: to compare, to merge. They are
    kept for a day. Raises :class:`~lykeion.content.types.ImportRefused`."""
    return _imports.stage_course(store(), path, run, progress=progress)


def create_run(run: CourseLocator, *, title: str, author: str, at: datetime) -> ObjectId:
    """A new run with an empty course called ``title``, the same on both branches; its root.

    Raises :class:`~lykeion.content.types.RunExists`.
    """
    return _publishing.create_run(store(), run, title=title, author=author, at=at)


def rerun(source: CourseLocator, run: CourseLocator, *, title: str, author: str, at: datetime) -> ObjectId:
    """A new run ``run`` with all that ``source`` has, published and in its draft, but for its dates; its root.

    At once, whatever the size of the course: both share every object below the course itself. People, roles and what
    learners did do not come along. Raises :class:`~lykeion.content.types.RunMissing`, ``RunExists``.
    """
    return _reruns.rerun(store(), source, run, title=title, author=author, at=at)


def publish(run: Home, *, ref: str | None = None, author: str, at: datetime, why: str = "") -> ObjectId:
    """Makes the draft what learners see; returns the published root.

    ``ref`` None publishes everything as it is. Else only the block ``"type@id"`` with all below it, creating what
    is missing above it, or the part of that name (``"about/overview"``); a block or part that the draft no longer has
    is taken out. The rules are those of ``content/transplant.py``.

    Raises :class:`~lykeion.content.types.RunMissing`, :class:`~lykeion.content.types.RefMoved` when somebody else
    published meanwhile, :class:`~lykeion.content.types.ContentError` when there is no such block.
    """
    return _publishing.publish(store(), run, ref=ref, author=author, at=at, why=why)


def discard(run: Home, *, ref: str | None = None, author: str, at: datetime, why: str = "") -> ObjectId:
    """Makes the draft (or block or part ``ref`` of it) what is published; returns the root of the draft.

    Raises as :func:`publish` does, and :class:`~lykeion.content.types.ContentError` for what was never published.
    """
    return _publishing.discard(store(), run, ref=ref, author=author, at=at, why=why)


def publish_fields(
    run: Home,
    *,
    fields: Mapping[str, Collection[str]],
    parts: Collection[str] = (),
    author: str,
    at: datetime,
    why: str,
) -> ObjectId:
    """Publishes single ``fields`` of blocks (``{"course@course": ["start", "end"]}``) and whole ``parts``
    (``["about/overview"]``) as the draft has them, in one step, and nothing else; returns the published root.

    What the draft has not set (any more) is not set afterwards. Blocks that learners do not have yet are left alone:
    :func:`publish` is for those. All files come along, since settings and pages may show them, and none is lost.
    Raises :class:`~lykeion.content.types.RunMissing`, and :class:`~lykeion.content.types.RefMoved` when too many
    publish at once.
    """
    return _publishing.publish_fields(store(), run, fields=fields, parts=parts, author=author, at=at, why=why)


def discard_fields(
    run: Home,
    *,
    fields: Mapping[str, Collection[str]],
    parts: Collection[str] = (),
    author: str,
    at: datetime,
    why: str,
) -> ObjectId:
    """The other way of :func:`publish_fields`: the draft gets the published values; returns its root. Files stay."""
    return _publishing.discard_fields(store(), run, fields=fields, parts=parts, author=author, at=at, why=why)


def edit(run: Home, change: Callable[[Draft], T], *, author: str, at: datetime, why: str = "Edited") -> Edited[T]:
    """Makes ``change`` to the draft of ``run``, all or nothing; it is called again when somebody else was quicker.

    ``why`` goes into the history: a verb and, after a colon, the ref or part (``"Renamed: vertical@u1"``).
    Raises :class:`~lykeion.content.types.RunMissing`, and what ``change`` raises:
    :class:`~lykeion.content.types.ContentError` for a block that is not there, among others
    :class:`~lykeion.content.types.ChangedMeanwhile` when somebody else changed the same fields since the author looked.
    """
    return _editing.edit(store(), run, change, author=author, at=at, why=why)


def way(root: ObjectId, ref: str) -> list[Step]:
    """The blocks from the course down to ``ref``, first and last included. Costs little, whatever the course's size.

    Raises :class:`~lykeion.content.types.ContentError` when ``root`` has no such block.
    """
    found = _shapes.way(store(), _roots.course_of(store(), root), ref)
    if found is None:
        raise ContentError(f"{ref} is not in the course any more.")
    return found


def find_many(wanted: Iterable[tuple[ObjectId, str]]) -> dict[tuple[ObjectId, str], list[Step]]:
    """For each ``(root, ref)`` the blocks from the course down to it; those that are not there are left out."""
    return _finding.find_many(store(), wanted)


def gone(moves: Iterable[tuple[ObjectId, ObjectId]]) -> dict[tuple[ObjectId, ObjectId], frozenset[str]]:
    """For each ``(old root, new root)`` the refs of the blocks that only the old one has."""
    return _finding.gone(store(), moves)


def refs_of(root: ObjectId) -> set[str]:
    """The refs of all blocks of ``root``. Grows with the course: not for every page."""
    return _finding.refs_of(store(), root)


def settings_along(nodes: Sequence[Node]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """``(what holds, own)``: the settings that hold in the last of ``nodes``, the first of which is the course, and
    those of its own; as in an outline."""
    return _finding.settings_along(nodes)


def children(object_id: ObjectId) -> list[Step]:
    """The blocks right below the block that is stored as ``object_id``, in order."""
    return _shapes.children(store(), object_id)


def blocks(root: ObjectId) -> Iterator[tuple[str, Node]]:
    """Every block of a version by ref, a level at a time. Reads the whole course: not for pages about a part of it."""
    return _blocks_below(store(), _roots.top_name(parts(root), root), _roots.course_of(store(), root))


def part_outline(run: Home, root: ObjectId, ref: str) -> Outline:
    """Block ``ref`` with all below it and what lies above it, as an outline of its own: for one page of a draft.

    That of a library is called ``course-v1:ORG+SLUG+library``: blocks know the keys of runs only.
    Raises :class:`~lykeion.content.types.ContentError` when ``root`` has no such block.
    """
    key = run if isinstance(run, CourseLocator) else CourseLocator(run.org, run.slug, "library")
    return _outlines.part_outline(store(), key, root, [(step.id, step.object_id) for step in way(root, ref)])


def copied(object_id: ObjectId, block_id: str) -> NewBlock:
    """The block that is stored as ``object_id``, with all below it, as a value."""
    return _tree(store(), object_id, block_id)


def store_file(path: str, source: Source, *, locked: bool = False) -> StoredFile:
    """Stores the content of ``source`` and tells what to give to :meth:`Draft.set_file`. Not part of a course yet."""
    [(digest, size)] = _store_files([source])
    return StoredFile(path, digest, size, _content_type_of(path), locked)


def has_unpublished_changes(run: Home, ref: str | None = None) -> bool:
    """Whether the draft of the run, or of block or part ``ref``, differs from what is published: the ids differ."""
    return _publishing.has_unpublished_changes(store(), run, ref)


def history(run: Home, branch: Branch, *, limit: int = 50) -> list[LogEntry]:
    """The newest moves of ``branch``, newest first; empty when there is no such run."""
    return store().log(_roots.ref_name(run, branch), limit=limit)


def diff(old_root: ObjectId, new_root: ObjectId) -> list[Change]:
    """What leads from one root to the other, block by block and part by part."""
    return _changes.diff(store(), old_root, new_root)


def diff_blocks(block_id: str, old: ObjectId | None, new: ObjectId | None) -> list[Change]:
    """What leads from one version of a block, with all below it, to another; None is a version without it."""
    return _changes.diff_blocks(store(), block_id, old, new)


def rollback(run: Home, *, branch: Branch, to: ObjectId, author: str, at: datetime, why: str = "") -> ObjectId:
    """Points ``branch`` at root ``to`` of its history; returns it. The other branch stays.

    Raises :class:`~lykeion.content.types.ContentError` when ``to`` is not in the history,
    :class:`~lykeion.content.types.RefMoved` when somebody moved the branch meanwhile.
    """
    rollback_from(run, {branch: (head(run, branch), to)}, author=author, at=at, why=why)
    return to


def rollback_from(
    run: Home, moves: Mapping[Branch, tuple[ObjectId, ObjectId]], *, author: str, at: datetime, why: str = ""
) -> None:
    """Points branches from the roots where the caller knows them to be to others of their history: all or none.

    Raises as :func:`rollback` does, :class:`~lykeion.content.types.RefMoved` when one is elsewhere by now.
    """
    _publishing.rollback(store(), run, moves, author=author, at=at, why=why)


def undo(run: Home, *, branch: Branch = "draft", author: str, at: datetime) -> ObjectId:
    """Takes the newest move of ``branch`` back; returns the root it points to now. A second undo takes the first back.

    Raises :class:`~lykeion.content.types.ContentError` when there is nothing to undo.
    """
    return _publishing.undo(store(), run, branch=branch, author=author, at=at)


def collect_garbage(*, dry_run: bool, at: datetime, progress: Progress = _quietly) -> GarbageReport:
    """Removes what no ref and no retained log entry reaches, if nobody has counted on it for a day.

    Safe beside imports and publishes. A dry run only counts. Raises :class:`~lykeion.content.types.ObjectMissing`, with
    no object removed, when a version that is to be kept is damaged.
    """
    return _garbage.collect_garbage(store(), dry_run=dry_run, at=at, progress=progress)
