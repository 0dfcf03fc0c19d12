"""A problem as a learner meets it: shown, answered, saved, reset, explained."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml.html import fromstring
from webob import Request

from lykeion.blocks import api as blocks
from lykeion.blocks.builtin.problem.block import compiled
from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.types import Visit
from lykeion.content.types import BlockFacts, Node
from tests.blocks.visits import ALICE, BOB, NOBODY, NOW, Block, as_seen_by, visit

REF = "problem@q"
ANSWER = "input_q_2_1"
CHOICE = """<problem><multiplechoiceresponse><label>Which?</label><choicegroup>
<choice correct="true">right<choicehint>Well done.</choicehint></choice><choice correct="false">wrong</choice>
</choicegroup><solution><p>The reason.</p></solution></multiplechoiceresponse>
<demandhint><hint>One.</hint><hint>Two.</hint></demandhint></problem>"""
NUMBER = '<problem><numericalresponse answer="5"><textline/></numericalresponse></problem>'


def problem(data: str = CHOICE, **settings: Any) -> Visit:
    return visit(Block("problem", "q", {"display_name": "Quiz", "data": data, **settings}))


def shown(seen: Visit, view: str = "student_view", **context: Any) -> str:
    return blocks.render(seen, REF, view, context).html


def send(seen: Visit, dispatch: str, *fields: tuple[str, str], headers: dict[str, str] | None = None) -> Any:
    request = Request.blank(f"/{dispatch}", method="POST", body=urlencode(fields).encode(), headers=headers or {})
    request.content_type = "application/x-www-form-urlencoded"
    return blocks.handle(seen, REF, "xmodule_handler", dispatch, request)


def check(seen: Visit, value: str, **more: str) -> dict[str, Any]:
    return send(seen, "problem_check", (ANSWER, value), *more.items()).json  # type: ignore[no-any-return]


def later(seen: Visit, **time: float) -> Visit:
    return replace(seen, at=seen.at + timedelta(**time))


def heard(seen: Visit, name: str) -> list[Any]:
    return [item for item in seen.sink.all if item[0] == name]  # type: ignore[attr-defined]


def stored(seen: Visit) -> dict[str, Any]:
    (document,) = seen.state.documents.values()  # type: ignore[attr-defined]
    return document  # type: ignore[no-any-return]


def token(seen: Visit) -> str:
    return shown(seen).partition('name="submission_token" value="')[2].partition('"')[0]


# Showing


@pytest.mark.parametrize(
    "typed", ["/static/a.png", '<img src="/static/a.png">', "<a href='/jump_to_id/x'>", "/course/1"]
)
def test_what_a_learner_typed_comes_back_as_typed(typed: str) -> None:
    seen = problem('<problem><stringresponse answer="x"><textline/></stringresponse></problem>')

    check(seen, typed)

    assert fromstring(shown(seen)).xpath(f'//input[@name="{ANSWER}"]/@value') == [typed]


def test_a_problem_is_a_form_that_works_without_scripts() -> None:
    html = shown(problem(max_attempts=2), csrf_token="c5rf")

    assert '<h2 class="problem-title" id="q-title">Quiz</h2>' in html
    assert 'action="/courses/course-v1:Lyceum+ETH1+2026/xblock/' in html
    assert "handler/xmodule_handler/problem_check" in html
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="c5rf">' in html
    assert "1 point possible (ungraded)" in html
    assert "You have used 0 of 2 attempts" in html
    assert "The reason." not in html
    assert "Well done." not in html


def test_looking_at_a_problem_writes_nothing() -> None:
    seen = problem()

    shown(seen)

    assert seen.state.documents == {}  # type: ignore[attr-defined]


def test_visitors_are_asked_to_sign_in() -> None:
    html = shown(as_seen_by(problem(), NOBODY), "public_view")

    assert "Sign in" in html
    assert "right" not in html


def test_the_course_knows_the_points_without_a_learner() -> None:
    facts = blocks.facts(Node("problem", {"data": CHOICE}))

    assert facts == BlockFacts(has_score=True, max_score=1.0, completion="completable", icon="problem")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<problem><script>x = 1</script></problem>", "needs a program of its author"),
        ("<problem><oops</problem>", "has a mistake in it"),
        (
            "<problem><customresponse><jsinput/><answer>x</answer></customresponse></problem>",
            "cannot show or grade yet",
        ),
    ],
)
def test_a_problem_that_cannot_be_used_says_so_and_takes_no_attempt(data: str, words: str) -> None:
    seen = problem(data)

    assert words in shown(seen)
    reply = check(seen, "x")

    assert "Nothing was lost." in reply["error"]
    assert heard(seen, "grade") == []
    assert reply["attempts_used"] == 0


def test_the_course_team_reads_what_is_wrong_and_learners_do_not() -> None:
    seen = problem("<problem>\n<oops</problem>")

    assert "line 2" in shown(as_seen_by(seen, BOB))
    assert "line 2" not in shown(seen)


def test_a_survey_link_carries_the_learners_own_anonymous_id() -> None:
    seen = problem('<problem><a href="https://survey.example/?id=$anonymous_student_id">Survey</a></problem>')

    assert "?id=a11ce" in shown(seen)
    assert "?id=b0b" in shown(as_seen_by(seen, BOB))


# Answering


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


@pytest.mark.parametrize("shown", ["never", "never_but_include_grade", "past_due"])
def test_hidden_results_look_the_same_for_right_and_wrong(shown: str) -> None:
    replies = []
    for choice in ("choice_0", "choice_1"):
        seen = problem(show_correctness=shown, show_reset_button=True, due=(NOW + timedelta(days=1)).isoformat())
        reply = check(seen, choice)
        contents = re.sub(r'value="choice_\d"( checked)?', "", reply.pop("contents"))
        replies.append((reply, re.sub(r' (checked|selected)(="\w*")?', "", contents)))

    assert replies[0] == replies[1]
    assert "Reset" in replies[0][1]


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


# The same click twice


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


# Saving, resetting, asking


def test_saved_answers_wait_ungraded() -> None:
    seen = problem(max_attempts=2)

    reply = send(seen, "problem_save", (ANSWER, "choice_0")).json

    assert reply["success"] is True
    assert reply["msg"] == "Your answers have been saved but not graded. Click 'Submit' to grade them."
    assert reply["attempts_used"] == 0
    assert 'value="choice_0" checked' in shown(seen)
    assert heard(seen, "grade") == []
    assert len(heard(seen, "save_problem_success")) == 1


def test_saving_hides_the_old_verdict_until_the_next_submission() -> None:
    seen = problem(max_attempts=2)
    check(seen, "choice_1")

    send(seen, "problem_save", (ANSWER, "choice_0"))

    assert ">Incorrect</p>" not in shown(seen)
    assert "Your answers were previously saved." in shown(seen)


def test_reset_clears_answers_and_keeps_attempts() -> None:
    seen = problem(show_reset_button=True, max_attempts=3)
    check(seen, "choice_1")

    reply = send(seen, "problem_reset").json

    assert reply["success"] is True
    assert reply["attempts_used"] == 1
    assert " checked" not in shown(seen)
    assert heard(seen, "grade")[-1][2:4] == (0, 1)
    assert len(heard(seen, "reset_problem")) == 1


def test_there_is_nothing_to_reset_before_an_answer() -> None:
    seen = problem()

    reply = send(seen, "problem_reset").json

    assert reply["msg"] == "You must submit an answer before you can select Reset."
    assert [event[2]["failure"] for event in heard(seen, "reset_problem_fail")] == ["not_done"]


def test_a_variant_stays_until_reset() -> None:
    seen = problem("<problem><p>Variant $seed.</p>" + NUMBER[9:], rerandomize="onreset")
    words = [shown(seen).partition("Variant ")[2].partition(".")[0] for _ in range(3)]
    check(seen, "5")

    variants = set()
    for _ in range(20):
        send(seen, "problem_reset")
        variants.add(shown(seen).partition("Variant ")[2].partition(".")[0])
        check(later(seen, minutes=1), "5")

    assert len(set(words)) == 1
    assert len(variants) > 1


def test_a_problem_that_changes_every_time_says_how_to_go_on() -> None:
    seen = problem(NUMBER, rerandomize="always")
    check(seen, "5")

    refused = send(later(seen, minutes=1), "problem_check", (ANSWER, "6"))

    assert refused.status_int == 404
    assert [event[2]["failure"] for event in heard(seen, "problem_check_fail")] == ["unreset"]
    assert "Select Reset to try the next variant." in shown(seen)


def test_answers_are_shown_when_they_may_be() -> None:
    seen = problem(showanswer="attempted")

    before = send(seen, "problem_show")
    check(seen, "choice_1")
    after = send(seen, "problem_show")

    assert before.status_int == 404
    assert after.json["answers"]["q_2_1"] == ["choice_0"]
    assert "The reason." in after.json["answers"]["q_solution_1"]
    assert "The reason." in after.json["contents"]
    assert len(heard(seen, "showanswer")) == 2


def test_hints_come_one_by_one_and_are_logged() -> None:
    seen = problem()

    replies = [send(seen, "hint_button", ("hint_index", str(index))).json for index in (0, 1)]

    assert [(reply["hint_index"], reply["should_enable_next_hint"]) for reply in replies] == [(0, True), (1, False)]
    assert "Hint (2 of 2): " in replies[1]["msg"]
    assert "One." in replies[1]["msg"]
    assert [event[2]["hint_text"] for event in heard(seen, "edx.problem.hint.demandhint_displayed")] == ["One.", "Two."]


def test_links_to_course_files_lead_somewhere() -> None:
    seen = problem('<problem><p><img src="/static/a.png"/></p>' + NUMBER[9:])

    assert 'src="/assets/a.png"' in shown(seen)
    assert 'src="/assets/a.png"' in check(seen, "5")["contents"]


def test_a_formula_is_shown_while_it_is_typed() -> None:
    seen = problem(NUMBER)

    read = send(seen, "input_ajax", ("dispatch", "preview_formcalc"), ("formula", "a/b"), ("request_start", "7")).json
    unread = send(seen, "input_ajax", ("dispatch", "preview_formcalc"), ("formula", "a/")).json

    assert (read["preview"], read["request_start"]) == (r"\frac{a}{b}", "7")
    assert unread["error"] == "Sorry, couldn't parse formula"


# Grading again


def test_a_corrected_problem_is_graded_again_for_those_who_answered() -> None:
    seen = problem(NUMBER)
    check(seen, "6")
    mended = visit(Block("problem", "q", {"data": NUMBER.replace('"5"', '"6"')}))
    mended = replace(mended, state=seen.state)

    block = BlockRuntime(mended).block(REF)
    block.rescore(only_if_higher=True)
    block.save()

    assert heard(mended, "grade")[0][2:] == (1, 1, {"only_if_higher": True})
    assert [event[2]["new_score"] for event in heard(mended, "problem_rescore")] == [1]
    assert "Correct (1/1 point)" in shown(mended)


def test_there_is_nothing_to_grade_again_without_an_answer() -> None:

    seen = problem()

    with pytest.raises(ValueError, match="Cannot rescore unanswered problem"):
        BlockRuntime(seen).block(REF).rescore()
    assert [event[2]["failure"] for event in heard(seen, "problem_rescore_fail")] == ["unanswered"]


def test_alice_and_bob_do_not_share_answers() -> None:
    seen = problem()
    check(as_seen_by(seen, ALICE), "choice_0")

    assert " checked" not in shown(as_seen_by(seen, BOB))


# History


def test_every_attempt_is_kept_as_it_was_for_whoever_grades_again() -> None:
    seen = problem(max_attempts=None)
    check(seen, "choice_1")
    check(later(seen, minutes=1), "choice_0")
    block = BlockRuntime(seen).block(REF)

    assert block.student_answers_history == [{"q_2_1": "choice_1"}, {"q_2_1": "choice_0"}]
    assert [one["q_2_1"]["correctness"] for one in block.correct_map_history] == ["incorrect", "correct"]
    assert block.score_history == [{"raw_earned": 0, "raw_possible": 1}, {"raw_earned": 1, "raw_possible": 1}]


def test_a_history_that_comes_from_elsewhere_is_taken_as_it_is() -> None:
    seen = problem()
    block = BlockRuntime(seen).block(REF)
    block.student_answers_history = [{"q_2_1": "choice_1"}]
    block.save()
    check(seen, "choice_0")

    assert BlockRuntime(seen).block(REF).student_answers_history == [{"q_2_1": "choice_1"}, {"q_2_1": "choice_0"}]


def test_compiled_problems_are_kept_by_their_length() -> None:
    long = [CHOICE.replace("Which?", "Which? " * 200_000 + str(number)) for number in range(4)]

    first = compiled(CHOICE, "q", 1, "", None)
    again = compiled(CHOICE, "q", 1, "", None)
    for data in long:
        compiled(data, "q", 1, "", None)

    assert again is first
    assert compiled(long[-1], "q", 1, "", None) is compiled(long[-1], "q", 1, "", None)
    assert compiled(CHOICE, "q", 1, "", None) is not first


@pytest.mark.parametrize("action", ["problem_check", "problem_save"])
def test_nothing_is_kept_that_no_question_asked_for(action: str) -> None:
    seen = problem('<problem><formularesponse answer="x" samples="x@1:2#3"><textline/></formularesponse></problem>')

    send(
        seen,
        action,
        (ANSWER, "x"),
        (f"{ANSWER}_dynamath", "<math/>"),
        ("input_junk", "j" * 90_000),
        ("input_q_2_2[]", "j"),
        ("input_q_2_3{}", "{}"),
        (f"{ANSWER}_junk", "j"),
    )

    kept = stored(seen)
    assert kept["student_answers"] == {"q_2_1": "x", "q_2_1_dynamath": "<math/>"}
    assert "j" * 10 not in json.dumps(kept)


@pytest.mark.parametrize("action", ["problem_check", "problem_save"])
def test_a_line_has_an_end_and_uses_no_attempt_past_it(action: str) -> None:
    seen = problem(NUMBER)

    reply = send(seen, action, (ANSWER, "5" * 10_001)).json

    assert "shorten it to 10000 characters" in reply["error"]
    assert seen.state.documents == {}  # type: ignore[attr-defined]


def test_a_history_keeps_its_first_and_its_newest_attempts() -> None:
    seen = problem('<problem><stringresponse answer="x"><textline/></stringresponse></problem>')

    for number in range(40):
        check(later(seen, minutes=number), f"{number} " + "x" * 9_900)

    history = [attempt["q_2_1"].split()[0] for attempt in stored(seen)["student_answers_history"]]
    assert len(json.dumps(stored(seen)["student_answers_history"])) < 310_000
    assert (history[0], history[-1]) == ("0", "39")
    assert history[1:] == [str(number) for number in range(41 - len(history), 40)]
