"""What was done to a course, by whom and when; old versions, and getting them back. Nothing an author did is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from lykeion.authoring import copying, differences
from lykeion.authoring.api.courses import require
from lykeion.authoring.api.units import Component, UnitView, unit
from lykeion.authoring.differences import Difference
from lykeion.authoring.host import visit_of
from lykeion.authoring.items import COURSE, item, title_of
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.blocks import api as blocks
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Branch, LogEntry, NewBlock, Node, ObjectId

__all__ = ["Deleted", "Entry", "Version", "between", "deleted", "entries", "restore", "shown", "take_back", "version"]

LOOKED_AT: Final = 2000  # moves of a branch: what is older is not listed
BRANCHES: Final[tuple[Branch, Branch]] = ("draft", "published")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the draft, or one publish (``branch``). ``verb`` is English, as it is stored; ``ref`` and ``title``
    say what of ('' for the course as a whole); ``old`` and ``new`` are the roots before and after, ``shows`` the one to
    look at: that before, if what is asked for is gone afterwards."""

    branch: Branch
    verb: str
    ref: str
    title: str
    who: str
    at: datetime
    old: ObjectId | None
    new: ObjectId
    shows: ObjectId


@dataclass(frozen=True, slots=True)
class Deleted:
    """A block that the draft does not have any more: what it was, where, who took it away, and the version (``root``)
    that still has it."""

    ref: str
    title: str
    where: tuple[str, ...]
    who: str
    at: datetime
    root: ObjectId


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a block: the draft as it was, as an ``author`` of then sees it, and when and by whom it was made."""

    author: Author
    ref: str
    title: str
    made: Entry | None
    current: bool


def entries(author: Author, *, ref: str = "", skip: int = 0, limit: int = 50) -> tuple[list[Entry], bool]:
    """``limit`` changes and publishes, newest first, after the first ``skip``; and whether there are more.

    ``ref``: only those that changed this block or something below it. Costs a few reads, whatever the course's size.
    """
    moves = _touching(_moves(author), ref) if ref else _moves(author)
    page = moves[skip : skip + limit]
    return _told(page, ref), len(moves) > skip + limit


def version(author: Author, root: ObjectId, ref: str = COURSE) -> Version:
    """Block ``ref`` as it was in version ``root``. Raises :class:`AuthoringError` when ``root`` is no version of this
    course, :class:`~lykeion.content.types.ContentError` when it has no such block."""
    made = _known(author, root)
    step = content.way(root, ref)[-1]
    course = content.part(root, "course") or author.course
    now = content.find_many([(author.root, ref)]).get((author.root, ref))
    return Version(
        author=replace(author, root=root, course=course),
        ref=ref,
        title=title_of(content.nodes([step.object_id])[step.object_id], step.id),
        made=_told([made])[0] if made else None,
        current=now is not None and now[-1].object_id == step.object_id,
    )


def shown(of: Version, *, at: datetime) -> UnitView:
    """A unit of an old version, or one block of it, as learners would have seen it."""
    if of.ref.startswith("vertical@"):
        return unit(of.author, of.ref, at=at)
    outline = content.part_outline(of.author.run, of.author.root, of.ref)
    rendered = blocks.render_unit_blocks(visit_of(of.author, outline, at), [of.ref])
    return UnitView((Component(item(of.author, of.ref), rendered[of.ref].html),), blocks.merged(rendered.values()))


def between(author: Author, old: ObjectId, new: ObjectId, ref: str = COURSE) -> Difference:
    """What leads from one version of this course to another, in block ``ref``. Raises as :func:`version` does."""
    for root in {old, new} - {author.root}:
        _known(author, root)
    return differences.between(old, new, ref)


def restore(author: Author, root: ObjectId, ref: str = COURSE, *, at: datetime) -> None:
    """Gives block ``ref`` of the draft, with all below it, the state of version ``root``; the course: everything. This
    is a new change, which can be undone like any other. What is gone comes back where it was, with what it lay in.

    A block is in one place only: what comes along is taken out of where it is now. Whoever may edit may bring back
    what was deleted; to go back to an older version of what is there takes ``publish``. Raises as :func:`version` does.
    """
    there = (author.root, ref) in content.find_many([(author.root, ref)])
    require(author, Capability.PUBLISH if there else Capability.EDIT)
    _known(author, root)
    _restore(author, root, ref, f"Restored: {ref}" if there else f"Brought back: {ref}", at)


def take_back(author: Author, ref: str, old: ObjectId, new: ObjectId, *, why: str = "Undid", at: datetime) -> None:
    """Undoes a change that led from root ``old`` to ``new`` in block ``ref``.

    Raises :class:`AuthoringError` when somebody changed the block since: the history has both versions.
    """
    require(author, Capability.EDIT)
    _known(author, old)
    _restore(author, old, ref, f"{why}: {ref}", at, since=new)


def deleted(author: Author, *, limit: int = 200) -> list[Deleted]:
    """Blocks that were deleted and that no later change brought back, newest first. Blocks that went along with what
    they lay in are not listed: they come back with it."""
    moves = [move for move in _log(author, "draft") if move.old is not None and move.new is not None]
    pairs = [(move.old, move.new) for move in moves if move.old and move.new]
    lost = content.gone(pairs)
    there = content.refs_of(author.root)
    found: list[tuple[LogEntry, str]] = []
    for move, pair in zip(moves, pairs, strict=True):
        refs = sorted(lost[pair] - there)
        there.update(refs)
        found.extend((move, ref) for ref in refs)
    ways = content.find_many((move.old, ref) for move, ref in found if move.old)
    taken = {(move.old, ref) for move, ref in found}
    tops = [
        (move, way)
        for move, ref in found
        if move.old and (way := ways.get((move.old, ref))) and (move.old, way[-2].ref) not in taken
    ][:limit]
    nodes = content.nodes(list(dict.fromkeys(step.object_id for _move, way in tops for step in way)))
    return [_deleted(move, way, nodes) for move, way in tops]


def _deleted(move: LogEntry, way: Sequence[content.Step], nodes: dict[ObjectId, Node]) -> Deleted:
    titles = [title_of(nodes[step.object_id], step.id) for step in way]
    assert move.old is not None  # noqa: S101  what was deleted was there before
    return Deleted(way[-1].ref, titles[-1], tuple(titles[1:-1]), move.author, move.at, move.old)


def _restore(
    author: Author, root: ObjectId, ref: str, why: str, at: datetime, *, since: ObjectId | None = None
) -> None:
    """Gives block ``ref`` the state of version ``root``; with ``since`` only if it is still as it was in that one."""
    if ref == COURSE and any(root in (move.old, move.new) for move in _log(author, "draft")):
        _check_since(author.root, ref, since)
        moves: dict[Branch, tuple[ObjectId, ObjectId]] = {"draft": (author.root, root)}
        content.rollback_from(author.run, moves, author=author.person.username, at=at, why=why)
        return
    found = content.find_many([(root, ref)]).get((root, ref))

    def change(draft: Draft) -> None:
        _check_since(draft.root, ref, since)
        if found is None:
            draft.remove(ref)
        elif ref == COURSE:
            _put_course_back(draft, root)
        else:
            _put_back(draft, found)

    content.edit(author.run, change, author=author.person.username, at=at, why=why)


def _check_since(root: ObjectId, ref: str, since: ObjectId | None) -> None:
    if since is None:
        return
    ends = content.find_many([(since, ref), (root, ref)])
    was, now = ends.get((since, ref)), ends.get((root, ref))
    if (was[-1].object_id if was else None) != (now[-1].object_id if now else None):
        raise AuthoringError(_("Somebody changed this since, so it cannot be undone here. Its history has all of it."))


def _put_back(draft: Draft, way: Sequence[content.Step]) -> None:
    """Puts the block at the end of ``way`` into the draft: in place of what it is now, else where it was."""
    step, ref = way[-1], way[-1].ref
    parent, index = way[-2].ref, step.index
    if draft.has(ref):
        taken = draft.remove(ref)
        parent, index = taken.parent, taken.index
    for coming in copying.stored(step.object_id, step.id).refs():
        if draft.has(coming):
            draft.remove(coming)
    if not draft.has(parent):
        _rebuild(draft, way[:-1])
        parent, index = way[-2].ref, 0
    draft.bring(parent, step.id, step.object_id, index)


def _put_course_back(draft: Draft, root: ObjectId) -> None:
    """Gives the whole draft the state of a root that was published and never was a draft."""
    [step] = content.way(root, COURSE)
    node = content.nodes([step.object_id])[step.object_id]
    draft.update(COURSE, node.fields, unset=set(draft.node(COURSE).fields) - set(node.fields))
    for child in draft.children(COURSE):
        draft.remove(child)
    for child_step in content.children(step.object_id):
        draft.bring(COURSE, child_step.id, child_step.object_id)
    for name in ({*content.parts(root)} | {*content.parts(draft.root)}) - {"course"}:
        draft.set_part(name, content.part(root, name))


def _rebuild(draft: Draft, way: Sequence[content.Step]) -> None:
    """Makes those blocks of ``way`` that are gone anew, with nothing in them."""
    nodes = content.nodes([step.object_id for step in way])
    for above, step in pairwise(way):
        if not draft.has(step.ref):
            node = nodes[step.object_id]
            draft.add(above.ref, NewBlock(node.type, step.id, dict(node.fields)), step.index)


def _known(author: Author, root: ObjectId) -> LogEntry | None:
    """The move that made version ``root``. Raises :class:`AuthoringError` when this course never was like that."""
    moves = [move for branch in BRANCHES for move in _log(author, branch)]
    made = next((move for move in moves if move.new == root), None)
    if made is not None or root == author.root or any(move.old == root for move in moves):
        return made
    raise AuthoringError(_("This course has no such version, or none that is kept any more."))


def _log(author: Author, branch: Branch) -> list[LogEntry]:
    return content.history(author.run, branch, limit=LOOKED_AT)


def _moves(author: Author) -> list[LogEntry]:
    """Moves of both branches, newest first. What moved both at once (an import) is told once."""
    both = [move for branch in BRANCHES for move in _log(author, branch) if move.new is not None]
    seen: set[tuple[object, ...]] = set()
    found: list[LogEntry] = []
    for move in both:
        key = (move.at, move.why, move.author)
        if key not in seen:
            found.append(move)
        seen.add(key)
    return sorted(found, key=lambda move: move.at, reverse=True)


def _touching(moves: Sequence[LogEntry], ref: str) -> list[LogEntry]:
    """Those of ``moves`` that changed block ``ref``: it has another version after it, or another place."""
    roots = {root for move in moves for root in (move.old, move.new) if root is not None}
    ways = content.find_many((root, ref) for root in roots)
    places = {root: _place(way) for (root, _ref), way in ways.items()}

    def place(root: ObjectId | None) -> tuple[str, ...]:
        return places.get(root, ()) if root else ()

    return [move for move in moves if place(move.old) != place(move.new)]


def _place(way: Sequence[content.Step]) -> tuple[str, ...]:
    return (way[-1].object_id, *(step.ref for step in way[:-1]))


def _told(moves: Iterable[LogEntry], about: str = "") -> list[Entry]:
    parted = [(move, *_parted(move.why)) for move in moves]
    wanted = [(root, ref) for move, _verb, ref in parted if "@" in ref for root in (move.new, move.old) if root]
    ways = content.find_many(wanted)
    nodes = content.nodes(list(dict.fromkeys(way[-1].object_id for way in ways.values())))

    found: list[Entry] = []
    for move, verb, ref in parted:
        way = next((ways[root, ref] for root in (move.new, move.old) if root and (root, ref) in ways), None)
        title = title_of(nodes[way[-1].object_id], way[-1].id) if way else ref.partition("@")[2] or ref
        branch: Branch = "published" if move.ref.endswith("/published") else "draft"
        assert move.new is not None  # noqa: S101  branches are never deleted
        shows = move.new if not about or (move.new, about) in ways else move.old or move.new
        found.append(Entry(branch, verb, ref, title, move.author, move.at, move.old, move.new, shows))
    return found


def _parted(why: str) -> tuple[str, str]:
    """``("Renamed", "vertical@u1")`` of ``"Renamed: vertical@u1"``."""
    verb, colon, what = why.partition(": ")
    return (verb, what.strip()) if colon else (why, "")
