"""Components of units: adding them, saving what their editors say, and the editors that blocks of others bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from webob import Request, Response

from lykeion.authoring import kinds as _kinds
from lykeion.authoring import nesting, working
from lykeion.authoring.api.courses import require
from lykeion.authoring.api.outline import Item, item
from lykeion.authoring.fieldwords import in_words
from lykeion.authoring.host import Scratch, visit_of
from lykeion.authoring.kinds import Kind, kind, name_of
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.authoring.working import require_inside
from lykeion.blocks import api as blocks
from lykeion.blocks.types import FieldFacts, HandlerFailed, HandlerRefused, NoSuchBlock, Rendered, Visit
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import ContentError, Json, NewBlock, ObjectId
from lykeion.core.keys import split_ref
from lykeion.courseware import api as courseware
from lykeion.courseware.types import HandlerReply

__all__ = [
    "Kind",
    "Place",
    "add",
    "call",
    "call_editor",
    "editor",
    "fitting",
    "form",
    "has_editor",
    "kind",
    "kinds",
    "messages",
    "name_of",
    "place",
    "preview",
    "read_form",
    "require_inside",
    "save",
]


READING: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Place:
    """A component and the unit on whose page it is; for one that is in no unit, what it is right in."""

    item: Item
    unit: Item


def place(author: Author, ref: str) -> Place:
    """Where component ``ref`` of the draft is. Raises :class:`~lykeion.content.types.ContentError` when it is not."""
    steps = content.way(author.root, ref)
    units = [step.ref for step in steps[:-1] if split_ref(step.ref)[0] == "vertical"]
    above = units[0] if units else steps[-2].ref if len(steps) > 1 else steps[-1].ref
    return Place(item(author, ref), item(author, above))


def kinds(author: Author, parent: str, *, at: datetime) -> list[Kind]:
    """Every type of components installed here that ``parent`` takes, by name; whether the course may have it already is
    said of each. Raises :class:`AuthoringError` when the package of ``parent`` cannot tell."""
    return nesting.fitting(author, parent, _kinds.kinds(author.course), at)


def fitting(author: Author, parent: str, types: Iterable[str], *, at: datetime) -> list[Kind]:
    """Those of ``types`` that ``parent`` takes."""
    return nesting.fitting(author, parent, [kind(author.course, one) for one in types], at)


def add(
    author: Author,
    parent: str,
    kind: str,
    fields: Mapping[str, Json] | None = None,
    *,
    index: int | None = None,
    at: datetime,
) -> str:
    """A new component of type ``kind`` in ``parent``; its ref. ``fields`` None: what a new one begins with.

    A further type is named in the course's ``advanced_modules`` at once. Raises :class:`AuthoringError` for a type that
    is no component, not installed here, or that ``parent`` does not take.
    """
    if kind not in blocks.installed_types() or kind in _kinds.NEVER - {"vertical"}:
        raise AuthoringError(_("There are no components of type {kind} on this site.").format(kind=kind))
    if split_ref(parent)[0] in {"course", "chapter", "sequential"}:
        raise AuthoringError(_("Components are put into units."))
    nesting.require_fitting(author, parent, kind, at)
    block = NewBlock(kind, uuid4().hex, _kinds.beginning(kind) if fields is None else fields)
    switch = not _kinds.kind(author.course, kind).allowed and kind != "vertical" and not author.is_library

    def change(draft: Draft) -> str:
        named = _kinds.advanced(draft.node("course@course")) if switch else []
        if switch and kind not in named:
            draft.update("course@course", {"advanced_modules": [*named, kind]})
        return draft.add(parent, block, index)

    return working.edit(author, change, f"Added: {kind}@{block.id}", at).value


def save(
    author: Author,
    ref: str,
    values: Mapping[str, Json],
    *,
    unset: Iterable[str] = (),
    base: ObjectId | None,
    at: datetime,
) -> ObjectId:
    """Sets fields of a component in the draft, and forgets those of ``unset``; the version it then has.

    Raises :class:`~lykeion.content.types.ChangedMeanwhile` when somebody else gave one of them another value since
    ``base``, and :class:`AuthoringError` when the class of a block of others cannot write them.
    """
    gone = tuple(unset)

    def change(draft: Draft) -> None:
        working.set_fields(author, draft, ref, values, gone, base)

    done = working.edit(author, change, f"Edited: {ref}", at)
    return content.way(done.new, ref)[-1].object_id


def preview(author: Author, ref: str, *, at: datetime, scratch: Scratch | None = None) -> Rendered:
    """Component ``ref`` of the draft as learners will see it. Raises as :func:`place` does."""
    visit = _visit(author, ref, at, scratch)
    with _leaving_no_trace(ref):
        return blocks.render(visit, ref)


def has_editor(ref: str) -> bool:
    """Whether the package of a component brings an editor of its own."""
    return blocks.has_editor(split_ref(ref)[0])


def editor(author: Author, ref: str, *, at: datetime) -> Rendered:
    """The ``studio_view`` of component ``ref``. Looking at it changes nothing; its handlers do.

    In Studio of Open edX it opens above the page with the component, so the styles of that are there as well: editors
    count on them.
    """
    require(author, Capability.EDIT)
    require_inside(ref)
    base = content.way(author.root, ref)[-1].object_id
    with courseware.lending_drafts():
        shown = blocks.render(_visit(author, ref, at, editing=base), ref, "studio_view", authored={})
    behind = preview(author, ref, at=at)
    styles = tuple(one for one in behind.resources if one.mimetype == "text/css")
    return replace(shown, resources=(*styles, *shown.resources))


def messages(author: Author, ref: str, *, at: datetime) -> list[tuple[str, str]]:
    """What a block of others finds wrong with how it is set up: (warning or error, words)."""
    return blocks.messages(_visit(author, ref, at), ref)


def call(
    author: Author, usage: str, handler: str, suffix: str, request: Request, *, at: datetime, scratch: Scratch
) -> HandlerReply:
    """What a handler answers to somebody who tries a component out. Nothing is kept but in ``scratch``."""
    ref = _ref(usage)
    mark = scratch.mark()
    try:
        with _leaving_no_trace(ref):
            return _reply(blocks.handle(_visit(author, ref, at, scratch), usage, handler, suffix, request))
    except HandlerRefused as refused:
        scratch.undo_to(mark)
        return _reply(refused.response)
    except NoSuchBlock as missing:
        raise _missing(missing) from missing
    except HandlerFailed as failed:
        scratch.undo_to(mark)
        raise AuthoringError(f"{failed} {failed.staff}".strip()) from failed


def call_editor(
    author: Author, usage: str, handler: str, suffix: str, request: Request, *, base: ObjectId, at: datetime
) -> tuple[HandlerReply, ObjectId | None]:
    """What a handler answers to the editor of a component, and the version that it has in the draft now, if the block
    wrote anything: its fields, and the order of what is in it.

    ``base`` is the version that the author saw. Raises as :func:`save` does; then nothing is written.
    """
    require(author, Capability.EDIT)
    ref = _ref(usage)
    require_inside(ref)
    authored: blocks.Authored = {}
    visit = _visit(author, ref, at, editing=base)
    try:
        with courseware.lending_drafts():
            response = blocks.handle(visit, usage, handler, suffix, request, authored=authored)
    except HandlerRefused as refused:
        return _reply(refused.response), None
    except NoSuchBlock as missing:
        raise _missing(missing) from missing
    except HandlerFailed as failed:
        raise AuthoringError(f"{failed} {failed.staff}".strip()) from failed
    if request.method in READING:  # a link may lead anybody here
        return _reply(response), None
    return _reply(response), working.keep(author, blocks.written(authored), ref, base, at)


def form(author: Author, ref: str, *, at: datetime) -> list[FieldFacts]:
    """The fields of a component, for a form of them, in words."""
    return in_words(split_ref(ref)[0], blocks.form_fields(_visit(author, ref, at), ref))


def read_form(ref: str, sent: Mapping[str, str], facts: Iterable[FieldFacts]) -> tuple[dict[str, Json], list[str]]:
    """``(values, unset)`` of a form of :func:`form` as it was sent: each field under its name, and ``reset:NAME`` for
    one that is to have its default again. Only what differs from what the fields are counts.

    Raises :class:`AuthoringError` naming the field that cannot be read.
    """
    values: dict[str, Json] = {}
    unset: list[str] = []
    for field in facts:
        if f"reset:{field.name}" in sent:
            unset += [field.name] if field.is_set else []
        elif field.name in sent:
            value = _read(ref, field, sent[field.name])
            if value != field.value:
                values[field.name] = value
    return values, unset


def _read(ref: str, field: FieldFacts, text: str) -> Json:
    try:
        return blocks.read_field(split_ref(ref)[0], field.name, text)
    except Exception as error:  # a field's own code may raise anything
        words = _("{field} cannot be “{text}”: {reason}")
        raise AuthoringError(words.format(field=field.label, text=text[:100], reason=error)) from error


def _visit(
    author: Author, ref: str, at: datetime, scratch: Scratch | None = None, *, editing: ObjectId | None = None
) -> Visit:
    outline = content.part_outline(author.run, author.root, ref)
    return visit_of(author, outline, at, scratch, editing=editing)


def _ref(usage: str) -> str:
    """The ref of the block that a handler's address names. Raises :class:`ContentError`."""
    try:
        return blocks.ref_named(usage)
    except NoSuchBlock as missing:
        raise _missing(missing) from missing


def _missing(problem: NoSuchBlock) -> ContentError:
    return ContentError(f"{problem} {problem.staff}".strip())


def _leaving_no_trace(ref: str) -> AbstractContextManager[None]:
    """What blocks with tables of their own write while somebody tries them out is undone."""
    return _undone() if blocks.has_tables(split_ref(ref)[0]) else nullcontext()


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _reply(response: Response) -> HandlerReply:
    return HandlerReply(response.status_int, dict(response.headers), response.body)
