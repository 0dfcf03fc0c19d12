"""What the team does about the work of one learner in one block: attempts given back, scores computed anew or set, work
taken away, looked at (openedx.md §2.1, Student Admin).

Sources: ``lms/djangoapps/instructor_task/tasks_helper/module_state.py``, ``lms/djangoapps/instructor/enrollment.py``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.blocks import api as blocks
from lykeion.blocks.types import NoSuchBlock, StateKey
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import OutlineBlock
from lykeion.core.errors import LykeionError
from lykeion.core.keys import CourseLocator, usage_of
from lykeion.courseware.borrowing import borrow
from lykeion.courseware.commit import commit
from lykeion.courseware.drawn import module_of
from lykeion.courseware.gating import entrance_section
from lykeion.courseware.marking import visitor_of
from lykeion.courseware.models import EntrancePassed, LearnerState
from lykeion.courseware.state import decode, read_rows
from lykeion.courseware.submissions import submissions
from lykeion.courseware.types import (
    NO_REWORK,
    AccessDenied,
    Rework,
    Reworked,
    ReworkRefused,
    Visitor,
    WorkInBlock,
)
from lykeion.courseware.visit import Work, begin, everything, keeping, persist
from lykeion.courseware.wiping import wipe_work
from lykeion.events.api import emit
from lykeion.events.types import AttemptsResetPayload, EmptyPayload
from lykeion.grades import api as grades
from lykeion.grades.types import Cause

log = logging.getLogger(__name__)
Also = Callable[[str], None]


def nothing_else(_ref: str) -> None:
    """What else is written by default."""


def rework(
    run_key: CourseLocator,
    user_id: int,
    ref: str,
    what: Rework,
    *,
    by: int | None,
    at: datetime,
    also: Also = nothing_else,
) -> Reworked:
    """Does ``what`` to the work of a learner in the block ``ref`` and those in it, by the course as it is published.

    ``reset_attempts`` gives the attempts back and keeps answer and score; ``rescore`` grades the stored answers anew
    and never changes attempts (``rescore_higher``: unless the score would fall); ``delete_state`` takes answers, score
    and completion away. Each learner and block is one transaction, in which ``also`` is called with the block's ref if
    anything changes; safe to repeat. ``by``: who of the team has it done; who may is for the caller to check. Raises
    :class:`ReworkRefused` for nobody and nothing, ``RunMissing``.
    """
    top = _block(run_key, ref)
    if what == "delete_state":
        return _delete(run_key, user_id, top, by, at, also)
    found = []
    for block in scorables(run_key, top):
        who = visitor_of(run_key, user_id, at)
        if what == "reset_attempts":
            found.append(_reset_attempts(who, block, also))
        else:
            found.append(_rescore(who, block, by, also, only_if_higher=what == "rescore_higher"))
    return _together(found)


def scorables(run_key: CourseLocator, top: OutlineBlock) -> list[OutlineBlock]:
    """``top``, or what is in it, as far as it can be scored."""
    return [block for block in content.outline(run_key).subtree(top) if block.facts.has_score]


def _reset_attempts(who: Visitor, block: OutlineBlock, also: Also) -> Reworked:
    """Answer and score stay (Open edX: ``attempts = 0`` in the stored state)."""
    user_id = who.viewer.user_id or 0
    row = read_rows(user_id, who.run.id, [block.ref]).get(block.ref)
    attempts = decode(row.state).get("attempts") if row is not None else None
    if not attempts:
        return NO_REWORK
    work = begin(who, visible=everything)
    work.state.write(StateKey(user_id, "usage", block.ref), {"attempts": 0})
    payload: AttemptsResetPayload = {"old_attempts": attempts, "new_attempts": 0}
    work.sink.event(block.ref, "problem_reset_attempts", payload, {})
    work.sink.also.append(partial(also, block.ref))
    persist(lambda: commit(who, work.state, work.sink), work.state)
    return Reworked(1)


def _rescore(who: Visitor, block: OutlineBlock, by: int | None, also: Also, *, only_if_higher: bool) -> Reworked:
    def act(work: Work) -> Reworked:
        built = blocks.build(work.visit, block.ref)
        if not callable(getattr(built, "rescore", None)):
            return Reworked(failed=1, words=_("“{title}” cannot be scored again.").format(title=block.title))
        work.sink.cause = Cause(grades.RESCORED, by, only_if_higher)
        made = _rescored(built, block, only_if_higher)
        if made.done:
            work.sink.also.append(partial(also, block.ref))
        return made

    try:
        return keeping(who, act, grader=True)[0]
    except NoSuchBlock as error:
        return Reworked(failed=1, words=str(error))


def _rescored(built: Any, block: OutlineBlock, only_if_higher: bool) -> Reworked:
    """A block that fails has said so in an event of its own, which is kept."""
    if not built.has_submitted_answer():
        return NO_REWORK
    try:
        built.rescore(only_if_higher=only_if_higher)
    except Exception as error:  # code of authors and of packages: the others' scores must go on
        log.warning("%s could not be scored again: %r", block.ref, error, exc_info=not isinstance(error, LykeionError))
        words = _("“{title}” could not be scored again: {why}").format(title=block.title, why=error)
        return Reworked(failed=1, words=words)
    built.save()
    return Reworked(1)


def _delete(
    run_key: CourseLocator, user_id: int, top: OutlineBlock, by: int | None, at: datetime, also: Also
) -> Reworked:
    """Work that is taken away in the entrance exam opens the course no more."""
    with transaction.atomic():
        try:
            found = wipe_work(run_key, user_id, top.ref, by=by, at=at)
        except AccessDenied as error:
            raise ReworkRefused(_("There is no such learner.")) from error
        if not found:
            return NO_REWORK
        _tell_deleted(run_key, top, at)
        also(top.ref)
        section = entrance_section(content.outline(run_key))
        if section is not None and section.index <= top.index < section.end:
            EntrancePassed.objects.filter(user_id=user_id, run_id=catalog.run(run_key).id, skipped=False).delete()
    return Reworked(1)


def set_score(
    run_key: CourseLocator,
    user_id: int,
    ref: str,
    earned: float,
    *,
    by: int | None,
    at: datetime,
    also: Also = nothing_else,
) -> tuple[float, float]:
    """Puts ``earned`` (weighted) points in the place of a learner's in the block ``ref``, until they answer again or it
    is graded anew; also where they never answered. What was set, and out of what. ``also`` is called with the ref in
    the transaction that does it.

    Raises :class:`ReworkRefused` for points that cannot be, ``RunMissing``.
    """
    block, who = _block(run_key, ref), visitor_of(run_key, user_id, at)
    if not block.facts.has_score:
        raise ReworkRefused(_("“{title}” has no score.").format(title=block.title))
    raw_possible = _raw_possible(who, block)
    weight = block.own.get("weight")
    possible = raw_possible if weight is None else float(weight)
    if not 0 <= earned <= possible:
        raise ReworkRefused(_("Give points from 0 to {most}.").format(most=f"{possible:g}"))
    raw_earned = earned * raw_possible / possible if possible else 0.0

    def act(work: Work) -> None:
        work.sink.cause = Cause(grades.OVERRIDDEN, by)
        work.sink.also.append(partial(also, ref))
        built = blocks.build(work.visit, ref)
        if callable(getattr(built, "set_score", None)):
            built.set_score(_Score(raw_earned, raw_possible))
            built.save()
        work.sink.grade(
            ref,
            raw_earned,
            raw_possible,
            only_if_higher=False,
            user_id=user_id,
            score_deleted=False,
            grader_response=False,
        )

    keeping(who, act, grader=True)
    return earned, possible


class _Score:
    """What the XBlock of a problem takes as a score (``xblock.scorable.Score``)."""

    def __init__(self, raw_earned: float, raw_possible: float) -> None:
        self.raw_earned = raw_earned
        self.raw_possible = raw_possible


def _raw_possible(who: Visitor, block: OutlineBlock) -> float:
    stored = grades.scores(who.viewer.user_id or 0, who.run.id, [block.ref]).get(block.ref)
    possible = stored[1] if stored is not None and stored[1] > 0 else block.facts.max_score
    if not possible:
        raise ReworkRefused(_("There is nothing to earn in “{title}”.").format(title=block.title))
    return float(possible)


def work_in(run_key: CourseLocator, user_id: int, ref: str, *, at: datetime) -> WorkInBlock:
    """What a learner did in the block ``ref``. Three reads. Raises :class:`ReworkRefused`, ``RunMissing``."""
    run, block = catalog.run(run_key), _block(run_key, ref)
    row = LearnerState.objects.filter(user_id=user_id, run_id=run.id, ref=ref).first()
    state = decode(row.state) if row is not None else {}
    raw = grades.scores(user_id, run.id, [ref]).get(ref)
    weight = block.own.get("weight")
    possible = raw[1] if raw else block.facts.max_score
    share = float(weight) / possible if weight is not None and possible else 1.0
    usage = usage_of(run_key, ref)
    return WorkInBlock(
        ref=ref,
        title=block.title,
        earned=raw[0] * share if raw else None,
        possible=None if possible is None else possible * share,
        attempts=int(state.get("attempts") or 0),
        last=row.modified if row is not None else None,
        submissions=submissions(state, usage, at, partial(borrow, usage, at)),
        has_state=row is not None or raw is not None,
    )


def learners_with_work(run_id: int, refs: Collection[str], *, after: int = 0, limit: int = 50) -> tuple[int, ...]:
    """The ids of at most ``limit`` learners with a state or a score in one of these blocks, in order, past ``after``.
    Two short reads over indexes for each block. For jobs."""
    found = set(grades.scored_learners(run_id, refs, after=after, limit=limit))
    for ref in refs:
        rows = LearnerState.objects.filter(run_id=run_id, ref=ref, user_id__gt=after).order_by("user_id")
        found.update(rows.values_list("user_id", flat=True)[:limit])
    return tuple(sorted(found)[:limit])


def count_with_work(run_id: int, refs: Collection[str]) -> int:
    """How many learners have a state in one of these blocks. One read over an index."""
    rows = LearnerState.objects.filter(run_id=run_id, ref__in=list(refs))
    return rows.values("user_id").distinct().count()


def _together(found: list[Reworked]) -> Reworked:
    words = [one.words for one in found if one.words]
    return Reworked(sum(one.done for one in found), sum(one.failed for one in found), " ".join(words))


def _block(run_key: CourseLocator, ref: str) -> OutlineBlock:
    block = content.outline(run_key).get(ref)
    if block is None:
        raise ReworkRefused(_("There is nothing like {ref} in this course as it is published.").format(ref=ref))
    return block


def _tell_deleted(run_key: CourseLocator, block: OutlineBlock, at: datetime) -> None:
    payload: EmptyPayload = {}
    context = {"module": module_of(run_key, block.ref, block)}
    emit("problem_delete_state", payload, course_id=run_key, context=context, page="x_module", at=at)
