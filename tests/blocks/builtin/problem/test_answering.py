"""Answers to a problem: graded once, and told."""

from __future__ import annotations

from datetime import timedelta

from tests.blocks.builtin.problem.asking import (
    ANSWER,
    CHOICE,
    NUMBER,
    REF,
    check,
    heard,
    later,
    problem,
    send,
    shown,
    token,
)
from tests.blocks.visits import NOW, Block, visit


def test_a_right_answer_is_graded_completed_and_told() -> None:
    seen = problem()

    reply = check(seen, "choice_0")

    contents = reply.pop("contents")
    assert reply == {
        "success": "correct",
        "progress_changed": True,
        "current_score": 1,
        "total_possible": 1,
        "attempts_used": 1,
    }
    assert "Correct (1/1 point)" in contents
    assert "Well done." in contents
    assert [item[:4] for item in seen.sink.all[:2]] == [  # type: ignore[attr-defined]
        ("grade", REF, 1, 1),
        ("completion", REF, 1.0, None),
    ]


def test_the_tracking_log_is_told_what_open_edx_tells_it() -> None:
    seen = problem()

    check(seen, "choice_0")

    ((_, _, event),) = heard(seen, "problem_check")
    usage = "block-v1:Lyceum+ETH1+2026+type@problem+block@q"
    correct_map = event["correct_map"]["q_2_1"]
    assert {key: event[key] for key in ("problem_id", "answers", "grade", "max_grade", "success", "attempts")} == {
        "problem_id": usage,
        "answers": {"q_2_1": "choice_0"},
        "grade": 1,
        "max_grade": 1,
        "success": "correct",
        "attempts": 1,
    }
    assert set(correct_map) == {
        "correctness", "npoints", "msg", "hint", "hintmode", "queuestate", "answervariable",
    }  # fmt: skip
    assert event["state"]["done"] is False
    assert event["submission"]["q_2_1"] == {
        "question": "Which?",
        "answer": "right",
        "response_type": "multiplechoiceresponse",
        "input_type": "choicegroup",
        "correct": True,
        "variant": "",
        "group_label": "",
    }
    ((_, _, feedback),) = heard(seen, "edx.problem.hint.feedback_displayed")
    assert feedback["module_id"] == usage
    assert feedback["hints"] == [{"text": "Well done."}]


def test_a_choice_is_logged_as_its_author_wrote_it_and_an_answer_as_it_was_typed() -> None:
    chosen = problem(CHOICE.replace(">right<choicehint", ">A <b>List</b>&lt;String&gt;<choicehint"))
    typed = problem('<problem><stringresponse answer="x"><textline/></stringresponse></problem>')

    check(chosen, "choice_0")
    check(typed, "if (a<b && c>d)")

    told = [heard(one, "problem_check")[0][2]["submission"]["q_2_1"]["answer"] for one in (chosen, typed)]
    assert told == ["A <b>List</b>&lt;String&gt;", "if (a<b && c>d)"]


def test_an_answer_that_cannot_be_read_uses_no_attempt_and_keeps_nothing() -> None:
    seen = problem(NUMBER, max_attempts=2)

    reply = check(seen, "<b>5")

    assert reply["success"] == "Invalid math syntax: '&lt;b&gt;5'"
    assert reply["error"] == "Invalid math syntax: '<b>5'"
    assert reply["attempts_used"] == 0
    assert seen.sink.all == []  # type: ignore[attr-defined]


def test_a_plain_form_is_told_of_its_mistake_by_the_status() -> None:
    response = send(problem(NUMBER), "problem_check", (ANSWER, "5,"), headers={"Accept": "text/html,*/*"})

    assert response.status_int == 422


def test_the_state_comes_back_with_the_page() -> None:
    seen = problem()
    check(seen, "choice_1")

    html = shown(seen)

    assert 'value="choice_1" checked' in html
    assert "Incorrect (0/1 point)" in html


def test_after_the_last_attempt_nothing_is_taken() -> None:
    seen = problem(max_attempts=1)
    check(seen, "choice_1")

    response = send(later(seen, minutes=1), "problem_check", (ANSWER, "choice_0"))

    assert response.status_int == 404
    assert [event[2]["failure"] for event in heard(seen, "problem_check_fail")] == ["closed"]
    assert len(heard(seen, "grade")) == 1


def test_a_late_answer_is_refused() -> None:
    seen = visit(Block("problem", "q", {"data": CHOICE}, settings={"due": (NOW - timedelta(hours=1)).isoformat()}))

    assert send(seen, "problem_check", (ANSWER, "choice_0")).status_int == 404
    assert " disabled>Submit" in shown(seen)
    assert "The due date is over." in shown(seen)


def test_between_submissions_one_may_have_to_wait() -> None:
    seen = problem(submission_wait_seconds=90)
    check(seen, "choice_1")

    reply = check(later(seen, seconds=30), "choice_0")

    assert reply["success"] == ("You must wait at least 1 minute, 30 seconds between submissions. 1 minute remaining.")
    assert reply["attempts_used"] == 1


def test_withheld_results_are_not_in_the_reply() -> None:
    seen = problem(show_correctness="never", showanswer="always")

    reply = check(seen, "choice_1")

    assert reply["success"] == "submitted"
    assert reply["current_score"] is None
    assert "Answer submitted." in reply["contents"]
    assert "ncorrect" not in reply["contents"]
    assert "results hidden" in reply["contents"]


def test_the_weight_scales_what_learners_see_and_the_grade_stays_raw() -> None:
    seen = problem(weight=5.0, graded=True)

    reply = check(seen, "choice_0")

    assert "Correct (5/5 points)" in reply["contents"]
    assert "5/5 points (graded)" in reply["contents"]
    assert heard(seen, "grade")[0][2:4] == (1, 1)


def test_the_best_of_several_attempts_counts_when_the_team_says_so() -> None:
    seen = problem(grading_method="highest_score")
    check(seen, "choice_0")

    check(later(seen, minutes=1), "choice_1")

    assert [grade[2:4] for grade in heard(seen, "grade")] == [(1, 1), (1, 1)]


def test_a_double_click_costs_one_attempt() -> None:
    seen = problem(max_attempts=3)
    ticket = token(seen)

    first = check(seen, "choice_1", submission_token=ticket)
    second = check(seen, "choice_1", submission_token=ticket)

    assert (first["attempts_used"], second["attempts_used"]) == (1, 1)
    assert second["success"] == "incorrect"
    assert "This was submitted already" in second["contents"]
    assert len(heard(seen, "grade")) == 1


def test_a_second_tab_is_shown_what_the_first_one_did() -> None:
    seen = problem(max_attempts=3)
    ticket = token(seen)
    check(seen, "choice_1", submission_token=ticket)

    reply = check(later(seen, minutes=5), "choice_0", submission_token=ticket)

    assert reply["attempts_used"] == 1
    assert 'value="choice_1" checked' in reply["contents"]


def test_the_page_that_comes_back_may_submit_again() -> None:
    seen = problem(max_attempts=3)
    check(seen, "choice_1", submission_token=token(seen))

    reply = check(later(seen, seconds=1), "choice_0", submission_token=token(seen))

    assert (reply["attempts_used"], reply["success"]) == (2, "correct")


def test_clients_without_a_token_count_as_they_always_did_but_for_a_retry() -> None:
    seen = problem()

    replies = [
        check(seen, "choice_1"),
        check(later(seen, seconds=2), "choice_1"),
        check(later(seen, seconds=2), "choice_0"),
        check(later(seen, seconds=30), "choice_0"),
    ]

    assert [reply["attempts_used"] for reply in replies] == [1, 1, 2, 3]
