"""When things are due for one learner: tables of the pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lykeion.catalog.types import Enrolment
from lykeion.courseware.pacing import OwnDues, due_after, never_earlier, reopened, schedule_start, within_bounds
from tests.courseware.test_access import TREES
from tests.factories import chapter, course, html, outline, problem, sequential, vertical

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
START = datetime(2026, 3, 1, tzinfo=UTC)


def graded(name: str, **fields: object):
    """A graded subsection with a problem."""
    return sequential(name, vertical(f"u-{name}", problem(f"p-{name}")), graded=True, **fields)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [(1, 4 * WEEK), (4, 4 * WEEK), (6, 6 * WEEK), (6.5, 6.5 * WEEK), (18, 18 * WEEK), (1000, 18 * WEEK)],
)
def test_a_course_is_spread_over_4_to_18_weeks(weeks, expected):
    assert within_bounds(weeks) == expected


def test_subsections_say_in_which_week_they_are_due():
    spec = course(chapter("c", graded("a", relative_weeks_due=2), graded("b"), graded("d", relative_weeks_due=0)))

    assert due_after(outline(spec)) == {"sequential@a": 2 * WEEK}


def test_a_course_that_asks_has_its_assignments_spread_by_section():
    read_only = sequential("text", vertical("u", html("t")), graded=True)
    practice = sequential("practice", vertical("u2", problem("p2")))
    worthless = sequential("worthless", vertical("u3", problem("p3", weight=0)), graded=True)
    spec = course(
        chapter("c1", graded("a"), read_only, practice, worthless),
        chapter("secret", graded("x"), visible_to_staff_only=True),
        chapter("c2", graded("b", relative_weeks_due=1), graded("d")),
        other_course_settings={"weeks_to_complete": 8},
    )

    assert due_after(outline(spec)) == {
        "sequential@a": 4 * WEEK,
        "sequential@b": 1 * WEEK,
        "sequential@d": 8 * WEEK,
    }


@pytest.mark.parametrize(
    ("run_start", "enrolled", "shifted", "expected"),
    [
        (START, START - DAY, None, START),
        (START, START + DAY, None, START + DAY),
        (None, START, None, START),
        (START, START - DAY, START + WEEK, START + WEEK),
        (START, START - WEEK, START - DAY, START),
    ],
)
def test_a_schedule_starts_with_the_learner_but_not_before_the_run(run_start, enrolled, shifted, expected):
    enrolment = Enrolment(1, 1, "audit", True, enrolled, schedule_start=shifted)

    assert schedule_start(replace(TREES, start=run_start), enrolment) == expected


def test_the_later_of_schedule_and_extension_counts():
    dues = OwnDues(START, {"a": WEEK, "b": WEEK, "c": WEEK}, {"a": START + DAY, "b": START + 2 * WEEK, "z": START})

    assert dict(dues) == {"a": START + WEEK, "b": START + 2 * WEEK, "c": START + WEEK, "z": START}
    assert len(dues) == 4
    assert "nothing" not in dues


def test_an_extension_takes_no_time_away_when_the_author_chooses_a_later_date():
    made = outline(course(chapter("c", sequential("a", due=START + WEEK), sequential("b", due=START))))
    given = {"sequential@a": START + DAY, "sequential@b": START + DAY, "sequential@gone": START}

    assert never_earlier(made, given) == {"sequential@a": START + WEEK, "sequential@b": START + DAY}


@pytest.mark.parametrize(
    ("own", "at", "expected"),
    [
        (None, START + DAY, ()),
        (START + WEEK, START - DAY, ()),
        (START + WEEK, START + DAY, (("sequential@a", ""),)),
        (START + WEEK, START + WEEK, (("sequential@a", ""),)),
        (START + WEEK, START + WEEK + DAY, ()),
    ],
)
def test_what_closed_for_others_is_open_until_the_learners_own_date(own, at, expected):
    made = outline(course(chapter("c", sequential("a", due=START, hide_after_due=True))))

    assert reopened(made, ["sequential@a"], {"sequential@a": own} if own else {}, at) == expected
