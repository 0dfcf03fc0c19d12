"""A problem that is graded again, and the history that makes it possible."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lykeion.blocks.runtime import BlockRuntime
from tests.blocks.builtin.problem.asking import (
    NUMBER,
    REF,
    check,
    heard,
    later,
    problem,
    shown,
)
from tests.blocks.visits import ALICE, BOB, Block, as_seen_by, visit


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
