"""The problem language on top of the sandbox: scripts, check functions, hint functions, kept results."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from lykeion.capa.api import parse
from lykeion.capa.problem import Problem
from lykeion.capa.types import AnswerError, ProblemError, ScriptsUnavailable
from lykeion.sandbox.api import Library, Sandbox, SandboxRunner


class Kept(dict[str, Any]):
    """A cache that remembers everything."""

    def set(self, key: str, value: Any, timeout: float | None) -> None:
        self[key] = value


def problem(xml: str, runner: SandboxRunner, seed: int = 1) -> Problem:
    return parse(f"<problem>{xml}</problem>", problem_id="p", seed=seed, student_id="student", runner=runner)


def test_a_problem_of_an_author_is_graded_by_its_script(sandbox: Sandbox) -> None:
    xml = """<script type="loncapa/python">
a = random.randint(2, 9)
def check(expect, ans):
    if float(ans) == 2 * a:
        return True
    return {"ok": "partial", "msg": "not " + ans, "grade_decimal": 0.25}
</script>
<p>Twice $a?</p><customresponse cfn="check"><textline/></customresponse>"""

    ours = problem(xml, SandboxRunner(sandbox))
    a = ours.context["a"]

    assert ours.grade({"p_2_1": str(2 * a)}).score == 1
    other = ours.grade({"p_2_1": "1"})
    assert (other.score, other.correct_map["p_2_1"].msg) == (0.25, "not 1")
    assert problem(xml, SandboxRunner(sandbox)).context["a"] == a


def test_an_error_in_a_script_names_the_line_of_the_problem(sandbox: Sandbox) -> None:
    xml = "<p>one</p>\n<script>a = 1\n</script>\n<p>four</p>\n<script>\nb = a / 0\n</script>"

    with pytest.raises(ProblemError) as told:
        problem(xml, SandboxRunner(sandbox))

    assert str(told.value) == "line 6: Error while executing script code: ZeroDivisionError: division by zero"


def test_an_error_in_a_check_function_costs_no_attempt_and_says_what(sandbox: Sandbox) -> None:
    xml = "<script>def check(e, a): return int(a) > 3</script><customresponse cfn='check'><textline/></customresponse>"
    ours = problem(xml, SandboxRunner(sandbox))

    with pytest.raises(AnswerError) as told:
        ours.grade({"p_2_1": "four"})

    assert told.value.message == "ValueError: invalid literal for int() with base 10: 'four'"


def test_a_value_of_numpy_is_explained_to_the_author(sandbox: Sandbox) -> None:
    script = "<script>def check(e, a): return numpy.bool_(1)</script>"
    xml = f"{script}<customresponse cfn='check'><textline/></customresponse>"

    with pytest.raises(AnswerError, match=r"returned numpy\.bool, which cannot be sent back"):
        problem(xml, SandboxRunner(sandbox)).grade({"p_2_1": "x"})


def test_a_hint_function_writes_hints_in_place_of_all_others(sandbox: Sandbox) -> None:
    xml = """<script>
def hint(answer_ids, student_answers, new_cmap, old_cmap):
    key = answer_ids[0]
    if not new_cmap.is_correct(key) and old_cmap.get_correctness(key) == "incorrect":
        new_cmap.set_hint_and_mode(key, "again " + student_answers[key], "always")
</script>
<stringresponse answer="right"><hintgroup hintfn="hint"/><correcthint>never</correcthint><textline/></stringresponse>"""
    ours = problem(xml, SandboxRunner(sandbox))

    first = ours.grade({"p_2_1": "no"})
    second = ours.grade({"p_2_1": "nope"}, attempt=2, previous=first.correct_map)
    right = ours.grade({"p_2_1": "right"})

    assert (first.correct_map["p_2_1"].hint, second.correct_map["p_2_1"].hint) == ("", "again nope")
    assert (right.score, right.correct_map["p_2_1"].msg, right.events) == (1, "", ())


def test_a_symbolic_answer_is_right_in_any_form(sandbox: Sandbox) -> None:
    ours = problem("<symbolicresponse expect='x^2'><textline math='1'/></symbolicresponse>", SandboxRunner(sandbox))

    assert [ours.grade({"p_2_1": text}).score for text in ("x*x", "x^2", "2*x")] == [1, 1, 0]


def test_results_are_kept_by_code_values_and_seed(sandbox: Sandbox) -> None:
    kept = Kept()
    xml = "<script>a = random.random()</script><p>$a</p>"

    first = problem(xml, SandboxRunner(sandbox, cache=kept)).context["a"]
    nobody = Sandbox(sandbox.path.with_name("nobody"))

    assert problem(xml, SandboxRunner(nobody, cache=kept)).context["a"] == first
    with pytest.raises(ScriptsUnavailable):
        problem(xml, SandboxRunner(nobody, cache=kept), seed=2)


def test_the_modules_of_the_course_are_at_hand(sandbox: Sandbox) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as modules:
        modules.writestr("judge.py", "def check(e, a): return a == e")
    runner = SandboxRunner(sandbox, library=lambda: Library("one", archive.getvalue))
    xml = "<script>from judge import check</script><customresponse cfn='check' expect='y'><textline/></customresponse>"

    assert problem(xml, runner).grade({"p_2_1": "y"}).score == 1
