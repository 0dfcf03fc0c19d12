"""What else a learner does with a problem: saves, resets, asks."""

from __future__ import annotations

from tests.blocks.builtin.problem.asking import (
    ANSWER,
    NUMBER,
    check,
    heard,
    later,
    problem,
    send,
    shown,
)


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
