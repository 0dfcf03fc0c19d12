"""Taking away what a learner did in a part of a run, as if they had never been there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lykeion.blocks.types import Viewer
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.content import api as content
from lykeion.content.types import OutlineBlock
from lykeion.core.keys import CourseLocator
from lykeion.courseware.completion import count_anew
from lykeion.courseware.entering import learner, plan, sheet
from lykeion.courseware.models import LearnerState, ScopedState
from lykeion.courseware.signals import work_wiped
from lykeion.courseware.types import Visitor
from lykeion.grades import api as grades
from lykeion.grades.types import Cause


def wipe_work(run_key: CourseLocator, user_id: int, ref: str, *, by: int | None, at: datetime) -> bool:
    """Takes away what a learner did in one block; see :func:`lykeion.courseware.api.wipe_work`."""
    run = catalog.run(run_key)
    block = content.outline(run.key).get(ref)
    if block is None:
        return False
    with transaction.atomic():
        grades.hold(user_id, run.id, at)
        return wipe(run, user_id, block, by=by, at=at)


def wipe(run: Run, user_id: int, top: OutlineBlock, *, by: int | None, at: datetime) -> bool:
    """Deletes a learner's answers, scores and completion in ``top`` and all below it, grades them anew, and lets those
    who keep more of it delete that (:data:`~lykeion.courseware.signals.work_wiped`). Whether a block had anything.

    For a transaction that holds the learner's grade. Source: ``reset_student_attempts(..., delete_module=True)`` of
    Open edX, which edx-proctoring calls. Raises :class:`AccessDenied` when there is no such person.
    """
    outline = content.outline(run.key)
    refs = [block.ref for block in outline.subtree(top)]
    rows, _models = LearnerState.objects.filter(user_id=user_id, run_id=run.id, ref__in=refs).delete()
    names = [f"{run.id}/{ref}" for ref in refs]
    ScopedState.objects.filter(user_id=user_id, kind="usage", name__in=names).delete()
    who = learner(Visitor(run, outline, Viewer(user_id=None), None, at), user_id)
    count_anew(who, user_id, plan(who))
    scored = _unscore(who, user_id, refs, by)
    work_wiped.send(sender=None, run=run.key, user_id=user_id, refs=tuple(refs), by=by, at=at)
    return bool(rows or scored)


def _unscore(who: Visitor, user_id: int, refs: list[str], by: int | None) -> bool:
    run, at = who.run, who.at
    scored = grades.scores(user_id, run.id, refs)
    if scored:
        gone = [grades.NewScore(ref, None, None, deleted=True) for ref in scored]
        standing, frozen = grades.hold(user_id, run.id, at), grades.is_frozen(run.end, at)
        grades.record_scores(
            user_id=user_id,
            run_id=run.id,
            sheet=sheet(who),
            scores=gone,
            standing=standing,
            frozen=frozen,
            cause=Cause(grades.STATE_DELETED, by),
            at=at,
        )
    return bool(scored)
