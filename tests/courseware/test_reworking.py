"""What the team does to the work of a learner in a problem."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lykeion.catalog import api as catalog
from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState
from lykeion.courseware.types import Reworked, ReworkRefused
from lykeion.grades.models import BlockScore, CourseGrade
from tests.courseware.acting import answer, enter, usage
from tests.factories import CHOICE, NOW, RUN, Spec, course, learner, question, store_course, teacher

pytestmark = pytest.mark.django_db(transaction=True)
MENDED = CHOICE.replace('correct="false">Larch', 'correct="true">Larch').replace(
    'correct="true">Spruce', 'correct="false">Spruce'
)


def with_problem(trees: Spec, data: str) -> Spec:
    """``trees`` with other XML in its first problem."""

    def changed(spec: Spec) -> Spec:
        if spec.id == "p1":
            return question("p1", data=data)
        return Spec(spec.type, spec.id, spec.fields, tuple(changed(one) for one in spec.children), spec.facts)

    return changed(trees)


def score(user_id: int, ref: str = "problem@p1") -> tuple[float, float] | None:
    row = BlockScore.objects.filter(user_id=user_id, ref=ref).first()
    return None if row is None else (row.raw_earned, row.raw_possible)


def state(user_id: int) -> dict[str, Any]:
    return json.loads(LearnerState.objects.get(user_id=user_id, ref="problem@p1").state)


def events(settings: Any, name: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in settings.LYKEION_TRACKING_LOG.read_text().splitlines()]
    return [line["event"] for line in lines if line["name"] == name]


@pytest.fixture
def log(settings: Any, tmp_path: Any) -> Any:
    """Settings with a tracking log of their own."""
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    return settings


def test_attempts_are_given_back_and_answer_and_score_stay(trees: Spec, log: Any) -> None:
    store_course(trees)
    alice = learner()
    answer(enter(alice), "p1")

    first = courseware.rework(RUN, alice.pk, "problem@p1", "reset_attempts", by=None, at=NOW)
    again = courseware.rework(RUN, alice.pk, "problem@p1", "reset_attempts", by=None, at=NOW)

    kept = state(alice.pk)
    assert (first, again) == (Reworked(1), Reworked())
    assert (kept["attempts"], kept["done"], kept["student_answers"]) == (0, True, {"p1_2_1": "choice_1"})
    assert score(alice.pk) == (1.0, 1.0)
    assert events(log, "problem_reset_attempts") == [{"old_attempts": 1, "new_attempts": 0}]


def test_rescore_grades_stored_answers_by_the_problem_of_today(trees: Spec, log: Any) -> None:
    store_course(trees)
    alice, bob = learner(), teacher()
    answer(enter(alice), "p1", "choice_0")
    store_course(with_problem(trees, MENDED))

    done = courseware.rework(RUN, alice.pk, "problem@p1", "rescore", by=bob.pk, at=NOW)

    assert (done, score(alice.pk), state(alice.pk)["attempts"]) == (Reworked(1), (1.0, 1.0), 1)
    assert CourseGrade.objects.get(user_id=alice.pk).percent == 0.5
    [told] = events(log, "edx.grades.problem.rescored")
    assert (told["new_weighted_earned"], told["only_if_higher"], told["instructor_id"]) == (1.0, False, bob.pk)
    assert [one["new_score"] for one in events(log, "problem_rescore")] == [1]


def test_rescore_if_better_never_takes_points(trees: Spec) -> None:
    store_course(trees)
    alice = learner()
    answer(enter(alice), "p1")
    store_course(with_problem(trees, MENDED))

    courseware.rework(RUN, alice.pk, "problem@p1", "rescore_higher", by=None, at=NOW)
    kept = score(alice.pk)
    courseware.rework(RUN, alice.pk, "problem@p1", "rescore", by=None, at=NOW)

    assert (kept, score(alice.pk)) == ((1.0, 1.0), (0.0, 1.0))


def test_what_was_not_answered_is_left_alone(trees: Spec) -> None:
    store_course(trees)
    alice = learner()

    done = [
        courseware.rework(RUN, alice.pk, "problem@p1", what, by=None, at=NOW)
        for what in ("reset_attempts", "rescore", "rescore_higher", "delete_state")
    ]

    assert done == [Reworked()] * 4
    assert not BlockScore.objects.exists()


def test_a_problem_that_is_broken_by_now_fails_in_words_and_keeps_the_score(trees: Spec) -> None:
    store_course(trees)
    alice = learner()
    answer(enter(alice), "p1")
    store_course(with_problem(trees, "<problem><customresponse cfn='no'><textline/></customresponse></problem>"))

    done = courseware.rework(RUN, alice.pk, "problem@p1", "rescore", by=None, at=NOW)

    assert (done.done, done.failed, score(alice.pk)) == (0, 1, (1.0, 1.0))
    assert "p1" in done.words


def test_a_score_is_set_whether_or_not_there_is_an_answer(trees: Spec, log: Any) -> None:
    store_course(trees)
    alice = learner()

    courseware.set_score(RUN, alice.pk, "problem@p1", 0.5, by=7, at=NOW)

    assert (score(alice.pk), CourseGrade.objects.get().percent) == ((0.5, 1.0), 0.25)
    assert state(alice.pk)["score"] == {"raw_earned": 0.5, "raw_possible": 1.0}
    assert [one["instructor_id"] for one in events(log, "edx.grades.problem.score_overridden")] == [7]
    with pytest.raises(ReworkRefused, match="from 0 to 1"):
        courseware.set_score(RUN, alice.pk, "problem@p1", 2, by=7, at=NOW)


def test_deleted_state_leaves_no_score_and_no_completion(trees: Spec, log: Any) -> None:
    store_course(trees)
    alice = learner()
    answer(enter(alice), "p1")
    answer(enter(alice), "p2")

    done = courseware.rework(RUN, alice.pk, "problem@p1", "delete_state", by=3, at=NOW)

    assert (done, score(alice.pk), score(alice.pk, "problem@p2")) == (Reworked(1), None, (1.0, 1.0))
    assert courseware.home(enter(alice)).sections[0].subsections[0].done == 1
    assert [one["instructor_id"] for one in events(log, "edx.grades.problem.state_deleted")] == [3]
    assert events(log, "problem_delete_state") == [{}]


def test_what_a_learner_did_is_shown_with_every_attempt(trees: Spec) -> None:
    store_course(trees)
    alice = learner()
    answer(enter(alice), "p1", "choice_0")
    answer(enter(alice, NOW.replace(hour=13)), "p1")

    found = courseware.work_in(RUN, alice.pk, "problem@p1", at=NOW)

    assert (found.earned, found.possible, found.attempts) == (1.0, 1.0, 2)
    assert [(one.number, one.answers, one.earned) for one in found.submissions] == [
        (2, ("Spruce",), 1),
        (1, ("Larch",), 0),
    ]


def test_answers_to_a_problem_that_is_broken_since_are_shown_as_they_are_kept(trees: Spec) -> None:
    store_course(trees)
    alice = learner()
    answer(enter(alice), "p1", "choice_0")
    store_course(with_problem(trees, "<problem><choicegroup/>"))

    found = courseware.work_in(RUN, alice.pk, "problem@p1", at=NOW)

    assert [(one.number, one.answers) for one in found.submissions] == [(1, ("choice_0",))]


def test_an_override_stands_until_it_is_taken_back(trees: Spec) -> None:
    store_course(trees)
    alice = learner()
    answer(enter(alice), "p1")

    before, after = courseware.override_grade(RUN, alice.pk, "sequential@s1", 2, reason="Oral", at=NOW)
    answer(enter(alice), "p2", "choice_0")
    standing = CourseGrade.objects.get().percent
    courseware.override_grade(RUN, alice.pk, "sequential@s1", None, reason="", at=NOW)

    assert (before.percent, after.percent, after.overridden, standing) == (0.5, 1.0, True, 1.0)
    assert CourseGrade.objects.get().percent == 0.5


def test_frozen_grades_take_no_override(trees: Spec) -> None:
    store_course(course(*trees.children, **{**trees.fields, "end": NOW.replace(month=1)}))
    alice = learner()

    with pytest.raises(ReworkRefused, match="frozen"):
        courseware.override_grade(RUN, alice.pk, "sequential@s1", 1, reason="", at=NOW)


def test_only_those_with_work_are_gone_through(trees: Spec) -> None:
    run = store_course(trees)
    alice, dan = learner(), learner("dan")
    learner("idle")
    for one in (alice, dan):
        answer(enter(one), "p1")

    first = courseware.learners_with_work(run.id, ["problem@p1"], limit=1)
    then = courseware.learners_with_work(run.id, ["problem@p1"], after=first[-1])

    assert ([*first, *then], courseware.count_with_work(run.id, ["problem@p1"])) == (sorted([alice.pk, dan.pk]), 2)
    assert catalog.learners(RUN) == 3
    assert usage("problem@p1").endswith("p1")
