"""Open edX's table of learners' state, over ours."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from pytest_django import DjangoAssertNumQueries

from lykeion.core.keys import usage_of
from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState, StudentModule
from lykeion.grades.models import BlockScore
from tests.factories import NOW, RUN, chapter, course, learner, question, sequential, store_course, vertical

USAGE = usage_of(RUN, "problem@p1")
OTHER = usage_of(RUN, "problem@p2")


@pytest.fixture
def stored(db: None) -> None:
    """A course with two questions."""
    store_course(course(chapter("c", sequential("s", vertical("v", question("p1"), question("p2")), graded=True))))


def test_others_find_it_by_its_name() -> None:
    assert apps.get_model("courseware", "StudentModule") is StudentModule


def test_a_row_reads_state_and_score_where_they_are(stored: None) -> None:
    alice = learner()
    courseware.keep_for(RUN, alice.pk, "problem@p1", changes={"seed": 7}, score=(1.0, 2.0), at=NOW)

    row = StudentModule.objects.get(student=alice, course_id=RUN, module_state_key=USAGE)

    assert (json.loads(row.state), row.grade, row.max_grade, row.modified) == ({"seed": 7}, 1.0, 2.0, NOW)
    assert (row.course_id, row.module_state_key, row.module_type) == (RUN, USAGE, "problem")


def test_all_learners_of_a_block_are_there_without_having_been_asked_for(stored: None) -> None:
    people = [learner(name) for name in ("alice", "bela", "cem")]
    for person in people:
        courseware.keep_for(RUN, person.pk, "problem@p1", changes={"name": person.username}, at=NOW)
    courseware.keep_for(RUN, people[0].pk, "problem@p2", changes={"name": "another block"}, at=NOW)

    rows = StudentModule.objects.select_related("student").filter(course_id=RUN, module_state_key=USAGE)

    names = [json.loads(row.state)["name"] for row in rows.order_by("student__username").iterator()]
    assert names == ["alice", "bela", "cem"]
    assert (rows.count(), rows.exists()) == (3, True)
    assert StudentModule.objects.filter(course_id=RUN, module_state_key=OTHER).count() == 1


@pytest.mark.parametrize("learners", [1, 3])
def test_the_rows_of_a_block_cost_the_same_for_one_learner_and_for_three(
    stored: None, django_assert_num_queries: DjangoAssertNumQueries, learners: int
) -> None:
    for number in range(learners):
        courseware.keep_for(RUN, learner(f"learner{number}").pk, "problem@p1", changes={"seed": 7}, at=NOW)
    rows = StudentModule.objects.filter(course_id=RUN, module_state_key=USAGE)
    assert len(rows) == learners

    with django_assert_num_queries(2):  # nobody is without a number; the rows
        assert len(rows.all()) == learners


def test_what_is_saved_is_the_learners_and_counts_at_once(stored: None) -> None:
    alice = learner()
    row, created = StudentModule.objects.get_or_create(
        course_id=RUN, module_state_key=USAGE, student=alice, defaults={"state": "{}", "module_type": "problem"}
    )
    row.state = json.dumps({"comment": "Good"})
    row.grade, row.max_grade = 1.0, 1.0
    row.save()

    again, made = StudentModule.objects.get_or_create(course_id=RUN, module_state_key=USAGE, student=alice)

    assert (created, made, again.pk == row.pk) == (True, False, True)
    assert LearnerState.objects.get(user_id=alice.pk, ref="problem@p1").state == '{"comment":"Good"}'
    score = BlockScore.objects.get(user_id=alice.pk, ref="problem@p1")
    assert (score.raw_earned, score.raw_possible) == (1.0, 1.0)
    assert StudentModule.objects.get(pk=row.pk).grade == 1.0


def test_fields_that_the_learner_changed_meanwhile_stay(stored: None) -> None:
    alice = learner()
    courseware.keep_for(RUN, alice.pk, "problem@p1", changes={"answer": "old", "mark": 1}, at=NOW)
    row = StudentModule.objects.get(student=alice, module_state_key=USAGE)

    courseware.keep_for(RUN, alice.pk, "problem@p1", changes={"answer": "new"}, at=NOW)
    row.state = json.dumps({**json.loads(row.state), "mark": 2, "comment": "Good"})
    row.save()

    fresh = StudentModule.objects.get(pk=row.pk)
    assert json.loads(fresh.state) == {"answer": "new", "mark": 2, "comment": "Good"}


def test_a_score_is_replaced_and_taken_away(stored: None) -> None:
    alice = learner()
    where = {"student_id": str(alice.pk), "course_id": RUN, "module_state_key": USAGE}
    StudentModule.objects.update_or_create(**where, defaults={"grade": 1, "max_grade": 2, "module_type": "problem"})
    StudentModule.objects.update_or_create(**where, defaults={"grade": 2, "max_grade": 2})

    assert BlockScore.objects.get(user_id=alice.pk).raw_earned == 2.0

    StudentModule.objects.update_or_create(**where, defaults={"grade": None, "max_grade": None})

    assert not BlockScore.objects.filter(user_id=alice.pk).exists()


def test_a_course_that_is_not_here_has_no_rows(stored: None) -> None:
    elsewhere = usage_of(type(RUN)("No", "Such", "Run"), "problem@p1")

    assert not StudentModule.objects.filter(course_id=elsewhere.course_key, module_state_key=elsewhere).exists()
    with pytest.raises(StudentModule.DoesNotExist):
        StudentModule.objects.get(module_state_key=elsewhere, student_id=1)
