"""The events and signals of grading (openedx.md §9.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from lykeion.core.keys import CourseLocator, parse_run, usage_text
from lykeion.events.api import emit
from lykeion.events.types import (
    CourseGradePayload,
    NewScorePayload,
    ScorePayload,
    SubsectionGradePayload,
    SubsectionOverriddenPayload,
    TransactionPayload,
)
from lykeion.grades import signals
from lykeion.grades.rows import Totals
from lykeion.grades.sheet import Sheet, SheetLine
from lykeion.grades.types import Cause, CourseGrade, Standing

SUBMITTED = "edx.grades.problem.submitted"
STATE_DELETED = "edx.grades.problem.state_deleted"
RESCORED = "edx.grades.problem.rescored"
OVERRIDDEN = "edx.grades.problem.score_overridden"
SUBSECTION_OVERRIDDEN = "edx.grades.subsection.score_overridden"
ANSWERED = Cause(SUBMITTED)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why grades change: whose, in which run, by what kind of event; ``id`` ties the events of one change together."""

    user_id: int
    run_id: int
    run: CourseLocator
    kind: str
    id: str
    at: datetime
    cause: Cause = ANSWERED

    def transaction(self) -> TransactionPayload:
        """The fields that all events of this occasion have."""
        return {
            "user_id": self.user_id,
            "course_id": str(self.run),
            "event_transaction_id": self.id,
            "event_transaction_type": self.kind,
        }

    def emit(self, name: str, payload: TransactionPayload) -> None:
        """Emits an event of this occasion."""
        emit(name, payload, course_id=self.run, at=self.at)


def occasion(user_id: int, run_id: int, run: str, kind: str, at: datetime, cause: Cause = ANSWERED) -> Occasion:
    """A new occasion with an id of its own."""
    return Occasion(user_id, run_id, parse_run(run), kind, str(uuid4()), at, cause)


def tell_score(why: Occasion, ref: str, earned: float, possible: float) -> None:
    """A block's weighted score is new."""
    problem = usage_text(why.run, ref)
    if why.kind == SUBMITTED:
        answered: ScorePayload = {
            **why.transaction(),
            "problem_id": problem,
            "weighted_earned": earned,
            "weighted_possible": possible,
        }
        why.emit(why.kind, answered)
        return
    marked: NewScorePayload = {
        **why.transaction(),
        "problem_id": problem,
        "new_weighted_earned": earned,
        "new_weighted_possible": possible,
        "only_if_higher": why.cause.only_if_higher,
        "instructor_id": why.cause.by,
    }
    why.emit(why.kind, marked)


def tell_override(why: Occasion, ref: str, *, deleted: bool) -> None:
    """Somebody put totals in the place of a subsection's, or took them back.

    Source: Open edX ``grades/events.py:grade_updated``, which calls the subsection ``problem_id`` here.
    """
    told: SubsectionOverriddenPayload = {
        **why.transaction(),
        "problem_id": usage_text(why.run, ref),
        "only_if_higher": None,
        "override_deleted": deleted,
    }
    why.emit(SUBSECTION_OVERRIDDEN, told)


def tell_subsection(why: Occasion, sheet: Sheet, line: SheetLine, totals: Totals, first: datetime | None) -> None:
    """A subsection's totals are new."""
    payload: SubsectionGradePayload = {
        **why.transaction(),
        "block_id": usage_text(why.run, line.ref),
        "course_version": sheet.root,
        "weighted_total_earned": totals[0],
        "weighted_total_possible": totals[1],
        "weighted_graded_earned": totals[2],
        "weighted_graded_possible": totals[3],
        "first_attempted": first.isoformat() if first else None,
        "subtree_edited_timestamp": None,
        "visible_blocks_hash": line.hash,
    }
    why.emit("edx.grades.subsection.grade_calculated", payload)


def tell_course(why: Occasion, sheet: Sheet, grade: CourseGrade, before: Standing) -> None:
    """The course grade is new; and whether it now passes, or no longer does."""
    payload: CourseGradePayload = {
        **why.transaction(),
        "course_version": sheet.root,
        "percent_grade": grade.percent,
        "letter_grade": grade.letter,
        "course_edited_timestamp": None,
        "grading_policy_hash": sheet.policy.hash,
    }
    why.emit("edx.grades.course.grade_calculated", payload)
    told = {"user_id": why.user_id, "run_id": why.run_id, "run": str(why.run), "grade": grade, "at": why.at}
    signals.course_grade_changed.send(sender=CourseGrade, before=before, **told)
    if grade.passed and not before.passed:
        _tell_passed(why, before, told)
    elif before.passed and not grade.passed:
        why.emit("edx.course.grade.now_failed", why.transaction())
        signals.course_failed.send(sender=CourseGrade, before=before, **told)


def _tell_passed(why: Occasion, before: Standing, told: Mapping[str, Any]) -> None:
    why.emit("edx.course.grade.now_passed", why.transaction())
    first_time = before.passed_at is None
    if first_time:
        why.emit("edx.course.grade.passed.first_time", why.transaction())
    signals.course_passed.send(sender=CourseGrade, before=before, first_time=first_time, **told)
