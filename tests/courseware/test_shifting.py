"""Self-paced runs: dates that count from the learner's start, and shifting them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lykeion.catalog import api as catalog
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Mask, Shifted
from tests.courseware.acting import ENTER, answer, enter
from tests.factories import (
    FUTURE,
    NOW,
    PAST,
    RUN,
    Spec,
    chapter,
    course,
    learner,
    person,
    question,
    sequential,
    store_course,
    teacher,
    vertical,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def own_pace(**fields: object) -> Spec:
    """Due one and two weeks after the start."""
    subsections = [
        sequential(f"s{week}", vertical(f"u{week}", question(f"p{week}")), graded=True, relative_weeks_due=week)
        for week in (1, 2)
    ]
    return course(chapter("c", *subsections), **{"self_paced": True, **fields})


def newcomer(name: str, at: datetime):
    """Somebody who enrols at ``at``."""
    user = person(name)
    catalog.enrol(user.pk, RUN, mode="audit", at=at, by=user.pk)
    return user


def dues(visitor) -> list[datetime]:
    """What the dates page tells."""
    return [date.at for date in courseware.dates(visitor) if date.kind == "due"]


def test_dates_count_from_when_each_learner_enrolled(django_assert_num_queries) -> None:
    store_course(own_pace())
    alice, dan = newcomer("alice", NOW), newcomer("dan", NOW - WEEK)

    with django_assert_num_queries(ENTER):
        assert dict(enter(alice).dues) == {"sequential@s1": NOW + WEEK, "sequential@s2": NOW + 2 * WEEK}
    assert dues(enter(dan)) == [NOW, NOW + WEEK]


def test_a_course_at_the_pace_of_its_team_has_no_such_dates() -> None:
    store_course(own_pace(self_paced=False))

    assert dues(enter(newcomer("alice", NOW))) == []


def test_a_problem_closes_at_the_learners_date_and_opens_when_they_shift() -> None:
    store_course(own_pace())
    alice, dan = newcomer("alice", NOW - 3 * WEEK), newcomer("dan", NOW - 3 * WEEK)
    assert answer(enter(alice), "p1").grade is None

    shifted = courseware.shift_dates(enter(alice))

    assert shifted == Shifted(None, NOW)
    assert answer(enter(alice), "p1").grade is not None
    assert dues(enter(alice)) == [NOW + WEEK, NOW + 2 * WEEK]
    assert dues(enter(dan)) == [NOW - 2 * WEEK, NOW - WEEK]


def test_shifting_is_offered_for_what_is_late_and_unfinished_only() -> None:
    store_course(own_pace())
    alice = newcomer("alice", NOW - 10 * timedelta(days=1))

    def offered(at: datetime = NOW) -> list[bool]:
        visitor = enter(alice, at)
        late = any(date.missed for date in courseware.dates(visitor))
        units = [courseware.unit(visitor, f"vertical@u{week}").missed for week in (1, 2)]
        return [courseware.home(visitor).missed, late, *units]

    assert offered() == [True, True, True, False]
    answer(enter(alice, NOW - WEEK), "p1")
    assert offered() == [False, False, False, False]
    assert courseware.shift_dates(enter(alice)) is None
    assert catalog.run_and_enrolment(RUN, alice.pk)[1].schedule_start is None


def test_undo_brings_the_old_dates_back_once() -> None:
    store_course(own_pace())
    alice = newcomer("alice", NOW - 3 * WEEK)
    before = dues(enter(alice))
    shifted = courseware.shift_dates(enter(alice))
    assert shifted is not None

    assert courseware.unshift_dates(enter(alice), shifted)

    assert dues(enter(alice)) == before
    assert not courseware.unshift_dates(enter(alice), shifted)


def test_two_windows_shift_once() -> None:
    store_course(own_pace())
    alice = newcomer("alice", NOW - 3 * WEEK)
    one, other = enter(alice), enter(alice)

    assert courseware.shift_dates(one) == Shifted(None, NOW)
    assert courseware.shift_dates(other) is None


@pytest.mark.parametrize("why", ["paced", "over", "team", "left", "mask"])
def test_where_no_dates_can_move_nothing_is_shifted(why: str) -> None:
    store_course(own_pace(self_paced=why != "paced", end=NOW - WEEK if why == "over" else FUTURE))
    alice = newcomer("alice", NOW - 3 * WEEK)
    if why == "left":
        catalog.unenrol(alice.pk, RUN, at=NOW)
    user = teacher("bob") if why in {"team", "mask"} else alice

    with pytest.raises(AccessDenied):
        mask = Mask("person", alice.pk) if why == "mask" else None
        courseware.shift_dates(courseware.enter(user, RUN, NOW, mask=mask))
    assert catalog.run_and_enrolment(RUN, alice.pk)[1].schedule_start is None


def test_an_extension_holds_in_a_self_paced_run_too() -> None:
    store_course(own_pace())
    alice = newcomer("alice", NOW - 3 * WEEK)

    courseware.set_due(RUN, alice.pk, "sequential@s1", NOW + WEEK, by=None, at=NOW)

    assert dues(enter(alice)) == [NOW - WEEK, NOW + WEEK]


def test_a_schedule_does_not_start_before_the_run() -> None:
    store_course(own_pace(start=NOW - WEEK))

    assert dues(enter(learner("alice"))) == [NOW, NOW + WEEK]
    assert PAST < NOW - WEEK
