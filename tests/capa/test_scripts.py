"""The seam for authors' Python: what the engine asks of a runner, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from lykeion.capa.api import parse
from lykeion.capa.problem import Problem
from lykeion.capa.types import AnswerError, Check, ProblemError, ScriptError, ScriptsUnavailable, View


@dataclass
class Runner:
    """Answers as told, and remembers what it was asked."""

    values: Mapping[str, Any] = field(default_factory=dict)
    answer: Callable[[Check], Any] = lambda check: True
    asked: list[Check] = field(default_factory=list)

    def context(self, script: str, *, seed: int, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.values

    def check(self, check: Check, *, seed: int, context: Mapping[str, Any]) -> Any:
        self.asked.append(check)
        return self.answer(check)


def custom(runner: Runner | None, inputs: str = "<textline/>", **attributes: str) -> Problem:
    named = "".join(f' {name}="{value}"' for name, value in {"cfn": "judge", **attributes}.items())
    xml = f"<problem><script>def judge(e, a): ...</script><customresponse{named}>{inputs}</customresponse></problem>"
    return parse(xml, problem_id="p", seed=3, runner=runner)


def verdicts(problem: Problem, **answers: str) -> dict[str, tuple[str, float | None, str]]:
    results = problem.grade({f"p_{key}": value for key, value in answers.items()}).correct_map
    return {key[2:]: (one.correctness, one.npoints, one.msg) for key, one in results.items()}


def test_values_of_the_script_stand_in_texts_and_answers() -> None:
    question = '<numericalresponse answer="$n"><textline/></numericalresponse>'
    xml = f"<problem><script>n = 6</script><p>$n and $name</p>{question}</problem>"

    problem = parse(xml, problem_id="p", seed=1, runner=Runner({"n": 6, "name": "six"}))

    assert "<p>6 and six</p>" in problem.render(View())
    assert problem.grade({"p_2_1": "6"}).score == 1


def test_a_check_function_gets_what_open_edx_gives_it() -> None:
    runner = Runner()

    custom(runner, expect="42", cfn_extra_args="attempt").grade({"p_2_1": "a"}, attempt=4)

    assert runner.asked == [
        Check(script="def judge(e, a): ...", function="judge", expect="42", answer="a", extra={"attempt": 4})
    ]


def test_several_inputs_are_judged_together() -> None:
    runner = Runner(answer=lambda check: {"ok": check.answer == ["1", "2"], "msg": "of both"})
    problem = custom(runner, "<textline/><textline points='3'/>")

    grading = problem.grade({"p_2_1": "1", "p_2_2": "2"})

    assert grading.score == 4
    assert grading.overall_message == "of both"


@pytest.mark.parametrize(
    ("returned", "verdict"),
    [
        (True, ("correct", 1, "")),
        (0, ("incorrect", 0, "")),
        ("partial", ("partially-correct", 0.5, "")),
        ({"ok": "false", "msg": "no <b>way"}, ("incorrect", 0.0, "no <b>way</b>")),
        ({"ok": True, "grade_decimal": 0.25}, ("correct", 0.25, "")),
        ({"input_list": [{"ok": 1}]}, ("correct", 0.0, "")),
        ({"input_list": [{"ok": "True", "msg": "m"}], "overall_message": "all"}, ("correct", 1.0, "m")),
    ],
)
def test_a_check_function_may_answer_in_many_ways(returned: Any, verdict: tuple[str, float, str]) -> None:
    assert verdicts(custom(Runner(answer=lambda check: returned)), **{"2_1": "x"}) == {"2_1": verdict}


@pytest.mark.parametrize(
    ("returned", "error"),
    [
        ({"grade": 1}, AnswerError),
        ({"input_list": None}, ProblemError),
        ({"input_list": []}, ProblemError),
        ({"ok": True, "grade_decimal": "much"}, ProblemError),
        ({"ok": True, "grade_decimal": float("nan")}, ProblemError),
    ],
)
def test_an_answer_without_sense_is_an_error_and_no_verdict(returned: Any, error: type[Exception]) -> None:
    problem = custom(Runner(answer=lambda check: returned))

    with pytest.raises(error):
        problem.grade({"p_2_1": "x"})


def test_code_in_the_question_judges_by_what_it_leaves() -> None:
    left = {"correct": ["correct", "incorrect"], "messages": ["m", ""], "overall_message": "o"}
    runner = Runner(answer=lambda check: left)
    xml = "<problem><customresponse><textline/><textline/><answer>correct = ...</answer></customresponse></problem>"

    problem = parse(xml, problem_id="p", seed=1, runner=runner)

    assert verdicts(problem, **{"2_1": "a", "2_2": "b"}) == {"2_1": ("correct", 1, "m"), "2_2": ("incorrect", 0, "")}
    assert runner.asked[0].code == "correct = ..."
    assert runner.asked[0].variables["submission"] == ["a", "b"]


def test_one_empty_answer_is_wrong_without_running_anything() -> None:
    runner = Runner()

    assert verdicts(custom(runner), **{"2_1": ""}) == {"2_1": ("incorrect", None, "")}
    assert runner.asked == []


def test_a_failing_script_is_told_to_the_learner_as_an_error() -> None:
    def fail(check: Check) -> Any:
        raise ScriptError("ValueError: must be positive")

    with pytest.raises(AnswerError) as told:
        custom(Runner(answer=fail)).grade({"p_2_1": "-1"})

    assert told.value.message == "ValueError: must be positive"


def test_without_a_runner_the_question_is_shown_and_not_graded() -> None:
    xml = "<problem><customresponse><textline/><answer>correct = ['correct']</answer></customresponse></problem>"
    problem = parse(xml, problem_id="p", seed=1)

    assert "<input" in problem.render(View())
    with pytest.raises(ScriptsUnavailable):
        problem.grade({"p_2_1": "x"})
    with pytest.raises(ScriptsUnavailable):
        problem.grade({"p_2_1": ""})
