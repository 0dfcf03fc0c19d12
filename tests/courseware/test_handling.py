"""Answers on their way through the handlers: graded, kept, told, or refused."""

from collections.abc import Callable

import orjson
import pytest

from lykeion.content import cache as content_cache
from lykeion.courseware import api as courseware
from lykeion.courseware import visit
from lykeion.courseware.commit import Conflict
from lykeion.courseware.models import LearnerState, SubsectionDone
from lykeion.courseware.types import AccessDenied
from lykeion.grades.models import BlockScore, CourseGrade
from tests.courseware.acting import ENTER, answer, enter, post, usage
from tests.courseware.conftest import PARTS
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
    vertical,
)
from tests.reads import CONTENT

pytestmark = pytest.mark.django_db


def test_a_right_answer_is_graded_in_the_reply(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    reply = answer(alice, "p1")

    assert reply.status == 200
    assert orjson.loads(reply.body)["success"] == "correct"
    assert (reply.grade.percent, reply.grade.letter, reply.grade.passed) == (0.5, "Pass", True)
    assert BlockScore.objects.values_list("ref", "raw_earned", "raw_possible").get() == ("problem@p1", 1.0, 1.0)
    assert CourseGrade.objects.values_list("percent", "passed_at").get() == (0.5, NOW)
    assert LearnerState.objects.values_list("completion", "version").get(ref="problem@p1") == (1.0, 1)
    assert SubsectionDone.objects.values_list("ref", "done", "total", "last_ref").get() == (
        "sequential@s1",
        1,
        5,
        "problem@p1",
    )


def test_each_answer_uses_one_attempt(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    answer(alice, "p1", "choice_0")
    again = answer(alice, "p1")

    assert orjson.loads(again.body)["attempts_used"] == 2
    assert LearnerState.objects.get(ref="problem@p1").version == 2


def test_a_failing_handler_leaves_nothing(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    reply = courseware.handle(alice, usage("problem@p1"), "no_such_handler", "", post({}))

    assert reply.status == 404
    assert not LearnerState.objects.exists()


@pytest.mark.parametrize(
    ("ref", "code"),
    [("html@t4", "not_released"), ("html@nowhere", "not_found"), ("problem@p1", "enrollment_required")],
)
def test_handlers_are_behind_the_same_walls_as_pages(trees: Spec, ref: str, code: str) -> None:
    store_course(trees, parts=PARTS)
    alice = learner("alice")
    visitor = enter(alice)
    if code == "enrollment_required":
        visitor = courseware.enter(teacher("eve"), RUN, NOW)
        visitor = type(visitor)(visitor.run, visitor.outline, enter(alice).viewer, None, NOW)

    with pytest.raises(AccessDenied) as denied:
        courseware.handle(visitor, usage(ref), "xmodule_handler", "problem_check", post({}))

    assert denied.value.code == code


def test_dan_who_is_not_enrolled_does_not_come_in(trees: Spec) -> None:
    store_course(trees)

    with pytest.raises(AccessDenied) as denied:
        enter(person("dan"))

    assert denied.value.code == "enrollment_required"


def test_a_submission_costs_the_same_in_any_course(trees: Spec, django_assert_num_queries) -> None:
    content_cache.forget()  # another test may have read the same text
    user = submitter(trees)
    with django_assert_num_queries(SUBMISSION):
        answer(enter(user), "p2")
    more = [
        chapter(f"x{n}", sequential(f"xs{n}", vertical(f"xu{n}", question(f"xp{n}")), graded=True, format="Homework"))
        for n in range(20)
    ]
    store_course(course(*trees.children, *more, **trees.fields))
    enter(user)
    with django_assert_num_queries(SUBMISSION + 1):  # they passed, and do not any more: an order about certificates
        answer(enter(user), "xp0")


SUBMISSION = ENTER + CONTENT + 12  # the text; state, savepoint, lock, rows, state, summary, 4 x grades, course, release


def submitter(trees: Spec):
    store_course(trees)
    user = learner("alice")
    answer(enter(user), "p1")
    return user


def test_a_submission_is_told_in_the_words_of_the_field(
    trees: Spec, log: Callable[[], list[dict]], django_capture_on_commit_callbacks: Callable
) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    with django_capture_on_commit_callbacks(execute=True):
        answer(alice, "p1")

    told = {line["name"]: line for line in log()}
    block = {"user_id": alice.viewer.user_id, "course_id": str(RUN)}
    why = {"event_transaction_type": "edx.grades.problem.submitted"}
    assert list(told) == [
        "edx.completion.block_completion.changed",
        "edx.grades.problem.submitted",
        "edx.grades.subsection.grade_calculated",
        "edx.grades.course.grade_calculated",
        "edx.course.grade.now_passed",
        "edx.course.grade.passed.first_time",
        "problem_check",
    ]
    assert told["edx.completion.block_completion.changed"]["event"] == block | {
        "context_key": str(RUN),
        "block_id": usage("problem@p1"),
        "block_type": "problem",
        "completion": 1.0,
        "is_new": True,
    }
    submitted = told["edx.grades.problem.submitted"]["event"]
    same = {"event_transaction_id": submitted["event_transaction_id"]}
    assert submitted == block | why | same | {
        "problem_id": usage("problem@p1"),
        "weighted_earned": 1.0,
        "weighted_possible": 1.0,
    }
    subsection = told["edx.grades.subsection.grade_calculated"]["event"]
    assert subsection == block | why | same | {
        "block_id": usage("sequential@s1"),
        "course_version": alice.outline.root,
        "weighted_total_earned": 1.0,
        "weighted_total_possible": 2.0,
        "weighted_graded_earned": 1.0,
        "weighted_graded_possible": 2.0,
        "first_attempted": NOW.isoformat(),
        "subtree_edited_timestamp": None,
        "visible_blocks_hash": subsection["visible_blocks_hash"],
    }
    assert told["edx.grades.course.grade_calculated"]["event"]["percent_grade"] == 0.5
    assert told["edx.course.grade.now_passed"]["event"] == block | why | same
    check = told["problem_check"]
    assert (check["page"], check["context"]["module"], check["context"]["asides"]) == (
        "x_module",
        {"display_name": "p1", "usage_key": usage("problem@p1")},
        {},
    )
    assert check["event"]["success"] == "correct"


def test_what_was_not_kept_is_not_told(
    trees: Spec,
    log: Callable[[], list[dict]],
    django_capture_on_commit_callbacks: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store_course(trees)
    alice = enter(learner("alice"))
    monkeypatch.setattr(visit, "commit", _conflict)

    with django_capture_on_commit_callbacks(execute=True):
        reply = answer(alice, "p1")

    assert reply.status == 409
    assert log() == []
    assert not LearnerState.objects.exists()


def _conflict(*_: object) -> None:
    raise Conflict("somebody was faster")


@pytest.fixture
def log(settings, tmp_path) -> Callable[[], list[dict]]:
    """The tracking log of a test: its lines so far."""
    path = settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    return lambda: [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
