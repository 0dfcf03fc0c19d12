"""The progress page, for learners and for those who teach them."""

import pytest

from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied
from tests.courseware.acting import ENTER, answer, enter
from tests.factories import (
    Spec,
    chapter,
    course,
    learner,
    question,
    sequential,
    store_course,
    teacher,
    vertical,
)

pytestmark = pytest.mark.django_db


def test_progress_adds_up(trees: Spec, django_assert_num_queries) -> None:
    store_course(trees)
    user = learner("alice")
    answer(enter(user), "p1")
    courseware.progress(enter(user))

    with django_assert_num_queries(ENTER + 3):  # summaries, scores, totals
        page = courseware.progress(enter(user))

    assert (page.grade.percent, page.grade.letter, page.grade.passed) == (0.5, "Pass", True)
    assert page.grade.types[0].lines[0].detail == "Homework = 50%"
    assert (page.pass_mark, page.cutoffs) == (0.5, (("Pass", 0.5),))
    assert (page.complete, page.incomplete, page.locked) == (1, 5, 1)
    assert [section.title for section in page.sections] == ["c1", "c2"]
    line = page.sections[0].subsections[0]
    assert (line.earned, line.possible, line.percent, line.hidden) == (1.0, 2.0, 0.5, "")
    assert [(ref, score.earned, score.possible) for ref, score in line.scores] == [
        ("problem@p1", 1.0, 1.0),
        ("problem@p2", 0.0, 1.0),
    ]


def test_hidden_scores_say_so_in_words() -> None:
    exam = sequential("s", vertical("u", question("p1")), graded=True, format="Homework", show_correctness="never")
    store_course(course(chapter("c", exam)))
    alice = enter(learner("alice"))
    answer(alice, "p1")

    page = courseware.progress(alice)

    line = page.sections[0].subsections[0]
    assert (line.scores, line.earned, line.percent, line.hidden) == (None, 0.0, 0.0, "Scores are hidden.")
    assert page.grade.percent == 0.0


def test_bob_may_look_at_alice_s_progress_and_dan_may_not(trees: Spec) -> None:
    store_course(trees)
    alice = learner("alice")
    answer(enter(alice), "p1")
    bob, dan = enter(teacher("bob")), enter(learner("dan"))

    assert courseware.progress(bob, alice.pk).grade.percent == 0.5
    assert courseware.progress(bob, alice.pk).whose == (alice.full_name or alice.username)
    assert courseware.progress(dan, dan.viewer.user_id).grade.percent == 0.0
    assert courseware.progress(dan, dan.viewer.user_id).whose == ""
    with pytest.raises(AccessDenied) as denied:
        courseware.progress(dan, alice.pk)
    assert denied.value.code == "staff_only"
    with pytest.raises(AccessDenied):
        courseware.progress(bob, 999_999)
