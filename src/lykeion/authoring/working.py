"""What editors write, brought into a draft: blocks of ours by field, blocks of others in the XML of their class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.blocks import api as blocks
from lykeion.blocks.types import AsideWritten, BlockProblem, Written
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import LINKS, ChangedMeanwhile, Edited, Json, Node, ObjectId, ObjectMissing
from lykeion.core.keys import split_ref

T = TypeVar("T")
_MISSING = object()


def edit(author: Author, change: Callable[[Draft], T], why: str, at: datetime) -> Edited[T]:
    """Makes ``change`` to the draft, for those who may. Raises as ``content.edit`` does, and :class:`NotAllowed`."""
    require(author, Capability.EDIT)
    return content.edit(author.run, change, author=author.person.username, at=at, why=why)


def require_edit(author: Author, ref: str) -> None:
    """Raises :class:`NotAllowed` for those who may not edit ``ref``. The block of a course holds its settings, so it
    takes who may change these; a library has none."""
    require(author, Capability.EDIT)
    if split_ref(ref)[0] == "course":
        require(author, Capability.SETTINGS)


def require_inside(ref: str) -> None:
    """Raises :class:`AuthoringError` when ``ref`` is no block inside a course or library, but the whole of it."""
    if split_ref(ref)[0] in {"course", "library"}:
        raise AuthoringError(_("That is no component. What holds for the whole of a course is on its settings pages."))


def set_fields(
    author: Author,
    draft: Draft,
    ref: str,
    values: Mapping[str, Json],
    unset: Iterable[str] = (),
    base: ObjectId | None = None,
) -> None:
    """Sets fields of a block of ``draft``, however it is stored. Raises :class:`ChangedMeanwhile` when one of them is
    not what it was at ``base``, :class:`AuthoringError` when the block's class cannot write it or it links a copy with
    its library, and :class:`NotAllowed` as :func:`require_edit` does."""
    require_edit(author, ref)
    node, gone = draft.node(ref), tuple(name for name in unset if name not in LINKS or name in draft.node(ref).fields)
    _check_links(node, values, gone)
    values = {name: value for name, value in values.items() if name not in LINKS}
    if not blocks.kept_as_xml(node.type):
        draft.update(ref, values, unset=gone, base=base)
        return
    try:
        _check(author, draft, ref, node, {**dict.fromkeys(gone, _MISSING), **values}, base)
        fields = blocks.with_values(node.type, node.fields, values, gone, author.as_course, author.root)
    except BlockProblem as problem:
        raise AuthoringError(f"{problem} {problem.staff}".strip()) from problem
    draft.update(ref, fields)


def _check_links(node: Node, values: Mapping[str, Json], gone: Iterable[str]) -> None:
    """What says which item of a library a block is a copy of decides whose texts come with an update: editors read it
    only."""
    unknown = values.get("xml_attributes")
    inside = unknown if isinstance(unknown, Mapping) and unknown != node.fields.get("xml_attributes") else {}
    forged = [name for name in values if name in LINKS and values[name] != node.fields.get(name)]
    forged += [name for name in (*gone, *inside) if name in LINKS]
    if forged:
        words = _("{names} cannot be edited: it links a copy with its library. Take it from there, or cut it loose.")
        raise AuthoringError(words.format(names=", ".join(sorted(forged))))


def _check(
    author: Author, draft: Draft, ref: str, node: Node, wanted: Mapping[str, object], base: ObjectId | None
) -> None:
    seen_node = _stored(base)
    if seen_node is None or seen_node.fields == node.fields:
        return
    now = blocks.values_of(node.type, node.fields, author.as_course, author.root)
    seen = blocks.values_of(seen_node.type, seen_node.fields, author.as_course, author.root)
    clashing = tuple(
        name for name, value in wanted.items() if now.get(name, _MISSING) not in (seen.get(name, _MISSING), value)
    )
    if clashing:
        present = content.way(draft.root, ref)[-1].object_id
        raise ChangedMeanwhile(_("Somebody else changed this meanwhile."), ref, clashing, present)


def _stored(base: ObjectId | None) -> Node | None:
    try:
        return None if base is None else content.nodes([base])[base]
    except ObjectMissing:
        return Node("", {})  # a version that nobody knows: whatever is set now was changed since


def keep(
    author: Author, written: Mapping[str, Written], ref: str, base: ObjectId | None, at: datetime
) -> ObjectId | None:
    """Brings into the draft what blocks wrote while ``ref`` was edited; the version it has then, None if nothing was
    written. ``base`` is the version of ``ref`` that its author saw; of others, what they were when the request came."""
    changes = {
        name: one for name, one in written.items() if one.values or one.unset or one.asides or one.children is not None
    }
    if not changes:
        return None
    found = content.find_many([(author.root, name) for name in changes if name != ref])
    bases = {name: way[-1].object_id for (_root, name), way in found.items()} | {ref: base}

    def change(draft: Draft) -> None:
        for name, one in changes.items():
            set_fields(author, draft, name, one.values, one.unset, bases.get(name))
            _set_asides(author, draft, name, one.asides, bases.get(name))
            if one.children is not None:
                require_inside(name)
                _arrange(draft, name, one.children)

    done = edit(author, change, f"Edited: {ref}", at)
    return content.way(done.new, ref)[-1].object_id


def _set_asides(
    author: Author, draft: Draft, ref: str, asides: Mapping[str, AsideWritten], base: ObjectId | None
) -> None:
    """Sets fields of the asides beside ``ref``. Raises as :func:`set_fields` does."""
    if not asides:
        return
    node, seen_node = draft.node(ref), _stored(base)
    try:
        now = blocks.asides_of(node.fields, author.as_course)
        seen = now if seen_node is None else blocks.asides_of(seen_node.fields, author.as_course)
        fields = blocks.with_asides(node.type, node.fields, asides, author.as_course)
    except BlockProblem as problem:
        raise AuthoringError(f"{problem} {problem.staff}".strip()) from problem
    clashing = [
        f"{kind}.{name}"
        for kind, one in asides.items()
        for name, value in {**dict.fromkeys(one.unset, _MISSING), **one.values}.items()
        if now.get(kind, {}).get(name, _MISSING) not in (seen.get(kind, {}).get(name, _MISSING), value)
    ]
    if clashing:
        present = content.way(draft.root, ref)[-1].object_id
        raise ChangedMeanwhile(_("Somebody else changed this meanwhile."), ref, tuple(clashing), present)
    draft.update(ref, fields, unset=node.fields.keys() - fields.keys())


def _arrange(draft: Draft, parent: str, wanted: tuple[str, ...]) -> None:
    """Makes ``wanted`` the blocks below ``parent``; those that are elsewhere now are moved."""
    for gone in [ref for ref in draft.children(parent) if ref not in wanted]:
        draft.remove(gone)
    for place, ref in enumerate(wanted):
        if draft.children(parent)[place : place + 1] != [ref]:
            draft.move(ref, parent, place)
