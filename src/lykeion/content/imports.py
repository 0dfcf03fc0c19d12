"""OLX in: a course becomes objects, and at the very end two refs move, in one step.

All or nothing. Objects and files are written first; nobody sees them, since nothing points to them, and what a killed
import leaves behind is collected as garbage. The outlines are compiled before the refs move, so a version that became
visible is one that pages can be made of. The refs move together, from where they pointed when the import began: whoever
changed the run meanwhile is not overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lykeion.content import tags
from lykeion.content.announce import announce
from lykeion.content.files import store_files
from lykeion.content.filetypes import FileEntries, assets_of
from lykeion.content.objects import canonical
from lykeion.content.outlines import keep_near
from lykeion.content.problems import problems
from lykeion.content.roots import BRANCHES, COURSE, EXTRAS, FILES, moved, ordered, ref_name
from lykeion.content.stores.batches import BATCH
from lykeion.content.types import (
    Branch,
    ContentError,
    ImportRefused,
    ImportReport,
    ImportWarning,
    LogEntry,
    Node,
    ObjectId,
    ObjectStore,
    Progress,
    RefMoved,
)
from lykeion.content.vocabulary import vocabulary
from lykeion.content.work import work_folder
from lykeion.core.keys import CourseLocator, run_of
from lykeion.olx import api as olx
from lykeion.olx.types import Block, Course, CourseFile, OlxError

PAGES: Final = {"about": "about", "course_info": "info", "static_tab": "tabs"}
"""Type of a page to the first half of its part's name."""
POLICY: Final = "policy"
_LONGEST_REF: Final = 255

Roots = dict[Branch, ObjectId]


@dataclass(frozen=True, slots=True)
class Names:
    """What the run shall be called, where it is not as the archive says."""

    org: str | None = None
    course: str | None = None
    run: str | None = None


@dataclass(frozen=True, slots=True)
class _Stored:
    run: CourseLocator
    old: dict[Branch, ObjectId | None]
    roots: Roots
    counts: dict[str, int]
    files: int
    warnings: tuple[ImportWarning, ...]


def import_course(
    store: ObjectStore, path: Path, names: Names, *, author: str, at: datetime, progress: Progress
) -> ImportReport:
    """Brings in the course at ``path`` (a folder or an archive) as a new run, or as the new content of a run.

    Raises :class:`ImportRefused` (with file and line) for what is no course or is hostile, and :class:`RefMoved` when
    somebody changed the run meanwhile. Nothing of the run has changed then.
    """
    stored = _stored(store, path, names, progress)
    for done, branch in enumerate(BRANCHES):
        progress(done, len(BRANCHES), "compiling")
        keep_near(store, stored.run, stored.roots[branch])
    progress(len(BRANCHES), len(BRANCHES), "compiling")
    _move(store, stored, author, at)
    announce(stored.run, stored.old["published"], stored.roots["published"], author, at)
    report = stored.roots["published"], stored.roots["draft"], stored.counts, stored.files, stored.warnings
    return ImportReport(stored.run, *report, replaced=stored.old["published"])


def stage_course(store: ObjectStore, path: Path, run: CourseLocator, *, progress: Progress) -> ImportReport:
    """Stores the course at ``path`` as versions of ``run`` that no branch points to: to look at, to compare, to merge.

    Raises :class:`ImportRefused`. What is not used within a day is collected as garbage.
    """
    stored = _stored(store, path, Names(run.org, run.course, run.run), progress)
    report = stored.roots["published"], stored.roots["draft"], stored.counts, stored.files, stored.warnings
    return ImportReport(run, *report, replaced=stored.old["published"])


@contextmanager
def unpacked_course(path: Path, progress: Progress) -> Iterator[Course]:
    """The course in an archive or folder as it is told there; its files can be read in the block. Raises
    :class:`ImportRefused`."""
    with unpacked(path) as folder:
        yield _read(folder, progress)


def _stored(store: ObjectStore, path: Path, names: Names, progress: Progress) -> _Stored:
    with unpacked(path) as folder:
        course = _read(folder, progress)
        run = run_of(names.org or course.org, names.course or course.course, names.run or course.run)
        old = {branch: store.read_ref(ref_name(run, branch)) for branch in BRANCHES}
        roots, counts = Writer(store, progress).write(course)
        found = [ImportWarning(one.message, one.file, one.line or None) for one in course.warnings]
        found.extend(problems(course, folder))
        found.extend(not_installed(counts))
        if tags.read(course) is None:
            words = "the tags cannot be read (CSV in UTF-8, with a column ID, is asked for); the file is kept as it is"
            found.append(ImportWarning(words, tags.FILE))
        return _Stored(run, old, roots, counts, len(course.files), tuple(found))


def not_installed(counts: dict[str, int]) -> Iterator[ImportWarning]:
    for block_type, count in sorted(counts.items()):
        if not vocabulary().is_known(block_type):
            words = f"no package here brings blocks of type {block_type!r} ({count} in the course), which are kept"
            yield ImportWarning(f"{words}: install one and restart; no new import is needed", "course.xml")


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The course as a folder; archives are unpacked into one that is gone afterwards."""
    if path.is_dir():
        yield path
        return
    if not path.is_file():
        raise ImportRefused(f"There is no file or folder {path}.")
    with work_folder("import") as work:
        try:
            folder = olx.unpack(path, work / "course")
        except OlxError as error:
            reason = error.message if error.file == path.name else error
            raise ImportRefused(f"{path.name} was refused: {reason}.") from error
        yield folder


def _read(folder: Path, progress: Progress) -> Course:
    try:
        course = olx.read_course(folder, vocabulary=vocabulary(), progress=progress)
    except OlxError as error:
        raise ImportRefused(f"The course cannot be imported: {error}.") from error
    except OSError as error:
        raise ImportRefused(f"{error.filename or folder} cannot be read: {error.strerror}.") from error
    if course.root.type != "course":
        raise ImportRefused("This is a library, not a course; import it as a library.")
    return olx.with_portable_links(course)


def _move(store: ObjectStore, stored: _Stored, author: str, at: datetime) -> None:
    pairs = {branch: (stored.old[branch], stored.roots[branch]) for branch in BRANCHES}
    if all(old == new for old, new in pairs.values()):
        return
    entries = moved(stored.run, pairs, LogEntry("", None, None, author, at, "Imported"))
    try:
        store.compare_and_set_refs(entries)
    except RefMoved as error:
        message = f"{stored.run} was changed while the import ran, so nothing was imported; import it again."
        raise RefMoved(message, error.actual) from error


class Writer:
    """Stores one course. ``ids`` remembers blocks by identity: drafts share all that they do not change."""

    def __init__(self, store: ObjectStore, progress: Progress) -> None:
        self._store, self._progress = store, progress
        self.ids: dict[int, ObjectId] = {}
        self._tags: dict[str, tags.Tags] = {}

    def write(self, course: Course) -> tuple[Roots, dict[str, int]]:
        """The roots of both branches, and how many blocks of each type there are."""
        draft = olx.draft_root(course)
        self._tags = tags.read(course) or {}
        published = list(course.root.walk())
        known = set(map(id, published))
        edited = [block for block in draft.walk() if id(block) not in known]  # above what they share with the others
        blocks = [*edited, *published]
        shared = self._parts(course)
        self.blocks(blocks)
        roots = (ordered(shared | {COURSE: self.ids[id(root)]}) for root in (course.root, draft))
        published_id, draft_id = self._store.put_many([Node("run", {}, parts) for parts in roots])
        return {"published": published_id, "draft": draft_id}, counted(blocks)

    def _parts(self, course: Course) -> dict[str, ObjectId]:
        nodes = {f"{PAGES[page.type]}/{page.id}": Node(page.type, page.fields) for page in course.pages}
        entries = assets_of(course)
        for name, top, files in ((FILES, "static/", course.files), (EXTRAS, "", _extras(course))):
            if files:
                nodes[name] = Node(name, self.files(files, top, entries))
        if course.policy:
            nodes[POLICY] = Node(POLICY, course.policy)
        return dict(zip(nodes, self.put(list(nodes.items())), strict=True))

    def files(self, files: Sequence[CourseFile], top: str, entries: FileEntries) -> dict[str, object]:
        fields: dict[str, object] = {}
        for start in range(0, len(files), BATCH):
            self._progress(start, len(files), "storing files")
            some = files[start : start + BATCH]
            for file, (digest, size) in zip(some, store_files(some), strict=True):
                path = file.path.removeprefix(top)
                fields[path] = entries.entry(path, digest, size)
        self._progress(len(files), len(files), "storing files")
        return fields

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Stores leaves first, then what holds them, and so on, a few hundred objects at a time."""
        done = 0
        for level in _levels(blocks):
            for start in range(0, len(level), BATCH):
                self._progress(done, len(blocks), "storing blocks")
                some = level[start : start + BATCH]
                ids = self.put([(f"{block.type}@{block.id}", self._node(block)) for block in some])
                self.ids.update((id(block), object_id) for block, object_id in zip(some, ids, strict=True))
                done += len(some)
        self._progress(done, len(blocks), "storing blocks")

    def _node(self, block: Block) -> Node:
        if len(block.type) + len(block.id) >= _LONGEST_REF:
            raise ImportRefused(f"The name of the block {block.type}@{block.id} is longer than {_LONGEST_REF} letters.")
        children = tuple((child.id, self.ids[id(child)]) for child in block.children)
        return Node(block.type, tags.tagged(block, self._tags), children)

    def put(self, named: Sequence[tuple[str, Node]]) -> list[ObjectId]:
        try:
            return self._store.put_many([node for _, node in named])
        except ContentError as error:
            raise ImportRefused(f"{_culprit(named)}: {error}") from error


def _extras(course: Course) -> list[CourseFile]:
    """What of an archive is part of no block or page. Tags become fields of the blocks, if they can be read."""
    if tags.read(course) is None:
        return list(course.extras)
    return [file for file in course.extras if file.path != tags.FILE]


def _culprit(named: Sequence[tuple[str, Node]]) -> str:
    for name, node in named:
        try:
            canonical(node)
        except ContentError:
            return name
    return max(named, key=lambda pair: len(canonical(pair[1])))[0]


def _levels(blocks: Sequence[Block]) -> list[list[Block]]:
    """``blocks`` (parents before children, each tree whole) by height: first those without children."""
    heights: dict[int, int] = {}
    levels: list[list[Block]] = []
    for block in reversed(blocks):
        height = 1 + max((heights[id(child)] for child in block.children), default=-1)
        heights[id(block)] = height
        while len(levels) <= height:
            levels.append([])
        levels[height].append(block)
    return levels


def counted(blocks: Sequence[Block]) -> dict[str, int]:
    """Blocks by type, most first; one that has a draft counts once."""
    tally: dict[str, int] = {}
    for block_type, _ in {(block.type, block.id): None for block in blocks}:
        tally[block_type] = tally.get(block_type, 0) + 1
    return dict(sorted(tally.items(), key=lambda pair: (-pair[1], pair[0])))
