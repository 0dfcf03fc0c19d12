"""Timed exams, as rules over a block, an attempt and a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lykeion.content.types import OutlineBlock
from lykeion.courseware.exams.rules import allowed_minutes, is_overdue, is_running, minutes_of, phase, wall_of
from lykeion.courseware.types import Attempt
from tests.factories import NOW, chapter, course, outline, sequential, vertical

MINUTE = timedelta(minutes=1)


def exam(**fields: Any) -> OutlineBlock:
    """A timed subsection."""
    tree = outline(course(chapter("c1", sequential("s1", vertical("u1"), is_time_limited=True, **fields))))
    return tree.blocks[tree.index["sequential@s1"]]


def attempt(started: datetime, minutes: int = 30, completed: datetime | None = None, **fields: Any) -> Attempt:
    """An attempt that began at ``started``."""
    values = {"status": "submitted" if completed else "started", **fields}
    ends = started + minutes * MINUTE
    return Attempt(1, "sequential@s1", values["status"], "CODE", minutes, started, ends, completed)


@pytest.mark.parametrize(("stored", "minutes"), [(45, 45), (None, 30), (0, 30), (-5, 30)])
def test_an_exam_that_does_not_say_how_long_it_is_takes_half_an_hour(stored: Any, minutes: int) -> None:
    assert minutes_of(exam(default_time_limit_minutes=stored)) == minutes


@pytest.mark.parametrize(
    ("extra", "due", "minutes"),
    [
        (0, None, 40),
        (15, None, 55),
        (0, NOW + 60 * MINUTE, 40),
        (15, NOW + 50 * MINUTE, 50),  # the due date comes first
        (0, NOW + timedelta(minutes=10, seconds=59), 10),
        (0, NOW - MINUTE, 0),
    ],
)
def test_time_ends_at_the_due_date_whatever_is_granted(extra: int, due: datetime | None, minutes: int) -> None:
    assert allowed_minutes(exam(default_time_limit_minutes=40), extra, due, NOW) == minutes


CREATED = Attempt(1, "sequential@s1", "created", "CODE", 0, None, None, None)


@pytest.mark.parametrize(
    ("made", "due", "fields", "where", "wall"),
    [
        (None, None, {}, "entry", "exam_not_started"),
        (CREATED, NOW + 9 * MINUTE, {}, "entry", "exam_not_started"),
        (None, NOW - MINUTE, {}, "expired", "exam_over"),
        (None, NOW + MINUTE / 2, {}, "expired", "exam_over"),  # no whole minute is left
        (attempt(NOW - 29 * MINUTE), None, {}, "running", ""),
        (attempt(NOW - 29 * MINUTE, status="ready_to_submit"), None, {}, "running", ""),
        (attempt(NOW - 30 * MINUTE), None, {}, "submitted", "exam_over"),  # the end is over
        (attempt(NOW - 9 * MINUTE, completed=NOW - MINUTE), NOW + MINUTE, {}, "submitted", "exam_over"),
        (attempt(NOW - 9 * MINUTE, completed=NOW - MINUTE), None, {}, "submitted", "exam_over"),
        (attempt(NOW - 40 * MINUTE, completed=NOW - 20 * MINUTE), NOW - MINUTE, {}, "review", ""),
        (attempt(NOW - 40 * MINUTE), NOW - 10 * MINUTE, {}, "review", ""),
        (attempt(NOW - 40 * MINUTE), NOW - 10 * MINUTE, {"hide_after_due": True}, "submitted", "exam_over"),
    ],
)
def test_where_an_exam_stands_decides_its_wall(
    made: Attempt | None, due: datetime | None, fields: dict[str, Any], where: str, wall: str
) -> None:
    found = phase(exam(**fields), made, due, NOW)

    assert (found, wall_of(found)) == (where, wall)


def test_a_clock_that_ran_out_unseen_is_overdue() -> None:
    assert is_overdue(attempt(NOW - 30 * MINUTE), NOW)
    assert not is_overdue(attempt(NOW - 29 * MINUTE), NOW)
    assert not is_overdue(attempt(NOW - 40 * MINUTE, completed=NOW), NOW)
    assert not is_overdue(None, NOW)
    assert not is_running(CREATED, NOW)
