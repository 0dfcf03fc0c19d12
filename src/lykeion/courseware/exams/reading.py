"""Reading the tables of timed exams."""

from __future__ import annotations

from typing import Any

from lykeion.core.prepared import Prepared
from lykeion.courseware.models import ExamAllowance
from lykeion.courseware.models import ExamAttempt as AttemptRow
from lykeion.courseware.types import Attempt

COLUMNS = ("id", "ref", "status", "code", "allowed_minutes", "started_at", "ends_at", "completed_at")

_ATTEMPTS = Prepared(
    AttemptRow, lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list(*COLUMNS), write=True
)


def attempts_of(user_id: int, run_id: int) -> dict[str, Attempt]:
    """The attempts of a learner in a run by ref of the exam. One read."""
    return {row[1]: Attempt(*row) for row in _ATTEMPTS(user_id, run_id)}


def attempt_of(row: Any) -> Attempt:
    """A row as a value."""
    return Attempt(*(getattr(row, name) for name in COLUMNS))


def all_extra_minutes(user_id: int, run_id: int) -> dict[str, int]:
    """The minutes granted to a learner on top of those of exams, by ref of the exam. One read."""
    return dict(ExamAllowance.objects.filter(user_id=user_id, run_id=run_id).values_list("ref", "minutes"))


def extra_minutes(user_id: int, run_id: int, ref: str) -> int:
    """The minutes granted to a learner on top of an exam's own. One read."""
    rows = ExamAllowance.objects.filter(user_id=user_id, run_id=run_id, ref=ref)
    return rows.values_list("minutes", flat=True).first() or 0


def exam_attempts(run_id: int, *, after: int = 0, limit: int = 500) -> tuple[tuple[int, Attempt], ...]:
    """Attempts at all exams of a run with whose they are, past the one of the id ``after``, by id. One read; for
    reports."""
    rows = AttemptRow.objects.filter(run_id=run_id, pk__gt=after).order_by("pk")
    return tuple((user_id, Attempt(*row)) for user_id, *row in rows.values_list("user_id", *COLUMNS)[:limit])


def count_exam_attempts(run_id: int) -> int:
    """How many attempts :func:`exam_attempts` goes through. One read."""
    return AttemptRow.objects.filter(run_id=run_id).count()
