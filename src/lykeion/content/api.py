"""The door of course content: reading versions, importing and exporting, publishing, history.

Reading is cheap: :func:`head` is one indexed read, everything below a root is immutable and cached. Whoever handles
one request asks for the head once and works below that root, so that a publish in the middle changes nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lykeion.content import changes as _changes
from lykeion.content import exports as _exports
from lykeion.content import garbage as _garbage
from lykeion.content import imports as _imports
from lykeion.content import outlines as _outlines
from lykeion.content import publishing as _publishing
from lykeion.content import roots as _roots
from lykeion.content.cache import cached_nodes
from lykeion.content.files import open_file
from lykeion.content.outlines import register_facts
from lykeion.content.stores import open_store
from lykeion.content.types import (
    Branch,
    Change,
    ExportReport,
    GarbageReport,
    ImportReport,
    LogEntry,
    Node,
    ObjectId,
    ObjectStore,
    Outline,
    Progress,
    StoredFile,
)
from lykeion.content.vocabulary import register_vocabulary
from lykeion.core.keys import CourseLocator, parse_run

__all__ = [
    "collect_garbage",
    "create_run",
    "diff",
    "discard",
    "export_course",
    "file",
    "files",
    "has_unpublished_changes",
    "head",
    "heads",
    "history",
    "import_course",
    "nodes",
    "open_file",
    "outline",
    "outline_at",
    "part",
    "parts",
    "publish",
    "register_facts",
    "register_vocabulary",
    "rollback",
    "store",
    "undo",
]


def store() -> ObjectStore:
    """The object store of this site, by ``LYKEION_CONTENT_URL``."""
    return open_store()


def head(run: CourseLocator, branch: Branch = "published") -> ObjectId:
    """The root that ``branch`` points to now: one cheap read, never cached. Raises
    :class:`~lykeion.content.types.RunMissing`."""
    return _roots.head_of(store(), run, branch)


def heads(branch: Branch = "published") -> dict[CourseLocator, ObjectId]:
    """Every run and the root that ``branch`` points to. For those who catch up with what they missed."""
    found = ((*name.rpartition("/"), root) for name, root in store().refs().items())
    return {parse_run(run): root for run, _, kind, root in found if kind == branch}


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


def export_course(run: CourseLocator, archive: Path, *, progress: Progress = _quietly) -> ExportReport:
    """Writes the published version of ``run``, with the units whose drafts differ, as OLX to ``archive`` (.tar.gz).

    Raises :class:`~lykeion.content.types.RunMissing`, or :class:`~lykeion.content.types.ContentError` when it cannot
    be written; the archive is there whole or not at all.
    """
    return _exports.export_course(store(), run, archive, progress=progress)


def create_run(run: CourseLocator, *, title: str, author: str, at: datetime) -> ObjectId:
    """A new run with an empty course called ``title``, the same on both branches; its root.

    Raises :class:`~lykeion.content.types.RunExists`.
    """
    return _publishing.create_run(store(), run, title=title, author=author, at=at)


def publish(run: CourseLocator, *, ref: str | None = None, author: str, at: datetime, why: str = "") -> ObjectId:
    """Makes the draft what learners see; returns the published root.

    ``ref`` None publishes everything as it is. Else only the block ``"type@id"`` with all below it, creating what
    is missing above it, or the part of that name (``"about/overview"``); a block or part that the draft no longer has
    is taken out. The rules are those of ``content/transplant.py``.

    Raises :class:`~lykeion.content.types.RunMissing`, :class:`~lykeion.content.types.RefMoved` when somebody else
    published meanwhile, :class:`~lykeion.content.types.ContentError` when there is no such block.
    """
    return _publishing.publish(store(), run, ref=ref, author=author, at=at, why=why)


def discard(run: CourseLocator, *, ref: str | None = None, author: str, at: datetime, why: str = "") -> ObjectId:
    """Makes the draft (or block or part ``ref`` of it) what is published; returns the root of the draft.

    Raises as :func:`publish` does, and :class:`~lykeion.content.types.ContentError` for what was never published.
    """
    return _publishing.discard(store(), run, ref=ref, author=author, at=at, why=why)


def has_unpublished_changes(run: CourseLocator, ref: str | None = None) -> bool:
    """Whether the draft of the run, or of block or part ``ref``, differs from what is published: the ids differ."""
    return _publishing.has_unpublished_changes(store(), run, ref)


def history(run: CourseLocator, branch: Branch, *, limit: int = 50) -> list[LogEntry]:
    """The newest moves of ``branch``, newest first; empty when there is no such run."""
    return store().log(_roots.ref_name(run, branch), limit=limit)


def diff(old_root: ObjectId, new_root: ObjectId) -> list[Change]:
    """What leads from one root to the other, block by block and part by part."""
    return _changes.diff(store(), old_root, new_root)


def rollback(run: CourseLocator, *, branch: Branch, to: ObjectId, author: str, at: datetime, why: str = "") -> ObjectId:
    """Points ``branch`` at root ``to`` of its history; returns it. The other branch stays.

    Raises :class:`~lykeion.content.types.ContentError` when ``to`` is not in the history,
    :class:`~lykeion.content.types.RefMoved` when somebody moved the branch meanwhile.
    """
    return _publishing.rollback(store(), run, branch=branch, to=to, author=author, at=at, why=why)


def undo(run: CourseLocator, *, branch: Branch = "draft", author: str, at: datetime) -> ObjectId:
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
