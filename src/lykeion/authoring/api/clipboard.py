"""Copying a block and pasting it, within a course and into another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from lykeion.authoring import copying, luggage, nesting
from lykeion.authoring.api import courses
from lykeion.authoring.api.outline import fits, item
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Json, NewBlock, ObjectId, ObjectMissing
from lykeion.core.keys import BadKey, CourseLocator, parse_home, split_ref

__all__ = ["Clip", "Pasted", "copy", "paste"]

LONGEST_TITLE: Final = 200  # characters of a title that are kept; the copy itself has all of it
MOST: Final = 2000  # characters of a clip as it is kept


@dataclass(frozen=True, slots=True)
class Clip:
    """What was copied: a version of a block of ``run``. It stays what it was when the block is changed or deleted."""

    run: CourseLocator
    object_id: ObjectId
    kind: str
    id: str
    title: str

    def kept(self) -> dict[str, str]:
        """The clip as a session keeps it."""
        return {
            "run": str(self.run),
            "object_id": self.object_id,
            "kind": self.kind,
            "id": self.id,
            "title": self.title,
        }

    @classmethod
    def of(cls, kept: Any) -> Clip | None:
        """The clip that a session kept, if there is one."""
        if not isinstance(kept, Mapping):
            return None
        try:
            home = cast(CourseLocator, parse_home(kept["run"]))
            return cls(home, ObjectId(kept["object_id"]), kept["kind"], kept["id"], kept["title"])
        except (BadKey, KeyError):  # of a session from another version of this site
            return None


@dataclass(frozen=True, slots=True)
class Pasted:
    """What pasting did: the ref of the new block, and what somebody should know about it, in words."""

    ref: str
    notes: tuple[str, ...]


def copy(author: Author, ref: str) -> Clip:
    """Block ``ref``, with all below it, as it is now; small, since it is kept in a session. Raises
    :class:`~lykeion.content.types.ContentError`, and :class:`AuthoringError` for a block with endless names."""
    one = item(author, ref)
    if one.type == "course":
        raise AuthoringError(_("A whole course is not copied here; make a re-run of it."))
    clip = Clip(author.run, one.base, one.type, one.id, Truncator(one.title).chars(LONGEST_TITLE))
    size = sum(map(len, clip.kept().values()))
    if size > MOST:
        words = _("“{title}” cannot be copied: its names have {size} characters together, and {most} is the most here.")
        raise AuthoringError(words.format(title=clip.title, size=size, most=MOST))
    return clip


def paste(author: Author, clip: Clip, parent: str, *, index: int | None = None, at: datetime) -> Pasted:
    """Puts a copy of ``clip`` into ``parent``, with the files it uses.

    Raises :class:`AuthoringError` when it does not belong there or is not kept any more, and ``NotAllowed`` for those
    who may not see the course it comes from.
    """
    courses.require(author, Capability.EDIT)
    if not fits(clip.kind, split_ref(parent)[0]):
        raise AuthoringError(_("“{title}” cannot be put there.").format(title=clip.title))
    nesting.require_fitting(author, parent, clip.kind, at)
    abroad = clip.run != author.run
    source = courses.enter(author.person, clip.run).root if abroad else author.root
    try:
        stored = copying.stored(clip.object_id, clip.id)
    except ObjectMissing as error:
        raise AuthoringError(_("What you copied is not kept any more. Copy it again.")) from error
    block = copying.fresh(stored, author.as_course)
    bag = luggage.packed(block, source) if abroad else luggage.Luggage({}, ())
    known = _partitions(author) if abroad else None
    ready = block if known is None else copying.with_fields(block, lambda one: _open_to(one, known))

    def change(draft: Draft) -> tuple[str, dict[str, str]]:
        fitted, renamed = luggage.unpack(draft, ready, bag)
        return draft.add(parent, fitted, index), renamed

    why = f"Pasted: {block.type}@{block.id}"
    ref, renamed = content.edit(author.run, change, author=author.person.username, at=at, why=why).value
    return Pasted(ref, (*_about_files(bag, renamed), *(_about_groups(block, known) if known is not None else ())))


def _partitions(author: Author) -> frozenset[str]:
    listed = author.course.fields.get("user_partitions")
    found = listed if isinstance(listed, list) else []
    return frozenset(str(one.get("id")) for one in found if isinstance(one, Mapping))


def _open_to(block: NewBlock, known: frozenset[str]) -> Mapping[str, Json]:
    """Its fields, without the access of groups that are not in this course."""
    access = block.fields.get("group_access")
    if not isinstance(access, Mapping):
        return block.fields
    return {**block.fields, "group_access": {key: value for key, value in access.items() if str(key) in known}}


def _about_files(bag: luggage.Luggage, renamed: Mapping[str, str]) -> Iterator[str]:
    if bag.files:
        yield _("Files that came along: {names}.").format(names=", ".join(bag.files))
    for old, new in renamed.items():
        words = _("This course has another file called {old}, so the one that came along is called {new} here.")
        yield words.format(old=old, new=new)
    if bag.missing:
        yield _("Files that the other course does not have: {names}.").format(names=", ".join(bag.missing))


def _about_groups(block: NewBlock, known: frozenset[str]) -> Iterator[str]:
    lost = [one for one in _all(block) if _open_to(one, known) != one.fields]
    if lost:
        yield _("Access for groups of the other course was taken off: look at who may see it.")
    if any(one.type == "split_test" and str(one.fields.get("user_partition_id")) not in known for one in _all(block)):
        yield _("An experiment uses groups of the other course: choose groups of this one.")


def _all(block: NewBlock) -> Iterator[NewBlock]:
    yield block
    for child in block.children:
        yield from _all(child)
