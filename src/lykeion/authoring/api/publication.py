"""Publishing and discarding: what learners would see change, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lykeion.authoring import differences
from lykeion.authoring.api.courses import require
from lykeion.authoring.differences import Changed, Difference, Line
from lykeion.authoring.items import COURSE
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content import api as content
from lykeion.content.types import ObjectId

__all__ = ["Changed", "Difference", "Discarded", "Line", "discard", "discarding", "publish", "publishing"]


@dataclass(frozen=True, slots=True)
class Discarded:
    """What was thrown away: the draft before and after, enough to have it again."""

    ref: str
    old: ObjectId
    new: ObjectId


def publishing(author: Author, ref: str = COURSE) -> Difference:
    """What learners would see change if block ``ref`` (the course: everything) were published now."""
    return differences.between(content.head(author.run, "published"), author.root, ref)


def discarding(author: Author, ref: str = COURSE) -> Difference:
    """What would change in the draft if it were thrown away, and replaced by what is published."""
    return differences.between(author.root, content.head(author.run, "published"), ref)


def publish(author: Author, ref: str = COURSE, *, seen: ObjectId | None = None, at: datetime) -> ObjectId:
    """Lets learners see block ``ref``, with all below it, as it is in the draft; the published root.

    ``seen`` is the draft whose changes the author was shown. Raises :class:`AuthoringError` when the block is another
    one by now, so that nobody publishes what they have not read.
    """
    require(author, Capability.PUBLISH)
    _check_seen(author, ref, seen)
    part = None if ref == COURSE else ref
    return content.publish(author.run, ref=part, author=author.person.username, at=at)


def discard(author: Author, ref: str = COURSE, *, seen: ObjectId | None = None, at: datetime) -> Discarded:
    """Gives the draft of block ``ref`` the published state; what :func:`~lykeion.authoring.api.history.take_back`
    needs to undo it. Raises as :func:`publish` does."""
    require(author, Capability.PUBLISH)
    _check_seen(author, ref, seen)
    part = None if ref == COURSE else ref
    new = content.discard(author.run, ref=part, author=author.person.username, at=at)
    return Discarded(ref, author.root, new)


def _check_seen(author: Author, ref: str, seen: ObjectId | None) -> None:
    if seen is None or seen == author.root:
        return
    ends = content.find_many([(seen, ref), (author.root, ref)])
    before, after = ends.get((seen, ref)), ends.get((author.root, ref))
    same = (before[-1].object_id if before else None) == (after[-1].object_id if after else None)
    if not same:
        raise AuthoringError(_("Somebody changed this a moment ago. Look at the changes once more."))
