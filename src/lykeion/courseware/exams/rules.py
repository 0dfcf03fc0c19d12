"""Timed exams as pure rules over a block, an attempt and a moment.

Sources: edx-proctoring's ``api.py`` (``_calculate_allowed_mins``, ``_get_timed_exam_view``: which page stands in the
exam's place) and ``statuses.py``; see openedx.md §1.5. The course's ``enable_timed_exams`` is not asked: Open edX's
outline does not ask either (``learning_sequences/api/processors/special_exams.py``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from lykeion.content.types import Outline, OutlineBlock
from lykeion.courseware.plan import SUBSECTION_DEPTH, subsection_of
from lykeion.courseware.types import Attempt, Visitor, Wall

DEFAULT_MINUTES: Final = 30
"""Of an exam that does not say (what Studio fills in)."""

Phase = Literal["entry", "expired", "running", "submitted", "review"]
"""Where an exam stands for one learner: before the start; missed; running; over and hidden; over and shown again."""


def is_exam(block: OutlineBlock) -> bool:
    """Whether ``block`` is a subsection against the clock."""
    return block.depth == SUBSECTION_DEPTH and bool(block.own.get("is_time_limited"))


def exam_with(outline: Outline, block: OutlineBlock) -> OutlineBlock | None:
    """The exam that ``block`` is or is in."""
    found = outline.get(subsection_of(outline, block))
    return found if found is not None and is_exam(found) else None


def minutes_of(exam: OutlineBlock) -> int:
    """The minutes that an exam allows everybody."""
    stored = exam.own.get("default_time_limit_minutes")
    return int(stored) if stored is not None and int(stored) > 0 else DEFAULT_MINUTES


def due_of(visitor: Visitor, exam: OutlineBlock) -> datetime | None:
    """When an exam must be over for this learner. No grace is given (openedx.md §1.5)."""
    due: datetime | None = visitor.dues.get(exam.ref) or exam.settings.get("due")
    return due


def allowed_minutes(exam: OutlineBlock, extra: int, due: datetime | None, at: datetime) -> int:
    """The minutes of somebody who starts at ``at`` with ``extra`` minutes granted: whole ones, until the due date at
    most."""
    minutes = minutes_of(exam) + extra
    if due is not None and at + timedelta(minutes=minutes) > due:
        return max(int((due - at).total_seconds() // 60), 0)
    return minutes


def is_running(attempt: Attempt | None, at: datetime) -> bool:
    """Whether the clock runs. At the moment of its end an attempt is over."""
    if attempt is None or attempt.ends is None or attempt.completed is not None:
        return False
    return at < attempt.ends


def is_overdue(attempt: Attempt | None, at: datetime) -> bool:
    """Whether time ran out without anybody having noted it."""
    return attempt is not None and attempt.completed is None and attempt.ends is not None and at >= attempt.ends


def is_over(attempt: Attempt | None, at: datetime) -> bool:
    """Whether an attempt is submitted, by the learner or by the clock."""
    return attempt is not None and attempt.ends is not None and not is_running(attempt, at)


def phase(exam: OutlineBlock, attempt: Attempt | None, due: datetime | None, at: datetime) -> Phase:
    """Where ``exam`` stands for the learner of ``attempt``.

    Without a due date a submitted exam stays hidden for good; with ``hide_after_due``, too.
    """
    if attempt is None or attempt.ends is None:
        return "expired" if allowed_minutes(exam, 0, due, at) < 1 else "entry"
    if is_running(attempt, at):
        return "running"
    is_past = due is not None and due < at
    return "review" if is_past and not exam.own.get("hide_after_due") else "submitted"


_WALLS: Final[dict[Phase, Wall]] = {
    "entry": "exam_not_started", "expired": "exam_over", "running": "", "submitted": "exam_over", "review": "",
}  # fmt: skip


def wall_of(where: Phase) -> Wall:
    """What stands in front of an exam."""
    return _WALLS[where]
