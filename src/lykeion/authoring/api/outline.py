"""The tree of a course as its authors see it: what is where, how far it is published, and changes of its shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from django.utils.translation import gettext as _

from lykeion.authoring import copying, nesting, titles
from lykeion.authoring import items as _items
from lykeion.authoring.api.courses import require
from lykeion.authoring.items import COURSE, LEVELS, Item, below, item, items
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.authoring.working import require_edit, set_fields
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Edited, NewBlock, ObjectId, Removed
from lykeion.core.keys import split_ref

__all__ = [
    "COURSE",
    "LEVELS",
    "Item",
    "add",
    "add_deep",
    "below",
    "duplicate",
    "find",
    "fits",
    "item",
    "items",
    "move",
    "places",
    "remove",
    "rename",
    "restore",
    "step",
    "tree",
    "way",
]

T = TypeVar("T")
LONGEST_TITLE = 1000


def way(author: Author, ref: str) -> list[Item]:
    """The blocks from the section down to ``ref``. Raises :class:`~lykeion.content.types.ContentError`."""
    steps = content.way(author.root, ref)
    return _items.built(author, [steps[: place + 1] for place in range(1, len(steps))])


def tree(author: Author, ref: str, opened: frozenset[str] | None, *, most: int) -> dict[str, list[Item]]:
    """The children of ``ref``, and of what is ``opened`` (None: everything) below it, by parent; once that would be
    more than ``most`` blocks no further list is opened. Units are not opened. A few reads a level."""
    level = [content.way(author.root, ref)]
    found: dict[str, list[Item]] = {}
    count = 0
    while level:
        ways = [[*above, step] for above in level for step in content.children(above[-1].object_id)]
        found |= {above[-1].ref: [] for above in level}
        level = []
        for here, one in zip(ways, _items.built(author, ways), strict=True):
            found[here[-2].ref].append(one)
            if one.below and (opened is None or one.ref in opened) and count + one.children <= most:
                count += one.children
                level.append(here)
    return found


def find(author: Author, text: str, *, limit: int = 50) -> list[Sequence[Item]]:
    """The ways to blocks whose title has all words of ``text``, in the order of the course, ``limit`` at most."""
    ways = titles.find(author.root, text, limit=limit)
    flat = _items.built(author, [way[: place + 1] for way in ways for place in range(1, len(way))])
    found = {one.ref: one for one in flat}
    return [[found[step.ref] for step in way[1:]] for way in ways]


def add(author: Author, parent: str, kind: str, title: str, *, index: int | None = None, at: datetime) -> str:
    """A new section, subsection or unit in ``parent``; its ref."""
    if below(split_ref(parent)[0]) != kind or not kind:
        raise AuthoringError(_("A {kind} cannot be put there.").format(kind=kind))
    block = NewBlock(kind, uuid4().hex, {"display_name": _titled(title)})
    return _add(author, parent, block, index, at)


def add_deep(author: Author, parent: str, titles: Sequence[str], *, at: datetime) -> str:
    """New blocks inside each other below ``parent``, from the first title down; the ref of the innermost.

    ``["Week 2", "Reading", "Rivers"]`` below the course makes a section with a subsection with a unit.
    """
    kinds = LEVELS[LEVELS.index(split_ref(parent)[0]) + 1 :] if split_ref(parent)[0] in LEVELS else ()
    if not titles or len(titles) > len(kinds):
        raise AuthoringError(_("That cannot be put there."))
    block: NewBlock | None = None
    for kind, title in reversed(list(zip(kinds, titles, strict=False))):
        block = NewBlock(kind, uuid4().hex, {"display_name": _titled(title)}, (block,) if block else ())
    assert block is not None  # noqa: S101  there is a title
    _add(author, parent, block, None, at)
    return list(block.refs())[-1]


def rename(author: Author, ref: str, title: str, *, base: ObjectId | None, at: datetime) -> None:
    """Gives a block another name. Raises :class:`~lykeion.content.types.ChangedMeanwhile`, :class:`NotAllowed`."""
    require_edit(author, ref)
    values = {"display_name": _titled(title)}
    _edit(author, lambda draft: draft.update(ref, values, base=base), f"Renamed: {ref}", at)


def remove(author: Author, ref: str, *, at: datetime) -> Removed:
    """Takes a block out, with all below it; what :func:`restore` needs to bring it back."""
    return _edit(author, lambda draft: draft.remove(ref), f"Removed: {ref}", at).value


def restore(author: Author, removed: Removed, *, at: datetime) -> str:
    """Brings back what was taken out, where it was; its ref."""
    kind = content.nodes([removed.object_id])[removed.object_id].type
    why = f"Brought back: {kind}@{removed.id}"
    return _edit(
        author,
        lambda draft: draft.bring(removed.parent, removed.id, removed.object_id, removed.index),
        why,
        at,
    ).value


def move(author: Author, ref: str, parent: str, *, index: int | None = None, at: datetime) -> tuple[str, int]:
    """Puts a block, with all below it, elsewhere; where it was (its parent and its place there), so that one can move
    it back. ``index`` counts its new siblings without it; None is the end."""
    if not fits(split_ref(ref)[0], split_ref(parent)[0]):
        raise AuthoringError(_("That cannot be put there."))
    if [step.ref for step in content.way(author.root, ref)[-2:-1]] != [parent]:
        nesting.require_fitting(author, parent, split_ref(ref)[0], at)

    def change(draft: Draft) -> tuple[str, int]:
        was = draft.parent(ref)
        place = draft.children(was).index(ref)
        draft.move(ref, parent, index)
        return was, place

    return _edit(author, change, f"Moved: {ref}", at).value


def step(author: Author, ref: str, by: int, *, at: datetime) -> tuple[str, int]:
    """Moves a block up (-1) or down (1). At the end of its parent it goes on into the next one of the same type."""
    here = content.way(author.root, ref)
    if len(here) < 2:
        raise AuthoringError(_("The course itself cannot be moved."))
    parent, place = here[-2], here[-1].index + by
    if 0 <= place < len(content.children(parent.object_id)):
        return move(author, ref, parent.ref, index=place, at=at)
    beside = _beside(here[:-1], by)
    if beside is None:
        first = _("“{title}” is the first one already.") if by < 0 else _("“{title}” is the last one already.")
        raise AuthoringError(first.format(title=item(author, ref).title))
    return move(author, ref, beside[-1].ref, index=None if by < 0 else 0, at=at)


def duplicate(author: Author, ref: str, *, title: str = "", at: datetime) -> str:
    """A copy of a block, with all below it, right behind it, called "Copy of" ``title`` (its own without one); its ref.
    What refers to something inside of it refers to the copy of that."""
    here = content.way(author.root, ref)
    if len(here) < 2:
        raise AuthoringError(_("The course itself cannot be duplicated here; make a re-run of it."))
    block = copying.stored(here[-1].object_id, here[-1].id)
    name = _("Copy of {title}").format(title=title or item(author, ref).title)
    fresh = copying.fresh(block, author.as_course)

    def change(draft: Draft) -> str:
        parent = draft.parent(ref)
        made = draft.add(parent, fresh, draft.children(parent).index(ref) + 1)
        set_fields(author, draft, made, {"display_name": name[:LONGEST_TITLE]})
        return made

    return _edit(author, change, f"Duplicated: {fresh.type}@{fresh.id}", at).value


def places(author: Author, kind: str, chosen: Sequence[str] = ()) -> list[list[Item]]:
    """Where a block of type ``kind`` could go: at each level above it the blocks to choose among, below those that are
    ``chosen`` (else below the first one), and last what is in there now."""
    depth = LEVELS.index(kind) if kind in LEVELS else len(LEVELS)
    found: list[list[Item]] = []
    parent = COURSE
    for level in range(depth):
        here = items(author, parent)
        found.append(here)
        if level == depth - 1 or not here:
            break
        parent = next((one.ref for one in here if one.ref in chosen), here[0].ref)
    return found


def fits(kind: str, parent: str) -> bool:
    """Whether a block of type ``kind`` may lie in one of type ``parent``."""
    if kind in LEVELS:
        return below(parent) == kind
    return parent not in LEVELS[:-1]


def _beside(here: Sequence[content.Step], by: int) -> list[content.Step] | None:
    """The way to the nearest block of the same level as the last of ``here``, before (-1) or after (1) it."""
    if len(here) < 2:
        return None
    siblings = content.children(here[-2].object_id)
    place = here[-1].index + by
    if 0 <= place < len(siblings):
        return [*here[:-1], siblings[place]]
    above = _beside(here[:-1], by)
    while above is not None:
        inside = content.children(above[-1].object_id)
        if inside:
            return [*above, inside[0 if by > 0 else -1]]
        above = _beside(above, by)
    return None


def _add(author: Author, parent: str, block: NewBlock, index: int | None, at: datetime) -> str:
    return _edit(author, lambda draft: draft.add(parent, block, index), f"Added: {block.type}@{block.id}", at).value


def _edit(author: Author, change: Callable[[Draft], T], why: str, at: datetime) -> Edited[T]:
    require(author, Capability.EDIT)
    return content.edit(author.run, change, author=author.person.username, at=at, why=why)


def _titled(title: str) -> str:
    """A title as it may be. Raises :class:`AuthoringError`."""
    clean = " ".join(title.split())
    if not clean:
        raise AuthoringError(_("Give it a name: learners find it by that."))
    if len(clean) > LONGEST_TITLE:
        raise AuthoringError(_("A name can have {most} characters at most.").format(most=LONGEST_TITLE))
    return clean
