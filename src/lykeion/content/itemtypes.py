"""Values about items of libraries and their copies; others get them from ``types``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lykeion.content.types import Json, ObjectId


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """What stands at the top of a library: a component, or a unit, subsection or section with what is in it.

    ``key`` is ``lb:ORG:SLUG:html:ID`` (of containers ``lct:ORG:SLUG:unit:ID``). ``object_id`` is that of the draft, or
    of what is published if the draft has it no more. ``children`` counts what lies right below.
    """

    key: str
    ref: str
    title: str
    object_id: ObjectId
    children: int
    state: Literal["new", "changed", "published", "removed"]


@dataclass(frozen=True, slots=True)
class Collection:
    """A named choice of items of a library, by ref. An item may be in any number of collections."""

    slug: str
    title: str
    description: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """A block that is a copy of an item of a library of which another version is published now.

    ``version`` is that version, None when the item is there no more; ``base`` the one that the copy was taken from.
    ``customized`` are the fields that were changed here. ``inside`` is the block above that would be updated with it.
    """

    ref: str
    title: str
    upstream: str
    base: Json
    version: ObjectId | None
    customized: tuple[str, ...] = ()
    inside: str | None = None
    is_declined: bool = False


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field of a copy beside that of the item; values are None where it is not set. ``base`` is what the item said
    when the copy was taken. ``is_own``: changed here; ``is_new``: changed there."""

    name: str
    base: Json
    here: Json
    there: Json
    is_own: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A copy beside the item that it was taken from. ``fields`` are those that differ, here or there, from what the
    item said then. ``here`` and ``there`` are the titles of what lies below, in order."""

    ref: str
    upstream: str
    object_id: ObjectId
    version: ObjectId
    fields: tuple[FieldComparison, ...]
    here: tuple[str, ...]
    there: tuple[str, ...]
