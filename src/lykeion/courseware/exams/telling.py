"""What the tracking log is told of timed exams (openedx.md §9.2; edx-proctoring's ``utils.py:emit_event``)."""

from __future__ import annotations

from datetime import datetime
from zlib import crc32

from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.courseware.exams.rules import is_exam, minutes_of
from lykeion.courseware.types import Attempt
from lykeion.events.api import emit
from lykeion.events.types import ExamAllowancePayload, ExamAttemptPayload, ExamPayload

ADDITIONAL_TIME = "additional_time_granted"


def tell_attempt(what: str, outline: Outline, exam: OutlineBlock, user_id: int, attempt: Attempt, at: datetime) -> None:
    """``created``, ``started``, ``ready_to_submit``, ``submitted`` or ``deleted``."""
    elapsed = (at - attempt.started).total_seconds() if attempt.started is not None else None
    payload: ExamAttemptPayload = {
        **_exam(outline.run, exam),
        "attempt_id": attempt.id,
        "attempt_user_id": user_id,
        "attempt_started_at": _iso(attempt.started),
        "attempt_completed_at": _iso(attempt.completed),
        "attempt_code": attempt.code,
        "attempt_allowed_time_limit_mins": attempt.allowed_minutes,
        "attempt_status": attempt.status,
        "attempt_event_elapsed_time_secs": elapsed,
    }
    emit(f"edx.special_exam.timed.attempt.{what}", payload, course_id=outline.run, at=at)


def tell_allowance(what: str, outline: Outline, exam: OutlineBlock, user_id: int, minutes: int, at: datetime) -> None:
    """``created`` or ``deleted``."""
    payload: ExamAllowancePayload = {
        **_exam(outline.run, exam),
        "allowance_user_id": user_id,
        "allowance_key": ADDITIONAL_TIME,
        "allowance_value": str(minutes),
    }
    emit(f"edx.special_exam.timed.allowance.{what}", payload, course_id=outline.run, at=at)


def tell_exams(old: Outline | None, new: Outline, at: datetime) -> None:
    """What a publish did to the exams of a run: ``created`` for those that are new, ``updated`` for those that are
    other than they were or are none any more."""
    before = {} if old is None else _exams(old)
    now = _exams(new)
    told: list[tuple[str, ExamPayload]]
    told = [("updated" if ref in before else "created", exam) for ref, exam in now.items() if before.get(ref) != exam]
    told += [("updated", {**exam, "exam_is_active": False}) for ref, exam in before.items() if ref not in now]
    for what, exam in told:
        emit(f"edx.special_exam.timed.{what}", exam, course_id=new.run, at=at)


def _exams(outline: Outline) -> dict[str, ExamPayload]:
    return {exam.ref: _exam(outline.run, exam) for exam in outline.blocks if is_exam(exam)}


def _exam(run: CourseLocator, exam: OutlineBlock) -> ExamPayload:
    """The exam in an event. Exams have no rows of their own here: their number is made of their key.

    Nobody watches them, whatever their author asked for, so none is a proctored one.
    """
    usage = usage_text(run, exam.ref)
    return {
        "exam_id": crc32(usage.encode()),
        "exam_content_id": usage,
        "exam_name": exam.title,
        "exam_default_time_limit_mins": minutes_of(exam),
        "exam_is_proctored": False,
        "exam_is_practice_exam": bool(exam.own.get("is_practice_exam")),
        "exam_is_active": True,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
