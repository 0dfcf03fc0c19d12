"""The door of ``courseware``: a run as one person may use it, and all that they do in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from webob import Request

from lykeion.blocks.types import Rendered, ReplyTaken
from lykeion.content.types import StoredFile
from lykeion.core.keys import CourseLocator
from lykeion.courseware import (
    bookmarking,
    completing,
    entering,
    handling,
    infopages,
    outlining,
    outside,
    places,
    progressing,
    units,
)
from lykeion.courseware.bookmarking import TooManyBookmarks
from lykeion.courseware.types import (
    BookmarkLine,
    CourseDate,
    HandlerReply,
    HomePage,
    ProgressPage,
    Standing,
    UnitPage,
    Visitor,
)
from lykeion.courseware.visit import Busy

__all__ = [
    "Busy",
    "TooManyBookmarks",
    "bookmark",
    "bookmarks",
    "check_open",
    "complete",
    "dates",
    "enter",
    "file_allowed",
    "goto_position",
    "handle",
    "home",
    "is_done",
    "page",
    "progress",
    "standings",
    "take_reply",
    "unit",
    "view",
]


def enter(
    user: AbstractBaseUser | AnonymousUser, run_key: CourseLocator, at: datetime, *, noauth: bool = False
) -> Visitor:
    """Who ``user`` is in the run at ``at``; everything else here asks for that. Three queries.

    ``noauth`` lets a third party in as nobody, for :func:`handle` only. Raises :class:`AccessDenied` when not even the
    outline is for them, ``RunMissing`` when there is no such run.
    """
    return entering.enter(user, run_key, at, noauth=noauth)


def home(visitor: Visitor, *, open_section: str | None = None, all_open: bool = False) -> HomePage:
    """Course home. One section is open: ``open_section``, else the one to go on in; with ``all_open`` all are.

    Two reads at most, of one row per subsection that the learner has touched.
    """
    return outlining.home_page(visitor, open_section=open_section, all_open=all_open)


def unit(visitor: Visitor, ref: str) -> UnitPage:
    """The page of a unit; ``ref`` may also be a block in it, or a section or subsection (then the unit the visitor was
    at, else the first). Remembers the place. Three reads, whatever the number of blocks.

    Raises :class:`AccessDenied` with the reason when it is shut, hidden, or not there.
    """
    return units.unit_page(visitor, ref)


def check_open(visitor: Visitor, ref: str) -> None:
    """Raises :class:`AccessDenied` as :func:`unit` does unless the block ``ref`` is there and open. No query."""
    units.check_open(visitor, ref)


def view(visitor: Visitor, ref: str, name: str = "student_view") -> Rendered:
    """One view of one block by itself, of a subsection at most. Raises :class:`AccessDenied` as :func:`unit` does."""
    return units.block_view(visitor, ref, name)


def handle(
    visitor: Visitor, usage: str, handler: str, suffix: str, request: Request, *, noauth: bool = False
) -> HandlerReply:
    """Calls a handler of a block (or aside) and keeps what it did, all or nothing: state, score, completion, grades,
    events. ``reply.grade`` is the new course grade, if it made one.

    The handler runs without a transaction, on a snapshot; when what it read was changed meanwhile it runs again
    (for five seconds at most, then 409). A handler that fails answers 500 and leaves nothing. With ``noauth`` the
    visitor must have entered with it. Raises :class:`AccessDenied`.
    """
    return handling.handle(visitor, usage, handler, suffix, request, noauth=noauth)


def take_reply(
    run_key: CourseLocator, user_id: int, usage: str, dispatch: str, key: str, body: str, *, at: datetime
) -> ReplyTaken:
    """Hands a grader's reply to the block whose answer waits for it: score, grades and the order's end are kept in one
    transaction, once, however often it comes. The key is the only proof of who sends it.

    Raises ``RunMissing``, ``HandlerFailed`` when the block fails, :class:`Busy` (try again).
    """
    return outside.take_reply(run_key, user_id, usage, dispatch, key, body, at=at)


def complete(visitor: Visitor, completions: Mapping[str, float]) -> None:
    """Keeps that the visitor has seen blocks that complete by being seen; what does not is ignored. A unit or a
    container in it stands for such blocks in it; the first 500 blocks count.

    Raises :class:`AccessDenied` for people who do not take part."""
    completing.complete(visitor, completions)


def is_done(visitor: Visitor, ref: str) -> bool:
    """Whether everything in the unit that ``ref`` is or is in is complete now. One read.

    Raises :class:`AccessDenied` for people who do not take part."""
    return completing.is_done(visitor, ref)


def goto_position(visitor: Visitor, ref: str, position: int) -> None:
    """Remembers that the visitor is at ``position`` (from 1) of subsection ``ref``. Raises :class:`AccessDenied`."""
    completing.goto_position(visitor, ref, position)


def progress(visitor: Visitor, learner_id: int | None = None) -> ProgressPage:
    """What the visitor (or, for staff, ``learner_id``) completed and earned, as far as they may see it. Three reads.

    Raises :class:`AccessDenied` for people who do not take part, and for learners who ask about others.
    """
    return progressing.progress_page(visitor, learner_id)


def dates(visitor: Visitor) -> tuple[CourseDate, ...]:
    """The dates of the run in order, with today between them."""
    return outlining.course_dates(visitor)


def bookmark(visitor: Visitor, ref: str, on: bool) -> None:
    """Sets or takes away the bookmark of a unit. Raises :class:`AccessDenied`, :class:`TooManyBookmarks` past 100."""
    bookmarking.bookmark(visitor, ref, on)


def bookmarks(visitor: Visitor) -> tuple[BookmarkLine, ...]:
    """The visitor's bookmarks in the run, newest first; those of units that are gone or shut have no ref."""
    return bookmarking.bookmarks(visitor)


def standings(user_id: int, run_ids: Iterable[int]) -> dict[int, Standing]:
    """How far a learner is in each of these runs that they began. Two reads for all of them, and no course is opened:
    what there is to complete is what there was when they last looked at a unit; course home counts anew."""
    return places.standings(user_id, run_ids)


def page(visitor: Visitor, slug: str) -> Rendered:
    """An author's page of the course. Raises :class:`AccessDenied` when there is none of that name."""
    return infopages.tab(visitor, slug)


def file_allowed(visitor: Visitor | None, stored: StoredFile) -> bool:
    """Whether a course file may be given to ``visitor`` (None: somebody who may not enter the run)."""
    return not stored.locked or (visitor is not None and entering.takes_part(visitor))
