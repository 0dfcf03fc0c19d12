"""Changing what a course is beside its tree: fields of the course block, and parts such as ``about/overview``.

A form says what its author saw (``base``: the root of the draft then), and only what they changed since is written; so
two authors of different things never meet. Lists (pages, updates, groups) are changed entry by entry on what the draft
is now; there ``base`` is the :func:`version` of the entry.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import ChangedMeanwhile, ContentError, Edited, Json, Node, ObjectId

T = TypeVar("T")
COURSE: Final = "course@course"


class Unset:
    """The value of a field that is not set: learners get its default."""

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset()


def save(
    author: Author,
    *,
    fields: Mapping[str, Json | Unset],
    parts: Mapping[str, Node | None],
    base: ObjectId | None,
    at: datetime,
    why: str,
    also: Callable[[Draft], None] | None = None,
) -> Edited[None]:
    """Sets fields of the course (``UNSET`` forgets one) and parts (None removes one), and does ``also`` in the same
    change.

    Raises :class:`ChangedMeanwhile` when somebody gave one of them another value since ``base``, the root that the
    author saw; its ``present`` is the root that there is now.
    """

    def change(draft: Draft) -> None:
        clashing = _clashing(draft, fields, parts, base) if base else []
        if clashing:
            raise meanwhile(COURSE, clashing, draft.root)
        gone = [name for name, value in fields.items() if value is UNSET]
        draft.update(COURSE, {name: value for name, value in fields.items() if value is not UNSET}, unset=gone)
        for name, node in parts.items():
            draft.set_part(name, node)
        if also is not None:
            also(draft)

    return edited(author, change, at=at, why=why)


def edited(author: Author, change: Callable[[Draft], T], *, at: datetime, why: str) -> Edited[T]:
    """Makes ``change`` to the draft in the name of ``author``."""
    return content.edit(author.run, change, author=author.person.username, at=at, why=why)


def meanwhile(ref: str, names: list[str], present: str) -> ChangedMeanwhile:
    """The error that says that somebody else was quicker."""
    return ChangedMeanwhile(_("Somebody else changed this meanwhile."), ref, tuple(names), ObjectId(present))


def version(value: Json) -> str:
    """What stands for a JSON value as somebody saw it: another value has another version."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def check(ref: str, name: str, present: Json, base: str) -> None:
    """Raises :class:`ChangedMeanwhile` unless ``present`` is what its author saw; an empty ``base`` asks nothing."""
    if base and version(present) != base:
        raise meanwhile(ref, [name], version(present))


def field_of(draft: Draft, name: str) -> Json:
    """A field of the course in a draft that is being changed; None when it is not set."""
    return draft.node(COURSE).fields.get(name)


def part_value(draft: Draft, name: str, field: str) -> Json:
    """A field of a part of a draft that is being changed; None when there is none."""
    node = draft.part(name)
    return None if node is None else node.fields.get(field)


def course_fields(root: ObjectId) -> Mapping[str, Json]:
    """The fields of the course at ``root``; none for a root that is not there (any more)."""
    try:
        node = content.part(root, "course")
    except ContentError:
        return {}
    return node.fields if node else {}


def part_at(root: ObjectId, name: str) -> Node | None:
    """A part at ``root``, or None."""
    try:
        return content.part(root, name)
    except ContentError:
        return None


def subsections(root: ObjectId) -> Iterator[tuple[str, Node]]:
    """Every subsection of the course at ``root`` with its ref, in order: three reads, however large they are."""
    course = content.part(root, "course")
    sections = content.nodes([child for _name, child in course.children]) if course else {}
    pairs = [pair for _name, child in (course.children if course else ()) for pair in sections[child].children]
    found = content.nodes([child for _name, child in pairs])
    for name, child in pairs:
        yield f"{found[child].type}@{name}", found[child]


def _clashing(
    draft: Draft, fields: Mapping[str, Json | Unset], parts: Mapping[str, Node | None], base: ObjectId
) -> list[str]:
    seen, present = course_fields(base), draft.node(COURSE).fields
    names = [name for name, value in fields.items() if _differs(present.get(name, UNSET), seen.get(name, UNSET), value)]
    return names + [name for name, node in parts.items() if _differs(draft.part(name), part_at(base, name), node)]


def _differs(present: Any, seen: Any, wanted: Any) -> bool:
    return bool(present != seen and present != wanted)
