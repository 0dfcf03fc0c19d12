"""An answer on its way to a grader elsewhere and back: attempts, scores, grades, the order, each once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.blocks.types import ReplyTaken
from lykeion.catalog import api as catalog
from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState
from lykeion.events import api as events
from lykeion.graders import api as graders
from lykeion.graders.models import Submission
from lykeion.graders.types import State
from lykeion.grades.models import BlockScore
from tests.courseware.acting import usage
from tests.factories import NOW, RUN, learner, store_course
from tests.graders.course import QUEUE, act, coding, result_of, state_of, submit

RIGHT = json.dumps({"correct": True, "score": 1, "msg": "<p>Well done.</p>"})
WRONG = json.dumps({"correct": False, "score": 0, "msg": "<p>No.</p>"})
MINUTE = timedelta(minutes=1)


@pytest.fixture
def alice(db: None) -> User:
    store_course(coding())
    return learner("alice")


def key_of(name: str = "code") -> str:
    return Submission.objects.filter(usage=usage(f"problem@{name}")).latest("id").key


def reply(user: User, body: str = RIGHT, *, key: str | None = None, name: str = "code", **more: Any) -> ReplyTaken:
    return courseware.take_reply(
        RUN, user.pk, usage(f"problem@{name}"), more.get("dispatch", "score_update"), key or key_of(name), body, at=NOW
    )


def test_a_submission_waits_uses_an_attempt_and_leaves_an_order(alice: User) -> None:
    said = submit(alice, "code", "print('hello')")

    [row] = Submission.objects.all()
    kept = state_of(alice, "code")
    assert (said["success"], said["attempts_used"], said["current_score"]) == ("incorrect", 1, 0)
    assert "It waits to be graded" in said["contents"]
    assert 'data-problem-waiting-value="true"' in said["contents"]
    assert (kept["attempts"], kept["done"]) == (1, True)
    assert result_of(alice, "code")["queuestate"] == {"key": row.key, "time": NOW.strftime("%Y%m%d%H%M%S")}
    assert (row.queue, row.state, row.user_id, row.dispatch) == (QUEUE, State.QUEUED, alice.pk, "score_update")
    body = json.loads(row.body)
    assert (body["student_response"], body["grader_payload"]) == ("print('hello')", '{"grader": "hello.py"}')
    info = json.loads(body["student_info"])
    assert info["anonymous_student_id"] == accounts.anonymous_id(alice.pk, RUN)
    assert info["anonymous_student_id"] not in (str(alice.pk), alice.username)


def test_the_page_tells_for_how_long_the_answer_has_waited(alice: User) -> None:
    submit(alice, "code", "x")

    shown = json.loads(act(alice, "code", "problem_get", [], NOW + timedelta(hours=26, minutes=5)).body)["html"]

    assert "Answer submitted 26 hours, 5 minutes ago. It waits to be graded" in shown


def test_the_order_is_kept_with_the_answer_or_not_at_all(alice: User) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        submit(alice, "code", "x")
        raise RuntimeError

    assert (Submission.objects.count(), LearnerState.objects.filter(ref="problem@code").count()) == (0, 0)


def test_the_reply_makes_the_score_the_grade_and_the_end_of_the_order(alice: User) -> None:
    submit(alice, "code", "print('hello')")

    taken = reply(alice)

    score = BlockScore.objects.get(user_id=alice.pk, ref="problem@code")
    assert taken == ReplyTaken("kept")
    assert (score.raw_earned, score.raw_possible) == (1, 1)
    assert result_of(alice, "code") == {
        "correctness": "correct", "npoints": 1, "msg": "<p>Well done.</p>", "hint": "", "hintmode": None,
        "queuestate": None, "answervariable": None,
    }  # fmt: skip
    assert state_of(alice, "code")["score"] == {"raw_earned": 1, "raw_possible": 1}
    assert Submission.objects.get().state == State.RETIRED
    assert courseware.progress(courseware.enter(alice, RUN, NOW)).sections[0].subsections[0].earned == 1


def test_a_reply_completes_nothing(alice: User) -> None:
    submit(alice, "code", "x")
    LearnerState.objects.filter(ref="problem@code").update(completion=0)

    reply(alice)

    assert LearnerState.objects.get(ref="problem@code").completion == 0


def test_the_grade_event_of_a_reply_is_told_once(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(alice, "code", "x")
    key, told = key_of(), []
    monkeypatch.setattr("lykeion.grades.tell.emit", lambda name, *_args, **_more: told.append(name))

    states = [reply(alice, key=key).state for _ in range(2)]

    assert states == ["kept", "unknown"]
    assert told.count("edx.grades.problem.submitted") == 1
    assert events is not None


@pytest.mark.parametrize("key", ["wrong", "", "x" * 1000])
def test_a_wrong_key_changes_nothing(alice: User, key: str) -> None:
    submit(alice, "code", "x")

    taken = courseware.take_reply(RUN, alice.pk, usage("problem@code"), "score_update", key, RIGHT, at=NOW)

    assert taken == ReplyTaken("unknown")
    assert (result_of(alice, "code")["correctness"], Submission.objects.get().state) == ("incomplete", State.QUEUED)


def test_a_key_is_good_for_its_own_answer_only(alice: User) -> None:
    bob = learner("bob")
    submit(alice, "code", "x")
    submit(bob, "code", "x")

    taken = reply(bob, key=Submission.objects.get(user_id=alice.pk).key)

    assert taken == ReplyTaken("unknown")
    assert result_of(bob, "code")["correctness"] == "incomplete"


def test_the_key_of_an_older_answer_is_refused_and_its_order_is_over(alice: User) -> None:
    submit(alice, "code", "first")
    old = key_of()
    submit(alice, "code", "second", NOW + MINUTE)

    taken = reply(alice, key=old)

    assert taken == ReplyTaken("unknown")
    assert list(Submission.objects.order_by("id").values_list("state", flat=True)) == [State.RETIRED, State.QUEUED]
    assert result_of(alice, "code")["correctness"] == "incomplete"


def test_a_reply_after_a_reset_changes_nothing(alice: User) -> None:
    store_course(coding(show_reset_button=True))
    submit(alice, "code", "x")
    key = key_of()
    act(alice, "code", "problem_reset", [])

    assert reply(alice, key=key) == ReplyTaken("unknown")
    assert state_of(alice, "code")["correct_map"] == {}


@pytest.mark.parametrize("body", ["no JSON", '{"correct": true, "score": 1, "msg": ""}'])
def test_a_reply_nobody_can_use_is_said_so_and_left_to_the_operator(alice: User, body: str) -> None:
    submit(alice, "code", "x")

    taken = reply(alice, body)

    assert taken.state == "bad"
    assert result_of(alice, "code")["msg"] == "Invalid grader reply. Please contact the course staff."
    assert result_of(alice, "code")["correctness"] == "incomplete"
    [failure] = graders.failures()
    assert failure.error == taken.error
    assert graders.retry() == 1
    assert reply(alice) == ReplyTaken("kept")


def test_who_submits_again_within_five_seconds_is_asked_to_wait(alice: User) -> None:
    submit(alice, "code", "first")

    early = submit(alice, "code", "second", NOW + timedelta(seconds=4.9))
    later = submit(alice, "code", "second", NOW + timedelta(seconds=5))

    assert early["success"] == "You must wait at least 5 seconds between submissions."
    assert (early["attempts_used"], later["attempts_used"]) == (1, 2)


def test_the_same_answer_from_two_tabs_is_one_order(alice: User) -> None:
    submit(alice, "code", "x")
    submit(alice, "code", "x", NOW + timedelta(seconds=1))

    assert (Submission.objects.count(), state_of(alice, "code")["attempts"]) == (1, 1)


def test_the_graders_points_count_by_the_grading_method(alice: User) -> None:
    store_course(coding(grading_method="highest_score"))
    submit(alice, "code", "good")
    reply(alice, RIGHT)
    submit(alice, "code", "bad", NOW + MINUTE)
    reply(alice, WRONG)

    assert state_of(alice, "code")["score"] == {"raw_earned": 1, "raw_possible": 1}
    assert [one["raw_earned"] for one in state_of(alice, "code")["score_history"]] == [1, 0]


def test_a_reply_reaches_who_left_the_course_meanwhile(alice: User) -> None:
    submit(alice, "code", "x")
    catalog.unenrol(alice.pk, RUN, at=NOW)

    assert reply(alice) == ReplyTaken("kept")
    assert result_of(alice, "code")["correctness"] == "correct"


def test_a_reply_for_nobody_or_nothing_is_unknown(alice: User) -> None:
    submit(alice, "code", "x")
    key = key_of()

    for user_id, ref in [(987654, "problem@code"), (alice.pk, "problem@gone"), (alice.pk, "vertical@u1")]:
        taken = courseware.take_reply(RUN, user_id, usage(ref), "score_update", key, RIGHT, at=NOW)
        assert taken == ReplyTaken("unknown")


@pytest.mark.parametrize("dispatch", ["problem_reset", "ungraded_response", "problem_check", "grader_reply"])
def test_a_reply_can_do_nothing_but_what_it_is_for(alice: User, dispatch: str) -> None:
    submit(alice, "code", "x")
    before = state_of(alice, "code")

    assert reply(alice, dispatch=dispatch) == ReplyTaken("unknown")
    assert state_of(alice, "code") == before


def test_learners_cannot_grade_themselves_by_the_problems_handler(alice: User) -> None:
    submit(alice, "code", "x")
    fields = [("queuekey", key_of()), ("xqueue_body", RIGHT)]

    replies = [act(alice, "code", dispatch, fields) for dispatch in ("score_update", "ungraded_response")]

    assert [one.status for one in replies] == [404, 404]
    assert result_of(alice, "code")["correctness"] == "incomplete"


def test_files_are_kept_by_name_and_sent_by_content(alice: User) -> None:
    said = submit(alice, "files", [("a b.py", b"print(1)"), ("../../b.py", b"print(2)")])

    [row] = Submission.objects.all()
    stored = dict(row.files)
    assert said["attempts_used"] == 1
    assert state_of(alice, "files")["student_answers"] == {"files_2_1": ["a b.py", "b.py"]}
    assert sorted(stored) == ["a b.py", "b.py"]
    assert json.loads(row.body)["student_response"] == ""
    name, opened = graders.open_link(graders.link_token(stored["a b.py"], "a b.py"))
    with opened:
        assert (name, opened.read()) == ("a b.py", b"print(1)")


def test_a_problem_that_a_grader_elsewhere_judges_cannot_be_rescored(alice: User) -> None:
    from lykeion.blocks.runtime import BlockRuntime
    from lykeion.courseware.visit import begin

    block = BlockRuntime(begin(courseware.enter(alice, RUN, NOW)).visit).block("problem@code")

    assert block.allows_rescore() is False


def test_a_matlab_program_is_run_without_a_verdict(alice: User) -> None:
    fields = [("plot", "matlab_2_1"), ("ANSWER", "x = 1")]
    said = json.loads(act(alice, "matlab", "input_ajax", fields).body)
    [row] = Submission.objects.all()

    taken = reply(alice, json.dumps({"msg": "<p>x = 1</p>"}), name="matlab", dispatch="ungraded_response")

    assert said["success"] is True
    assert (row.queue, row.dispatch) == ("matlab", "ungraded_response")
    body = json.loads(row.body)
    assert (body["student_response"], body["token"], body["endpoint_version"]) == ("x = 1", "key", "2")
    assert taken == ReplyTaken("kept")
    assert state_of(alice, "matlab")["input_state"]["matlab_2_1"]["queue_msg"] == "<p>x = 1</p>"
    assert state_of(alice, "matlab").get("attempts", 0) == 0
    assert not BlockScore.objects.exists()
    assert Submission.objects.get().state == State.RETIRED


def test_a_matlab_program_of_a_closed_problem_is_neither_run_nor_kept(alice: User) -> None:
    submit(alice, "matlab", "x = 1")
    store_course(coding(due=NOW - MINUTE))

    said = act(alice, "matlab", "input_ajax", [("plot", "matlab_2_1"), ("ANSWER", "x = 2")])

    assert said.status == 404
    assert state_of(alice, "matlab")["student_answers"] == {"matlab_2_1": "x = 1"}
    assert Submission.objects.count() == 1


def test_a_run_and_a_verdict_do_not_answer_for_each_other(alice: User) -> None:
    act(alice, "matlab", "input_ajax", [("dispatch", "plot"), ("input_id", "matlab_2_1"), ("submission", "x = 1")])

    assert reply(alice, RIGHT, name="matlab") == ReplyTaken("unknown")


def test_only_matlab_boxes_can_be_run(alice: User) -> None:
    said = act(alice, "code", "input_ajax", [("dispatch", "plot"), ("input_id", "code_2_1"), ("submission", "x")])

    assert json.loads(said.body)["success"] is False
    assert not Submission.objects.exists()
