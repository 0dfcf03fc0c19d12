"""The masks that a member of a course team wears, one for each run, kept in their session.

What is done as a named learner reaches nobody: everything that such a request writes to the database is taken back,
whoever wrote it, and what blocks stored stays in the session, for the member to see.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from lykeion.core.keys import CourseLocator
from lykeion.courseware import api as courseware
from lykeion.courseware.types import Mask, StateCopy, Visitor

KEY = "masks"
MOST_CHARACTERS = 500_000  # of states kept in a session


@dataclass(frozen=True, slots=True)
class Worn:
    """The mask of one person in one run, with what they did under it."""

    mask: Mask
    copy: StateCopy


def worn(request: HttpRequest, run: CourseLocator) -> Worn | None:
    """The mask that the person of ``request`` wears in ``run``. Looks into the session of people who signed in only."""
    stored = _stored(request).get(str(run))
    return None if stored is None else Worn(Mask(**stored["mask"]), StateCopy(dict(stored["copy"])))


def put_on(request: HttpRequest, run: CourseLocator, mask: Mask | None) -> None:
    """Puts ``mask`` on, with nothing done under it yet; None takes it off."""
    kept = {name: one for name, one in _stored(request).items() if name != str(run)}
    request.session[KEY] = {**kept, **({str(run): {"mask": asdict(mask), "copy": {}}} if mask else {})}


def remember(request: HttpRequest, run: CourseLocator, under: Worn | None) -> None:
    """Keeps what was done under a mask, as much as a session can hold."""
    if under is None or not under.copy.changed:
        return
    documents = under.copy.documents
    while sum(map(len, documents.values())) > MOST_CHARACTERS:
        del documents[next(iter(documents))]
    request.session[KEY] = {**_stored(request), str(run): {"mask": asdict(under.mask), "copy": documents}}


@contextmanager
def apart(under: Worn | None) -> Iterator[None]:
    """A transaction of its own for what is done under the mask of a person; :func:`take_back` undoes it at the end."""
    if under is None or under.mask.kind != "person":
        yield
        return
    with transaction.atomic():
        yield


def take_back(visitor: Visitor) -> None:
    """Makes the transaction end without effect, if ``visitor`` is a learner that somebody else looks as."""
    if visitor.copy is not None:
        courseware.drop_lent()
        transaction.set_rollback(True)


def _stored(request: HttpRequest) -> dict[str, Any]:
    if not request.user.is_authenticated:
        return {}
    found: dict[str, Any] = request.session.get(KEY, {})
    return found
