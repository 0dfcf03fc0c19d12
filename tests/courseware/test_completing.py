"""What counts as done."""

import pytest

from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState
from tests.courseware.acting import answer, enter
from tests.factories import (
    Spec,
    chapter,
    course,
    learner,
    question,
    sequential,
    store_course,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db


def test_seeing_completes_what_has_no_score_and_no_rules_of_its_own(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    courseware.complete(alice, {"html@t1": 1.0, "problem@p1": 1.0, "video@v1": 1.0, "html@t4": 1.0, "html@no": 1.0})

    assert list(LearnerState.objects.values_list("ref", "completion")) == [("html@t1", 1.0)]
    home = courseware.home(alice)
    assert (home.done, home.total) == (1, 6)


def test_a_container_stands_for_what_is_in_it(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    courseware.complete(alice, {"vertical@u2": 1.0, "course@course": 1.0, "chapter@c2": 1.0, "sequential@s2": 1.0})

    assert list(LearnerState.objects.values_list("ref", "completion")) == [("html@t2", 1.0)]


def test_a_unit_is_complete_when_all_its_leaves_are(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    courseware.complete(alice, {"html@t1": 1.0})
    answer(alice, "p1")
    answer(alice, "p2", "choice_0")

    assert [tab.complete for tab in courseware.unit(alice, "vertical@u1").tabs] == [True, False]


def test_home_counts_anew_when_the_course_changed(trees: Spec, django_assert_num_queries) -> None:
    store_course(trees)
    user = learner("alice")
    courseware.complete(enter(user), {"html@t1": 1.0, "html@t3": 1.0})
    first, second, third = trees.children
    moved = chapter("c2", sequential("s2", vertical("u3", text("t3"), text("t1"))))  # t1 moves to another section
    bare = chapter("c1", sequential("s1", vertical("u1", question("p1")), graded=True, format="Homework"))
    store_course(course(bare, moved, third, **trees.fields))

    page = courseware.home(enter(user), all_open=True)

    assert [(line.ref, line.done, line.total) for section in page.sections for line in section.subsections] == [
        ("sequential@s1", 0, 1),
        ("sequential@s2", 2, 2),
        ("sequential@s3", 0, 0),
    ]
    assert [section.complete for section in page.sections] == [False, True, False]
    assert first is not second
    visitor = enter(user)
    with django_assert_num_queries(1):  # counted once; now it fits again
        courseware.home(visitor)
