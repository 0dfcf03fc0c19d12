"""``edx-submissions`` (edx-sga, open response): whoever sets a score there sets it here, and a learner's work that is
taken away here is taken away there.

Sources: ``submissions_score_set_handler`` (lms/djangoapps/grades/signals/handlers.py), ``reset_student_attempts``
(lms/djangoapps/instructor/enrollment.py) of Open edX.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from submissions import api as submissions
from submissions.models import StudentItem, score_reset, score_set

from lykeion.accounts import api as accounts
from lykeion.blocks.types import NoSuchBlock
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import BadKey, CourseLocator, parse_run, parse_usage, ref_of, usage_text
from lykeion.courseware import api as courseware
from lykeion.courseware.signals import work_wiped
from lykeion.courseware.types import AccessDenied

log = logging.getLogger(__name__)

_clearing: ContextVar[bool] = ContextVar("clearing", default=False)


def listen() -> None:
    """Hears of scores, and of work that is taken away, from now on."""
    work_wiped.connect(_clear, dispatch_uid="lykeion.shims.work_wiped")
    score_set.connect(_set, dispatch_uid="lykeion.shims.score_set")
    score_reset.connect(_reset, dispatch_uid="lykeion.shims.score_reset")


def _set(
    sender: object,
    *,
    anonymous_user_id: str,
    course_id: str,
    item_id: str,
    points_earned: float,
    points_possible: float,
    **more: Any,
) -> None:
    _keep(anonymous_user_id, course_id, item_id, (points_earned, points_possible))


def _reset(sender: object, *, anonymous_user_id: str, course_id: str, item_id: str, **more: Any) -> None:
    _keep(anonymous_user_id, course_id, item_id, (None, None))


def _keep(anonymous_id: str, course_id: str, item_id: str, score: tuple[float | None, float | None]) -> None:
    """Keeps a score of a block here. Submissions of other things (another course, no course, nobody) are no business of
    grades, and it is no mistake to make some."""
    if _clearing.get():
        return
    try:
        run, usage = parse_run(course_id), parse_usage(item_id)
        user_id = accounts.whose_id(anonymous_id, run)
        if user_id is None or usage.course_key != run:
            log.info("a score for %s in %s is of nobody here", item_id, course_id)
            return
        courseware.keep_for(run, user_id, ref_of(usage), score=score, at=now())
    except (BadKey, RunMissing, AccessDenied) as error:
        log.info("a score for %s in %s is not kept: %s", item_id, course_id, error)


def _clear(
    sender: object,
    *,
    run: CourseLocator,
    user_id: int,
    refs: tuple[str, ...],
    by: int | None,
    at: datetime,
    **more: Any,
) -> None:
    student = accounts.anonymous_id(user_id, run)
    remover = accounts.anonymous_id(by, run) if by is not None else ""
    usages = [usage_text(run, ref) for ref in refs]
    left = StudentItem.objects.filter(student_id=student, course_id=str(run), item_id__in=usages)
    with _without_scores():
        for usage in left.order_by("pk").values_list("item_id", flat=True):
            clear = _clearer(usage, at)
            if clear is None:
                submissions.reset_score(student, str(run), usage, clear_state=True)
            else:
                clear(user_id=student, course_id=str(run), item_id=usage, requesting_user_id=remover)


def _clearer(usage: str, at: datetime) -> Callable[..., object] | None:
    """How a block clears what it keeps itself, if it does: it also takes a response out of the hands of those who would
    assess it, and removes its files."""
    try:
        block = courseware.borrow(parse_usage(usage), at)
    except NoSuchBlock:
        return None
    found: Callable[..., object] | None = getattr(block, "clear_student_state", None)
    return found


@contextmanager
def _without_scores() -> Iterator[None]:
    """What is cleared has no score here any more, whatever is said meanwhile (a response taken back earns 0)."""
    token = _clearing.set(True)
    try:
        yield
    finally:
        _clearing.reset(token)
