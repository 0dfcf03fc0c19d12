"""What is kept of a learner's answers, and of problems: as much as is needed, and nothing that tells too much."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from lykeion.blocks.builtin.problem.block import compiled
from lykeion.blocks.types import Visit
from tests.blocks.builtin.problem.asking import ANSWER, CHOICE, NUMBER, check, later, problem, send
from tests.blocks.visits import NOW


def stored(seen: Visit) -> dict[str, Any]:
    (document,) = seen.state.documents.values()  # type: ignore[attr-defined]
    return document  # type: ignore[no-any-return]


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
