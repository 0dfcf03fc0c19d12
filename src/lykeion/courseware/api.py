"""The door of ``courseware``: a run as one person may use it, and all that they do in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from webob import Request

from lykeion.accounts.types import Person
from lykeion.blocks.types import Rendered, ReplyTaken, Urls
from lykeion.content import api as content
from lykeion.content.types import Json, Outline, RunMissing, StoredFile
from lykeion.core.keys import BlockUsageLocator, CourseLocator
from lykeion.courseware import (
    bookmarking,
    borrowing,
    completing,
    entering,
    handling,
    infopages,
    limits,
    links,
    masking,
    outlining,
    outside,
    pacing,
    places,
    progressing,
    shifting,
    units,
    wiping,
)
from lykeion.courseware.answering import AnswerRow, answers_in, count_answers
from lykeion.courseware.blockdata import BlockData, TooMuchAsked
from lykeion.courseware.blockdata import block_data as _block_data
from lykeion.courseware.bookmarking import MOST as MOST_BOOKMARKS
from lykeion.courseware.bookmarking import TooManyBookmarks
from lykeion.courseware.crowd import Crowd, One
from lykeion.courseware.exams.attempts import ask_to_submit_exam, start_exam, submit_exam
from lykeion.courseware.exams.office import (
    allow_exam_time,
    close_overdue_exams,
    exam_learners,
    exam_lines,
    reset_exam,
    resume_exam,
    skip_entrance_exam,
)
from lykeion.courseware.exams.pages import exam_clock, exam_page
from lykeion.courseware.exams.reading import count_exam_attempts, exam_attempts
from lykeion.courseware.extending import extendable, own_dues, reset_due, set_due
from lykeion.courseware.infopages import latest_update
from lykeion.courseware.marking import entrance_exam, grade_columns, override_grade, subsection_grade, titles
from lykeion.courseware.regrading import regrade_under_way
from lykeion.courseware.reworking import (
    count_with_work,
    learners_with_work,
    rework,
    scorables,
    set_score,
    work_in,
)
from lykeion.courseware.types import (
    AccessDenied,
    BookmarkLine,
    CourseDate,
    DueRefused,
    HandlerReply,
    HomePage,
    Mask,
    MaskChoice,
    ProgressPage,
    Shifted,
    Standing,
    StateCopy,
    UnitPage,
    Visitor,
)
from lykeion.courseware.visit import Busy, under_way
from lykeion.events.types import BookmarkPayload
from lykeion.grades.api import Policy

__all__ = [
    "MOST_BOOKMARKS",
    "AnswerRow",
    "BlockData",
    "Busy",
    "Crowd",
    "DueRefused",
    "One",
    "TooManyBookmarks",
    "TooMuchAsked",
    "allow_exam_time",
    "answers_in",
    "ask_to_submit_exam",
    "bind",
    "block_data",
    "bookmark",
    "bookmark_event",
    "bookmarks",
    "borrow",
    "check_open",
    "close_overdue_exams",
    "complete",
    "count_answers",
    "count_exam_attempts",
    "count_with_work",
    "course_fields",
    "dates",
    "drop_lent",
    "due_of",
    "enter",
    "enter_draft",
    "entrance_exam",
    "exam_attempts",
    "exam_clock",
    "exam_learners",
    "exam_lines",
    "exam_page",
    "extendable",
    "file_allowed",
    "goto_position",
    "grade_columns",
    "handle",
    "home",
    "is_done",
    "is_for_team",
    "is_masked",
    "keep_for",
    "keep_lent",
    "latest_update",
    "learners_with_work",
    "lending_drafts",
    "mask_choices",
    "mask_name",
    "may_load",
    "may_read",
    "notice",
    "override_grade",
    "own_dues",
    "page",
    "person_mask",
    "policy",
    "progress",
    "regrade_under_way",
    "reset_due",
    "reset_exam",
    "resume_exam",
    "rework",
    "scorables",
    "set_due",
    "set_score",
    "shift_dates",
    "skip_entrance_exam",
    "standings",
    "start_exam",
    "submit_exam",
    "subsection_grade",
    "take_reply",
    "titles",
    "unit",
    "unshift_dates",
    "view",
    "whose_visit",
    "wipe_work",
    "with_addresses",
    "work_in",
]


def enter(
    user: AbstractBaseUser | AnonymousUser,
    run_key: CourseLocator,
    at: datetime,
    *,
    noauth: bool = False,
    mask: Mask | None = None,
    copy: StateCopy | None = None,
) -> Visitor:
    """Who ``user`` is in the run at ``at``; everything else here asks for that. Three queries.

    ``noauth`` lets a third party in as nobody, for :func:`handle` only. Under a ``mask`` a member of the team comes in
    as whom it stands for; for others it means nothing. As a person they read ``copy`` in place of that learner's state
    and write to it; the caller must roll back what else the visit writes.

    Raises :class:`AccessDenied` when not even the outline is for them, ``RunMissing`` when there is no such run.
    """
    return entering.enter(user, run_key, at, noauth=noauth, mask=mask, copy=copy)


def enter_draft(
    person: Person, outline: Outline, urls: Urls, at: datetime, *, mask: Mask | None, copy: StateCopy
) -> Visitor:
    """``person``, who must be of the team, as the learner that ``mask`` says (None: as themselves), in the draft of
    ``outline``; ``urls`` are its addresses. Whoever asks takes back what reached the database.

    Raises :class:`AccessDenied` for a learner who does not take the course, ``RunMissing``.
    """
    return entering.enter_draft(person, outline, urls, at, mask=mask, copy=copy)


def mask_choices(visitor: Visitor) -> tuple[MaskChoice, ...]:
    """Whom ``visitor``, who must be of the team, may look as besides named people. One query."""
    return masking.choices(visitor)


def mask_name(visitor: Visitor, mask: Mask) -> str:
    """The words for whom ``mask`` stands for: a user name, a group, "a learner"."""
    return masking.name_of(visitor, mask)


def person_mask(visitor: Visitor, name: str) -> Mask:
    """The mask of a learner by user name or address. Raises :class:`AccessDenied` when nobody of that name learns."""
    return masking.person_mask(visitor, name)


def may_read(user: AbstractBaseUser | AnonymousUser, run_key: CourseLocator, at: datetime) -> bool:
    """Whether the texts of the run are for ``user`` at ``at``; not where there is no such run. Three queries."""
    try:
        entering.check_reading(entering.enter(user, run_key, at))
    except (AccessDenied, RunMissing):
        return False
    return True


def notice(visitor: Visitor) -> str:
    """What to tell a learner on every page of the run: when their free access ends, and the way on; '' for others."""
    return limits.notice(visitor)


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


def block_data(
    visitor: Visitor, ref: str, *, depth: int = 0, asked: Collection[str] = frozenset()
) -> tuple[BlockData, ...]:
    """A block and those at most ``depth`` levels below it that ``visitor`` may see, in document order, as values for
    apps; those of the types ``asked`` say what they tell of themselves (``student_view_data``). Nothing is written.

    Raises :class:`AccessDenied` as :func:`unit` does, and :class:`TooMuchAsked` when more than 200 would be asked.
    """
    return _block_data(visitor, ref, depth=depth, asked=asked)


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


def keep_for(
    run_key: CourseLocator,
    user_id: int,
    ref: str,
    *,
    changes: Mapping[str, Json] | None = None,
    removed: Collection[str] = (),
    score: tuple[float | None, float | None] | None = None,
    at: datetime,
) -> None:
    """Keeps what somebody else than the learner wrote to their fields of the block ``ref`` (a mark, a comment), and the
    raw ``score`` (earned, possible; None earned takes it away), with all that follows, in one transaction.

    Fields that are not named stay, also when the learner writes at the same time. Raises ``RunMissing``, :class:`Busy`,
    :class:`AccessDenied` when the account is gone.
    """
    outside.keep_for(run_key, user_id, ref, changes=changes, removed=removed, score=score, at=at)


def wipe_work(run_key: CourseLocator, user_id: int, ref: str, *, by: int | None, at: datetime) -> bool:
    """Takes away what a learner did in the block ``ref`` and those below it: answers, scores, completion, and what
    packages keep of it in tables of their own. Grades are computed anew. Whether there was anything.

    ``by``: who has it done, who may is for the caller to check. Raises ``RunMissing``, :class:`AccessDenied` when the
    account is gone.
    """
    return wiping.wipe_work(run_key, user_id, ref, by=by, at=at)


def whose_visit() -> int | None:
    """The id of the person for whom a block is working just now; None when none is, and for a visitor."""
    work = under_way()
    return None if work is None else work.visit.viewer.user_id


def is_masked() -> bool:
    """Whether a block is working just now for somebody of the team who looks as a named learner."""
    work = under_way()
    return work is not None and bool(work.visit.services["masked"])


def is_for_team() -> bool:
    """Whether a block is working just now for somebody of the course team, as themselves."""
    work = under_way()
    return work is not None and work.visit.viewer.is_staff


def with_addresses(run_key: CourseLocator, text: str) -> str:
    """``text`` (HTML or JSON) with authors' short links (``/static/…``) as addresses of the run. Raises
    ``RunMissing``."""
    return links.with_addresses(run_key, text)


def borrow(usage: BlockUsageLocator, at: datetime) -> Any:
    """The published block of ``usage`` as an XBlock, bound to nobody, for code of others that has no visitor.

    What it publishes is kept at once. Raises ``RunMissing``, ``NoSuchBlock``.
    """
    return borrowing.borrow(usage, at)


def bind(block: Any, user: Any) -> None:
    """Binds a borrowed block to ``user`` (a row of Django's user model, or its anonymous user).

    Raises :class:`AccessDenied` when the block is not for them, or for nobody yet.
    """
    borrowing.bind(block, user)


def drop_lent() -> None:
    """Lets go of what borrowed blocks of this request hold unsaved: nothing of it is to be kept."""
    borrowing.drop_lent()


def lending_drafts() -> AbstractContextManager[None]:
    """While an author works with a block: packages that borrow it by key get it although nobody has published it."""
    return borrowing.lending_drafts()


def keep_lent() -> AbstractContextManager[list[Any]]:
    """Around a request: what borrowed blocks hold unsaved is kept when it ends. Gives the list of what would be: who
    empties it keeps nothing."""
    return borrowing.keep_lent()


def may_load(user: Any, usage: BlockUsageLocator, at: datetime) -> bool:
    """Whether ``user`` takes part in the run of ``usage``, and the block is open to them. Raises ``RunMissing``."""
    return borrowing.may_load(user, usage, at)


def course_fields(run: CourseLocator) -> dict[str, Json]:
    """The advanced settings of a run, as its author set them. Raises ``RunMissing``."""
    return borrowing.course_fields(run)


def policy(run: CourseLocator) -> Policy:
    """The grading policy of a run as published; one that cannot be read grades nothing. Raises ``RunMissing``."""
    return entering.policy_at(run, content.head(run, "published"))


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


def due_of(visitor: Visitor, ref: str) -> datetime | None:
    """When the block ``ref`` is due for the visitor, without its grace period; None when never. No query."""
    block = visitor.outline.get(ref)
    return None if block is None else pacing.due_of(visitor, block)


def shift_dates(visitor: Visitor, told: Mapping[str, str] | None = None) -> Shifted | None:
    """Lets the visitor's schedule start now, so that all their relative dates lie ahead; None (and nothing changed)
    when nothing of theirs is past due. ``told`` goes into the event: where on the site they asked.

    Raises :class:`AccessDenied` (``no_schedule``) where dates cannot move: the run is not self-paced, or is over, or
    they do not take it, or are looked as.
    """
    return shifting.shift(visitor, told or {})


def unshift_dates(visitor: Visitor, shifted: Shifted) -> bool:
    """Takes back what :func:`shift_dates` did, unless dates moved again since; whether it did.

    Raises :class:`AccessDenied` for people who do not take part.
    """
    return shifting.unshift(visitor, shifted)


def bookmark(visitor: Visitor, ref: str, on: bool) -> None:
    """Sets or takes away the bookmark of a unit. Raises :class:`AccessDenied`, :class:`TooManyBookmarks` past 100."""
    bookmarking.bookmark(visitor, ref, on)


def bookmark_event(visitor: Visitor, ref: str) -> BookmarkPayload:
    """What the tracking log is told of the visitor's bookmark of ``ref``: ``edx.bookmark.accessed``, as ``added`` and
    ``removed`` have it."""
    return bookmarking.event_of(visitor, ref)


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


def check_reading(visitor: Visitor) -> None:
    """Raises :class:`AccessDenied` when ``visitor`` may not read what there is beside the outline."""
    entering.check_reading(visitor)


def file_allowed(visitor: Visitor | None, stored: StoredFile) -> bool:
    """Whether a course file may be given to ``visitor`` (None: somebody who may not enter the run)."""
    return not stored.locked or (visitor is not None and entering.takes_part(visitor))
