"""Values that cross the door of ``content``: objects of a course's version tree, refs, outlines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, Literal, NewType, Protocol, TypeVar

from lykeion.content.itemtypes import Collection as Collection
from lykeion.content.itemtypes import Comparison as Comparison
from lykeion.content.itemtypes import FieldComparison as FieldComparison
from lykeion.content.itemtypes import LibraryItem as LibraryItem
from lykeion.content.itemtypes import Update as Update
from lykeion.core.errors import LykeionError
from lykeion.core.keys import CourseLocator, LibraryLocatorV2

Progress = Callable[[int, int, str], None]
"""``progress(done, total, what)``: how far a long operation is; ``what`` names its present stage."""
LINKS: Final = frozenset(
    """upstream upstream_version upstream_version_declined downstream_customized upstream_version_available
    upstream_display_name top_level_downstream_parent_key""".split()  # noqa: SIM905  one word a name
)
"""Fields of a copy about the item of a library that it follows. Only what makes and updates copies, an import or a
paste sets them; no editor does."""

T = TypeVar("T")
Json = Any  # None, bool, int, float, str, list and dict of such
ObjectId = NewType("ObjectId", str)
Branch = Literal["draft", "published"]


class ContentError(LykeionError):
    """Something about stored course content that a person can mend."""


class RunMissing(ContentError):
    """There is no such course run, or it has nothing on the branch that was asked for."""


class ChangedMeanwhile(ContentError):
    """Somebody gave ``fields`` of block (or part) ``ref`` other values since the author looked; nothing was written.
    ``present`` is the version of the block that there is now."""

    def __init__(self, message: str, ref: str, fields: tuple[str, ...], present: ObjectId | None) -> None:
        super().__init__(message)
        self.ref, self.fields, self.present = ref, fields, present


class ObjectMissing(ContentError):
    """The object store does not hold an object that a tree names: the store is damaged or was restored in part."""


class RefMoved(ContentError):
    """Somebody else moved the ref first; read it again, then decide. ``actual`` is where it points now."""

    def __init__(self, message: str, actual: ObjectId | None) -> None:
        super().__init__(message)
        self.actual = actual


@dataclass(frozen=True, slots=True)
class Node:
    """One immutable object: a block (or a part of the run document) with the ids of what lies below it.

    ``children`` are pairs (block id, object id). The id of a node is the hash of its canonical form, so it covers
    everything below it.
    """

    type: str
    fields: Mapping[str, Json]
    children: tuple[tuple[str, ObjectId], ...] = ()


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block to be put into a draft, with all below it."""

    type: str
    id: str
    fields: Mapping[str, Json] = field(default_factory=dict)
    children: tuple[NewBlock, ...] = ()

    def refs(self) -> Iterator[str]:
        """The refs of the block and of all below it."""
        yield f"{self.type}@{self.id}"
        for child in self.children:
            yield from child.refs()


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out of a draft and where it was: enough to bring it back."""

    parent: str
    index: int
    id: str
    object_id: ObjectId


@dataclass(frozen=True, slots=True)
class Edited(Generic[T]):
    """A change that was made: the root of the draft before and after (the same if it changed nothing), and what the
    change returned."""

    old: ObjectId
    new: ObjectId
    value: T


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One move of a ref: who, when, why, from where to where."""

    ref: str
    old: ObjectId | None
    new: ObjectId | None
    author: str
    at: datetime
    why: str


class ObjectStore(Protocol):
    """The whole seam between Lykeion and what keeps its course content. All methods are safe to repeat."""

    def get_many(self, ids: Sequence[ObjectId]) -> dict[ObjectId, Node]:
        """The nodes of ``ids``. Raises :class:`ObjectMissing` naming one that is not there."""

    def read_many(self, ids: Sequence[ObjectId]) -> dict[ObjectId, bytes]:
        """The canonical bytes of ``ids``, for caches that weigh. Raises :class:`ObjectMissing`."""

    def put_many(self, nodes: Sequence[Node]) -> list[ObjectId]:
        """Stores ``nodes`` and returns their ids in the same order. Those already known are only touched."""

    def touch_many(self, ids: Sequence[ObjectId]) -> None:
        """Keeps ``ids`` from being collected for another grace period. Raises :class:`ObjectMissing`."""

    def read_ref(self, name: str) -> ObjectId | None:
        """Where ref ``name`` points, or None if there is no such ref."""

    def compare_and_set_refs(self, entries: Sequence[LogEntry]) -> None:
        """Moves the ref of each entry from ``entry.old`` to ``entry.new`` (None = no such ref) and logs it: all of them
        or none, in one step. The refs must belong to one run (share the name up to the last ``/``).

        Raises :class:`RefMoved` (and changes nothing) when one does not point to its ``old`` any more.
        """

    def compare_and_set_ref(self, name: str, entry: LogEntry) -> None:
        """:meth:`compare_and_set_refs` of one entry, whose ``ref`` is ``name``."""

    def log(self, name: str, *, limit: int = 50) -> list[LogEntry]:
        """The newest moves of ``name``, newest first."""

    def trim_log(self, name: str, *, before: datetime, keep: int) -> int:
        """Forgets moves of ``name`` made before ``before``, but never the newest ``keep``; returns how many."""

    def refs(self) -> dict[str, ObjectId]:
        """Every ref and where it points (for garbage collection)."""

    def ids(self, *, touched_before: datetime) -> Iterator[ObjectId]:
        """Every object that no writer has counted on since ``touched_before`` (for garbage collection)."""

    def delete_many(self, ids: Sequence[ObjectId], *, touched_before: datetime) -> int:
        """Removes those of ``ids`` still not touched since ``touched_before``; returns how many."""


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """What a block's class says of one object, whoever the learner. ``max_score`` is in raw points.

    ``custom_completion``: the block publishes its completion itself, so that seeing it does not complete it.
    """

    has_score: bool = False
    max_score: float | None = None
    completion: Literal["completable", "aggregator", "excluded"] = "completable"
    icon: Literal["problem", "video", "other"] = "other"
    custom_completion: bool = False


@dataclass(frozen=True, slots=True)
class OutlineBlock:
    """One block of a compiled outline.

    ``index`` is its place in document order; its subtree is ``outline.blocks[index:end]``. ``settings`` are the
    inheritable settings that hold here (own, else of the nearest ancestor that set them; absent = nobody set it),
    with dates as aware datetimes and ``group_access`` merged along the way (an empty intersection is ``False``).
    ``own`` are further own fields that pages and rules need without loading the object: display_name, format, weight,
    hide_after_due, default_time_limit_minutes, ... (see ``content/outline.py``).
    """

    index: int
    end: int
    parent: int
    depth: int
    type: str
    id: str
    object_id: ObjectId
    title: str
    children: tuple[int, ...]
    settings: Mapping[str, Json]
    own: Mapping[str, Json]
    facts: BlockFacts

    @property
    def ref(self) -> str:
        """``"type@id"``: what learner state, completion and scores are filed under."""
        return f"{self.type}@{self.id}"


@dataclass(frozen=True, slots=True)
class Outline:
    """The compiled shape of one root: immutable, cached by root id, without the texts of blocks."""

    run: CourseLocator
    root: ObjectId
    blocks: tuple[OutlineBlock, ...]
    index: Mapping[str, int] = field(repr=False)
    by_id: Mapping[str, int] = field(repr=False)
    handed: Mapping[ObjectId, Mapping[str, Json]] = field(default_factory=dict, repr=False)
    """What each object that sets inheritable settings sets itself: what the next outline is made with."""

    def get(self, ref: str) -> OutlineBlock | None:
        """The block of ``ref`` (``"type@id"``), or None."""
        place = self.index.get(ref)
        return None if place is None else self.blocks[place]

    @property
    def course(self) -> OutlineBlock:
        """The course block itself."""
        return self.blocks[0]

    def children(self, block: OutlineBlock) -> list[OutlineBlock]:
        """The blocks right below ``block``, in order."""
        return [self.blocks[place] for place in block.children]

    def subtree(self, block: OutlineBlock) -> tuple[OutlineBlock, ...]:
        """``block`` and all below it, in document order."""
        return self.blocks[block.index : block.end]

    def ancestors(self, block: OutlineBlock) -> list[OutlineBlock]:
        """From the course down to the parent of ``block``."""
        way: list[OutlineBlock] = []
        while block.parent >= 0:
            block = self.blocks[block.parent]
            way.append(block)
        return way[::-1]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A course file: ``path`` in the course (``images/a.png``), content by ``hash`` in the file storage.

    ``width`` and ``height`` are those of an image, in pixels; 0 where they are not known."""

    path: str
    hash: str
    size: int
    content_type: str
    locked: bool = False
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class ImportWarning:
    """Something in an import that was kept but deserves a look."""

    message: str
    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: the run, its new roots, counts by block type, and what to look at.

    ``replaced`` is the published root before, None for a new run; two imports of one course are equal without it.
    """

    run: CourseLocator
    published: ObjectId
    draft: ObjectId
    counts: Mapping[str, int]
    files: int
    warnings: tuple[ImportWarning, ...]
    replaced: ObjectId | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote: counts by block type (published and drafts), files, and what OLX cannot say."""

    run: CourseLocator
    counts: Mapping[str, int]
    files: int
    warnings: tuple[ImportWarning, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two roots.

    ``ref`` is that of a block, or the name of a part (``about/overview``), or ``files/PATH``. ``where`` are the titles
    of what it lies in, from the course down. ``names`` says what changed: fields, ``children`` for their order,
    ``type`` of a part.
    """

    kind: Literal["added", "removed", "moved", "changed"]
    ref: str
    title: str
    where: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GarbageReport:
    """What garbage collection removed, or would remove in a dry run."""

    kept: int
    objects: int
    files: int
    log_entries: int
    outlines: int
    dry_run: bool


@dataclass(frozen=True, slots=True)
class LibraryReport:
    """What an import or an export of a library did. ``published`` and ``draft`` are its roots, ``counts`` its blocks by
    type. ``replaced`` is the published root before an import, None for a new library."""

    library: LibraryLocatorV2
    published: ObjectId
    draft: ObjectId
    counts: Mapping[str, int]
    files: int
    warnings: tuple[ImportWarning, ...]
    replaced: ObjectId | None = None


class ImportRefused(ContentError):
    """A course that cannot be taken; nothing of the run has changed."""


class RunExists(ContentError):
    """There is such a course run already."""
