"""The draft as a learner of any kind will see it: with the rules of courses, and without leaving a trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from webob import Request

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.authoring.items import LEVELS
from lykeion.authoring.links import DraftUrls
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.blocks import api as blocks
from lykeion.blocks.types import NoSuchBlock
from lykeion.content import api as content
from lykeion.content.types import ContentError
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, HandlerReply, Mask, MaskChoice, StateCopy, UnitPage, Visitor

__all__ = ["LEARNER", "Look", "call", "choices", "first_unit", "look", "person_mask"]

LEARNER = Mask("learner")


TEACHERS: Final = frozenset({Role.STAFF, Role.INSTRUCTOR, Role.LIMITED_STAFF})


@dataclass(frozen=True, slots=True)
class Look:
    """A unit as a learner will see it. ``who`` says which learner, ``opens`` when they can (None: already); in place of
    the ``page`` stands ``refused``, what they are told."""

    who: str
    page: UnitPage | None
    refused: str
    opens: datetime | None


def choices(author: Author, at: datetime) -> Sequence[MaskChoice]:
    """Whom the team may look as besides named people."""
    return courseware.mask_choices(_team(author, at))


def person_mask(author: Author, name: str, at: datetime) -> Mask:
    """The mask of a learner by user name or address. Raises :class:`AuthoringError` when nobody of that name learns,
    :class:`NotAllowed` for those who may not see learners' work."""
    _require_people(author)
    try:
        return courseware.person_mask(_team(author, at), name)
    except AccessDenied as denied:
        raise AuthoringError(str(denied)) from denied


def _require_people(author: Author) -> None:
    """As on the pages of learners, named people are for those who teach; authors, editors and readers do not."""
    roles = accounts.roles(author.person.id, str(author.run.org), author.run)
    if not author.person.is_staff and TEACHERS.isdisjoint(roles):
        raise NotAllowed(_("Only the staff of this course may look as a learner by name."))


def look(author: Author, ref: str, mask: Mask, copy: StateCopy, at: datetime) -> Look:
    """Unit ``ref`` of the draft, or the one that ``ref`` is in, as the learner of ``mask``; as late as it is open to
    them. Raises :class:`~lykeion.content.types.ContentError` when there is no such block."""
    opens = _opens(author, ref)
    then = max(at, opens) if opens else at
    with _no_trace():
        try:
            visitor = _visitor(author, mask, copy, then)
            who = courseware.mask_name(visitor, mask)
            page, refused = courseware.unit(visitor, ref), ""
        except AccessDenied as denied:
            page, refused, who = None, str(denied), courseware.mask_name(_team(author, at), mask)
    return Look(who, page, refused, opens if opens and opens > at else None)


def first_unit(author: Author, ref: str) -> str:
    """The first unit of the draft in the course, section or subsection ``ref``; any other ``ref`` as it is.

    Raises :class:`~lykeion.content.types.ContentError` when there is no such block, :class:`AuthoringError` when there
    is no unit in it.
    """
    outline = content.outline_at(author.run, author.root)
    block = outline.get(ref)
    if block is None:
        raise ContentError(_("{ref} is not in the course any more.").format(ref=ref))
    if block.type not in LEVELS[:-1]:
        return ref
    found = next((one.ref for one in outline.subtree(block) if one.type == LEVELS[-1]), None)
    if found is None:
        raise AuthoringError(_("There is no unit in “{title}” yet. Add one in the outline.").format(title=block.title))
    return found


def call(
    author: Author,
    usage: str,
    handler: str,
    suffix: str,
    request: Request,
    *,
    mask: Mask,
    copy: StateCopy,
    at: datetime,
) -> HandlerReply:
    """What a handler answers to the learner of ``mask``; what it stores goes into ``copy`` only."""
    opens = _opens(author, _ref(usage))
    with _no_trace():
        try:
            visitor = _visitor(author, mask, copy, max(at, opens) if opens else at)
            return courseware.handle(visitor, usage, handler, suffix, request)
        except AccessDenied as denied:
            raise AuthoringError(str(denied)) from denied


def _visitor(author: Author, mask: Mask | None, copy: StateCopy, at: datetime) -> Visitor:
    if mask is not None and mask.kind == "person":
        _require_people(author)  # the mask may be older than their role
    outline = content.outline_at(author.run, author.root)
    urls = DraftUrls(author.run, as_learner=True)
    return courseware.enter_draft(author.person, outline, urls, at, mask=mask, copy=copy)


def _team(author: Author, at: datetime) -> Visitor:
    return _visitor(author, None, StateCopy(), at)


def _opens(author: Author, ref: str) -> datetime | None:
    """When learners can see ``ref``, if anything says so."""
    outline = content.outline_at(author.run, author.root)
    block = outline.get(ref)
    if block is None:
        raise ContentError(f"{ref} is not in the course any more.")
    starts = [start for one in (*outline.ancestors(block), block) if (start := one.settings.get("start"))]
    return max(starts, default=None)


def _ref(usage: str) -> str:
    try:
        return blocks.ref_named(usage)
    except NoSuchBlock as error:
        raise ContentError(f"{error} {error.staff}".strip()) from error


@contextmanager
def _no_trace() -> Iterator[None]:
    """Whatever is written to the database is taken back."""
    with transaction.atomic():
        yield
        courseware.drop_lent()
        transaction.set_rollback(True)
