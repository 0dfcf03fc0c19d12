"""Attempts at timed exams: started, handed in, ended by the clock. Each change is one transaction.

The clock is the server's: what came in before the end counts, what came later is refused. Completed attempts do not go
back (edx-proctoring, ``statuses.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.content.types import OutlineBlock
from lykeion.courseware.access import wall_refusal
from lykeion.courseware.barriers import barred
from lykeion.courseware.entering import check_taking_part, plan
from lykeion.courseware.exams.reading import attempt_of, extra_minutes
from lykeion.courseware.exams.rules import allowed_minutes, due_of, is_exam, is_overdue, is_running
from lykeion.courseware.exams.telling import tell_attempt
from lykeion.courseware.models import ExamAttempt as AttemptRow
from lykeion.courseware.types import ExamError, Visitor
from lykeion.grades import api as grades


def start_exam(visitor: Visitor, ref: str) -> None:
    """Starts the clock of the timed exam ``ref``: once, however often it is asked for, and leads back into it from the
    question whether to submit it. Minutes allowed are fixed now: the exam's, those granted to the learner, until the
    due date at most. Nothing happens for staff.

    Raises :class:`AccessDenied`, and :class:`~lykeion.courseware.types.ExamError` when it cannot be started any more.
    """
    user_id, exam = check_taking_part(visitor), _exam(visitor, ref)
    if visitor.is_staff:
        return
    wall = plan(visitor).wall(exam)
    if wall not in {"", "exam_not_started", "exam_over"}:
        raise barred(visitor, wall, exam)
    with _turn(visitor, user_id, exam) as row:
        attempt = attempt_of(row) if row is not None else None
        if is_running(attempt, visitor.at) and row is not None:
            _change(row, status="started")
        elif attempt is None or attempt.ends is None:
            _begin(visitor, user_id, exam, row)
        else:
            raise ExamError(_("This exam is over: you have submitted it, or its time is up."))


def ask_to_submit_exam(visitor: Visitor, ref: str) -> None:
    """Has the learner asked whether to submit the running exam ``ref``; the clock runs on. Raises
    :class:`AccessDenied`."""
    user_id, exam = check_taking_part(visitor), _exam(visitor, ref)
    with _turn(visitor, user_id, exam) as row:
        if row is None or not is_running(attempt_of(row), visitor.at):
            return
        if row.status != "ready_to_submit":
            _change(row, status="ready_to_submit")
            _tell("ready_to_submit", visitor, exam, row, visitor.at)


def submit_exam(visitor: Visitor, ref: str) -> None:
    """Ends the visitor's attempt at the exam ``ref`` for good. Does nothing to one that is over, or never began.
    Raises :class:`AccessDenied`."""
    user_id, exam = check_taking_part(visitor), _exam(visitor, ref)
    with _turn(visitor, user_id, exam) as row:
        if row is not None and row.completed_at is None and row.ends_at is not None:
            _end(visitor, exam, row, min(visitor.at, row.ends_at))


def settle(visitor: Visitor, ref: str) -> None:
    """Notes that the clock has ended an attempt, if it has. Costs nothing otherwise."""
    if is_overdue(visitor.work.attempts.get(ref), visitor.at):
        submit_exam(visitor, ref)


def _exam(visitor: Visitor, ref: str) -> OutlineBlock:
    block = visitor.outline.get(ref)
    if block is None or not is_exam(block):
        raise wall_refusal("not_chosen", visitor.outline.course, beta=False)
    return block


@contextmanager
def _turn(visitor: Visitor, user_id: int, exam: OutlineBlock) -> Iterator[AttemptRow | None]:
    """The learner's attempt as it is now, while nobody else changes what they did in the run."""
    with transaction.atomic():
        grades.hold(user_id, visitor.run.id, visitor.at)
        yield AttemptRow.objects.filter(user_id=user_id, run_id=visitor.run.id, ref=exam.ref).first()


def _begin(visitor: Visitor, user_id: int, exam: OutlineBlock, row: AttemptRow | None) -> None:
    at, run_id = visitor.at, visitor.run.id
    minutes = allowed_minutes(exam, extra_minutes(user_id, run_id, exam.ref), due_of(visitor, exam), at)
    if minutes < 1:
        raise ExamError(_("The due date of this exam has passed: it cannot be started any more."))
    if row is None:
        row = AttemptRow(user_id=user_id, run_id=run_id, ref=exam.ref, status="created", code=_code(), created=at)
        row.save()
        _tell("created", visitor, exam, row, at)
    ends = at + timedelta(minutes=minutes)
    _change(row, status="started", allowed_minutes=minutes, started_at=at, ends_at=ends)
    _tell("started", visitor, exam, row, at)


def _code() -> str:
    return str(uuid4()).upper()


def _end(visitor: Visitor, exam: OutlineBlock, row: AttemptRow, at: datetime) -> None:
    _change(row, status="submitted", completed_at=at)
    _tell("submitted", visitor, exam, row, at)


def _change(row: AttemptRow, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _tell(what: str, visitor: Visitor, exam: OutlineBlock, row: AttemptRow, at: datetime) -> None:
    tell_attempt(what, visitor.outline, exam, row.user_id, attempt_of(row), at)
