"""Learners come into cohorts when they first look, and what they see and what counts follows."""

from __future__ import annotations

import pytest

from lykeion.catalog import api as catalog
from lykeion.catalog.models import CohortMember
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Mask
from lykeion.grades.models import CourseGrade
from lykeion.jobs import api as jobs
from tests.courseware.acting import ENTER, answer, enter
from tests.courseware.conftest import POLICY
from tests.factories import (
    NOW,
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
    text,
    vertical,
)

pytestmark = pytest.mark.django_db

PARTITIONS = [{"id": 7, "scheme": "cohort", "groups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]}]


def trees(**fields: object) -> Spec:
    units = (
        vertical("all", question("p")),
        vertical("a", question("pa"), group_access={"7": [1]}),
        vertical("b", text("tb"), group_access={"7": [2]}),
    )
    graded = sequential("s", *units, graded=True, format="Homework")
    return course(chapter("c", graded), user_partitions=PARTITIONS, grading_policy=POLICY, **fields)


COHORTED = {"cohort_config": {"cohorted": True}}


def opens(user: object, unit: str) -> bool:
    try:
        courseware.unit(enter(user), f"vertical@{unit}")
    except AccessDenied:
        return False
    return True


def test_the_first_look_puts_a_learner_into_a_cohort_and_its_content_group() -> None:
    store_course(trees(**COHORTED))
    catalog.make_cohort(RUN, "Day", automatic=True, at=NOW)
    catalog.link_cohort(RUN, "Day", (7, 1), at=NOW)
    alice = learner("alice")

    assert [opens(alice, unit) for unit in ("all", "a", "b")] == [True, True, False]
    assert CohortMember.objects.count() == 1


def test_who_does_not_learn_here_is_put_nowhere() -> None:
    store_course(trees(**COHORTED, course_visibility="public"))

    enter(teacher("bob"))
    enter(person("dan"))

    assert CohortMember.objects.count() == 0


def test_a_course_without_cohorts_asks_for_none(django_assert_num_queries) -> None:
    store_course(trees())
    alice = learner("alice")
    enter(alice)

    with django_assert_num_queries(ENTER):
        enter(alice)
    assert [opens(alice, unit) for unit in ("all", "a")] == [True, False]


def test_a_course_with_cohorts_costs_one_query_more(django_assert_num_queries) -> None:
    store_course(trees(**COHORTED))
    alice = learner("alice")
    enter(alice)

    with django_assert_num_queries(ENTER + 1):
        enter(alice)


def test_nobody_is_put_into_a_cohort_by_a_look_through_their_eyes() -> None:
    store_course(trees(**COHORTED))
    alice, bob = learner("alice"), teacher("bob")

    for mask in (Mask("person", user_id=alice.pk), Mask("learner"), Mask("group", partition=7, group=2)):
        courseware.enter(bob, RUN, NOW, mask=mask)

    assert CohortMember.objects.count() == 0


def test_another_cohort_shows_other_content_and_makes_another_grade(
    django_capture_on_commit_callbacks,
) -> None:
    store_course(trees(**COHORTED))
    for name, group in (("Day", (7, 1)), ("Night", None)):
        catalog.make_cohort(RUN, name, at=NOW)
        catalog.link_cohort(RUN, name, group, at=NOW)
    alice = learner("alice")
    catalog.add_to_cohort(RUN, "Day", ["alice"], at=NOW)
    answer(enter(alice), "p")
    grades = [CourseGrade.objects.get().percent]

    catalog.add_to_cohort(RUN, "Night", ["alice"], at=NOW)
    jobs.run_pending()
    grades.append(CourseGrade.objects.get().percent)
    catalog.link_cohort(RUN, "Night", (7, 1), at=NOW)
    jobs.run_pending()
    grades.append(CourseGrade.objects.get().percent)

    assert grades == [0.5, 1.0, 0.5]


def test_gated_problems_do_not_count_until_the_track_is_another() -> None:
    store_course(trees())
    catalog.set_mode(RUN, "audit")
    catalog.set_mode(RUN, "verified")
    alice = learner("alice")
    answer(enter(alice), "p")

    catalog.set_limits(RUN, gates_graded=True, at=NOW)
    jobs.run_pending()
    free = CourseGrade.objects.get().percent
    with pytest.raises(AccessDenied):
        answer(enter(alice), "p")
    catalog.enrol(alice.pk, RUN, mode="verified", by=alice.pk, at=NOW)
    jobs.run_pending()

    assert (free, CourseGrade.objects.get().percent) == (0.0, 1.0)


def test_a_mask_of_the_free_track_meets_the_gate() -> None:
    store_course(trees())
    catalog.set_mode(RUN, "audit")
    catalog.set_mode(RUN, "verified")
    catalog.set_limits(RUN, gates_graded=True, audit_ends=True, at=NOW)
    bob = teacher("bob")

    seen = [
        courseware.unit(courseware.enter(bob, RUN, NOW, mask=mask), "vertical@all").blocks[0].instead
        for mask in (Mask("learner"), Mask("group", partition=50, group=2))
    ]

    assert [bool(words) for words in seen] == [True, False]
