"""What all pages of settings have in common: what learners do not see yet, publishing it, discarding it, undoing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.authoring import differences
from lykeion.authoring.api.courses import require
from lykeion.authoring.areas import AREAS, Area
from lykeion.authoring.differences import Difference
from lykeion.authoring.links import DraftUrls
from lykeion.authoring.saving import COURSE, UNSET, course_fields, edited, meanwhile, subsections
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Node, ObjectId

__all__ = ["AREAS", "Area", "area", "difference", "discard", "file_address", "publish", "take_back", "unpublished"]

_SEARCHED: Final = 200  # newest changes of a draft among which one can be taken back


def area(name: str) -> Area:
    """The area of this name. Raises :class:`AuthoringError`."""
    found = AREAS.get(name)
    if found is None:
        raise AuthoringError(_("There are no settings called “{name}”.").format(name=name))
    return found


def unpublished(author: Author, name: str) -> tuple[str, ...]:
    """The fields and parts of an area that learners do not have as the draft has them. A few reads."""
    here, published = area(name), content.head(author.run, "published")
    if published == author.root:
        return ()
    draft, live = course_fields(author.root), course_fields(published)
    fields = [one for one in here.fields_among({*draft, *live}) if draft.get(one, UNSET) != live.get(one, UNSET)]
    now, then = content.parts(author.root), content.parts(published)
    parts = [one for one in here.parts_among({*now, *then}) if now.get(one) != then.get(one)]
    return (*fields, *parts)


def difference(author: Author, name: str) -> Difference:
    """What learners would see change if an area were published now. A few reads when there is something."""
    changed, published = unpublished(author, name), content.head(author.run, "published")
    parts = area(name).parts_among(changed)
    named: dict[str, list[str]] = {COURSE: [one for one in changed if one not in parts]}
    if "grading_policy" in changed:
        named.update(_relabelled(published, author.root))
    return differences.of_settings(published, author.root, named=named, parts=parts)


def publish(author: Author, name: str, *, seen: ObjectId | None = None, at: datetime) -> None:
    """Lets learners have an area as the draft has it, and nothing else of the draft (but the files that it may show).

    With the grading rules go the labels of subsections that were renamed with them. ``seen`` is the draft whose changes
    the author was shown. Raises :class:`AuthoringError` when the area is another one by now.
    """
    require(author, Capability.PUBLISH)
    published = content.head(author.run, "published")
    fields, parts = _scope(author, area(name), published)
    if seen and _values(seen, fields[COURSE], parts) != _values(author.root, fields[COURSE], parts):
        raise AuthoringError(_("Somebody changed this a moment ago. Look at the changes once more."))
    if "grading_policy" in fields[COURSE]:
        fields.update(_relabelled(published, author.root))
    who = author.person.username
    content.publish_fields(author.run, fields=fields, parts=parts, author=who, at=at, why=f"Published: {name}")


def discard(author: Author, name: str, *, at: datetime) -> tuple[ObjectId, ObjectId]:
    """Gives the draft an area as learners have it; the roots before and after, for :func:`take_back`."""
    require(author, Capability.PUBLISH)
    require(author, area(name).needs)
    published = content.head(author.run, "published")
    fields, parts = _scope(author, area(name), published)
    if "grading_policy" in fields[COURSE]:
        fields.update(_relabelled(author.root, published))
    who = author.person.username
    old = content.head(author.run, "draft")
    new = content.discard_fields(
        author.run, fields=fields, parts=parts, author=who, at=at, why=f"Discarded changes: {name}"
    )
    return old, new


def take_back(author: Author, old: ObjectId, new: ObjectId, *, at: datetime) -> None:
    """Takes back the edit of settings that led from root ``old`` to ``new``; what was changed elsewhere since stays.

    Raises :class:`~lykeion.content.types.ChangedMeanwhile` when one of its values was changed again, and
    :class:`AuthoringError` when there was no such edit.
    """
    require(author, Capability.EDIT)
    if not any((move.old, move.new) == (old, new) for move in content.history(author.run, "draft", limit=_SEARCHED)):
        raise AuthoringError(_("This cannot be undone any more."))
    for name in sorted(_touched(old, new)):
        require(
            author, next(one.needs for one in AREAS.values() if one.fields_among([name]) or one.parts_among([name]))
        )
    edited(author, lambda draft: _take_back(draft, old, new), at=at, why="Undid: settings")


def file_address(author: Author, path: str) -> str:
    """The address of a file of the draft in Studio."""
    return DraftUrls(author.run, author.root).asset(path)


def _scope(author: Author, here: Area, published: ObjectId) -> tuple[dict[str, list[str]], list[str]]:
    names = {*course_fields(author.root), *course_fields(published)}
    parts = {*content.parts(author.root), *content.parts(published)}
    return {COURSE: here.fields_among(names | set(here.fields))}, here.parts_among(parts)


def _values(root: ObjectId, fields: list[str], parts: list[str]) -> list[Any]:
    course, beside = course_fields(root), content.parts(root)
    return [*(course.get(one, UNSET) for one in fields), *(beside.get(one) for one in parts)]


def _relabelled(here: ObjectId, there: ObjectId) -> dict[str, list[str]]:
    """Subsections at root ``here`` whose label names no assignment type of the rules at ``there``, and is another one
    there: a type was renamed or deleted, and they with it."""
    kinds, others = _kinds(there), dict(subsections(there))
    labels = ((ref, node.fields.get("format")) for ref, node in subsections(here) if ref in others)
    return {
        ref: ["format", "graded"]
        for ref, label in labels
        if label not in kinds and others[ref].fields.get("format") != label
    }


def _kinds(root: ObjectId) -> set[Any]:
    policy = course_fields(root).get("grading_policy")
    listed = policy.get("GRADER") if isinstance(policy, Mapping) else None
    return {one.get("type") for one in listed or () if isinstance(one, Mapping)}


def _touched(old: ObjectId, new: ObjectId) -> set[str]:
    before, after = course_fields(old), course_fields(new)
    fields = {name for name in {*before, *after} if before.get(name, UNSET) != after.get(name, UNSET)}
    was, now = content.parts(old), content.parts(new)
    return fields | {name for name in {*was, *now} - {"course", "files"} if was.get(name) != now.get(name)}


def _take_back(draft: Draft, old: ObjectId, new: ObjectId) -> None:
    was, then = {COURSE: _course(old), **dict(subsections(old))}, {COURSE: _course(new), **dict(subsections(new))}
    for ref in was:
        if ref in then and draft.has(ref):
            _restore(draft, ref, was[ref], then[ref])
    for name in _touched(old, new) - {*was[COURSE].fields, *then[COURSE].fields}:
        if draft.part(name) not in (content.part(old, name), content.part(new, name)):
            raise meanwhile(COURSE, [name], draft.root)
        draft.set_part(name, content.part(old, name))


def _restore(draft: Draft, ref: str, was: Node, then: Node) -> None:
    present = draft.node(ref).fields
    for name in {*was.fields, *then.fields}:
        before, after = was.fields.get(name, UNSET), then.fields.get(name, UNSET)
        if before == after or present.get(name, UNSET) == before:
            continue
        if present.get(name, UNSET) != after:
            raise meanwhile(ref, [name], draft.root)
        draft.update(ref, {} if before is UNSET else {name: before}, unset=[name])


def _course(root: ObjectId) -> Node:
    return content.part(root, "course") or Node("course", {})
