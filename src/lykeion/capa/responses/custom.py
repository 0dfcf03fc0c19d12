"""Questions that their author's Python grades: customresponse, symbolicresponse and schematicresponse.

The engine runs none of it: it hands the code to the ScriptRunner and makes sense of what comes back.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lykeion.capa.calc import CalcError
from lykeion.capa.calc.mathml import to_mathml
from lykeion.capa.inputs.kinds import input_of
from lykeion.capa.messages import tidy
from lykeion.capa.responses.base import INCORRECT, Outcome, Response, Submission, frame
from lykeion.capa.scope import Part, Scope
from lykeion.capa.source import Element, is_python, line_of
from lykeion.capa.types import (
    AnswerError,
    Check,
    Expected,
    InputResult,
    ProblemError,
    ScriptError,
    ScriptRunner,
    ScriptsUnavailable,
    gettext_noop,
)

_HALF: Final = 0.5
_SYMMATH: Final = """
from symmath import symmath_check
returned = symmath_check(expect, ans, dynamath=dynamath, options=options)
"""
_NO_ANSWER: Final = '<span class="inline-error">No answer entered!</span>'


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came back from the author's code, for each input in order."""

    correct: Sequence[str]
    messages: Sequence[str]
    overall: str = ""
    decimals: Sequence[float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom(Response):
    """`function` is the name (or any expression) of a function of the problem's script; without it, `code` runs."""

    scope: Scope
    function: str | None
    code: str
    expect: str | None
    shown: Mapping[str, str]
    extra: tuple[str, ...] = ()
    options: str = ""
    empty_answer_error: bool = False

    def grade(self, submission: Submission) -> Outcome:
        """One empty input is wrong without any code; everything else is the author's to say."""
        self._runner()
        answers = [self._answer(submission, entry.id) for entry in self.inputs]
        if len(answers) == 1 and not answers[0]:
            message = _NO_ANSWER if self.empty_answer_error else ""
            return Outcome({self.input_id: InputResult("incorrect", msg=message) if message else INCORRECT})
        verdict = self._run(submission, answers)
        decimals = verdict.decimals if verdict.decimals is not None else submission.scratch.get("grade_decimals")
        submission.scratch["grade_decimals"] = decimals
        return Outcome(self._results(verdict, decimals), verdict.overall)

    def _runner(self) -> ScriptRunner:
        if self.scope.runner is None:
            raise ScriptsUnavailable("This question is graded by its author's Python, which cannot be run here.")
        return self.scope.runner

    def _answer(self, submission: Submission, input_id: str) -> Any:
        if input_id not in submission.answers:
            raise AnswerError(gettext_noop("An answer is missing."))
        return submission.answers[input_id]

    def _run(self, submission: Submission, answers: list[Any]) -> Verdict:
        runner = self._runner()
        context = {**self.scope.context, "attempt": submission.attempt, **submission.scratch.get("context", {})}
        try:
            if self.function is not None:
                extra = self._variables(submission, answers) | context
                check = Check(
                    script=self.scope.script,
                    function=self.function,
                    expect=self.expect,
                    answer=answers[0] if len(answers) == 1 else answers,
                    extra={name: extra.get(name) for name in self.extra},
                )
                returned = runner.check(check, seed=self.scope.seed, context=context)
                return self._understood(returned)
            check = Check(script=self.scope.script, code=self.code, variables=self._variables(submission, answers))
            left = runner.check(check, seed=self.scope.seed, context=context)
        except ScriptError as error:
            raise AnswerError("{message}", message=error) from error
        submission.scratch["context"] = left  # later code of the problem sees what this one left
        try:
            return self._from_globals(left)
        except (TypeError, ValueError) as error:
            raise ProblemError(f"The author's code left values that make no sense: {error}.", self.line) from error

    def _variables(self, submission: Submission, answers: list[Any]) -> dict[str, Any]:
        ids = [entry.id for entry in self.inputs]
        return {
            "response_id": self.id,
            "expect": self.expect,
            "submission": answers,
            "idset": ids,
            "dynamath": [submission.answers.get(f"{input_id}_dynamath") for input_id in ids],
            "answers": dict(submission.answers),
            "correct": ["unknown"] * len(ids),
            "messages": [""] * len(ids),
            "overall_message": "",
            "options": self.options,
            "testdat": "hello world",
        }

    def _from_globals(self, left: Mapping[str, Any]) -> Verdict:
        return Verdict(
            correct=[str(word) for word in left.get("correct", ())],
            messages=[tidy(message) for message in left.get("messages", ())],
            overall=tidy(left.get("overall_message", "")),
            decimals=[_share(decimal) for decimal in left["grade_decimals"]] if left.get("grade_decimals") else None,
        )

    def _understood(self, returned: Any) -> Verdict:
        """Authors' code may answer anything: what makes no sense is their mistake, and costs no attempt."""
        try:
            return self._from_return(returned)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise ProblemError(
                f"The check function's answer makes no sense: {type(error).__name__}: {error}.", self.line
            ) from error

    def _from_return(self, returned: Any) -> Verdict:
        """The forms a check function may answer in (responsetypes.py:CustomResponse)."""
        count = len(self.inputs)
        if not isinstance(returned, dict):
            return Verdict([_correctness(returned)] * count, [""] * count)
        if "ok" in returned:
            return self._from_dictionary(returned, count)
        if "input_list" in returned:
            entries = returned["input_list"]
            return Verdict(
                correct=[_correctness(entry["ok"]) for entry in entries],
                messages=[tidy(entry.get("msg")) for entry in entries],
                overall=tidy(returned.get("overall_message", "")),
                decimals=[_share(entry.get("grade_decimal", _listed_decimal(entry["ok"]))) for entry in entries],
            )
        raise AnswerError(gettext_noop("CustomResponse: check function returned an invalid dictionary!"))

    def _from_dictionary(self, returned: Mapping[str, Any], count: int) -> Verdict:
        correct, message = _correctness(returned["ok"]), tidy(returned.get("msg"))
        decimal = returned.get("grade_decimal", _decimal(correct))
        messages = [message] if count == 1 else [""] * count
        return Verdict([correct] * count, messages, "" if count == 1 else message, [_share(decimal)] * count)

    def _results(self, verdict: Verdict, decimals: Sequence[float] | None) -> dict[str, InputResult]:
        lengths = [len(found) for found in (verdict.correct, verdict.messages, decimals) if found is not None]
        if min(lengths) < len(self.inputs):
            raise ProblemError("The check function answered for fewer inputs than there are.", self.line)
        results = {}
        for index, entry in enumerate(self.inputs):
            correct = verdict.correct[index]
            share = _decimal(correct, whole=1, nothing=0) if decimals is None else decimals[index]
            results[entry.id] = InputResult(correct, entry.points * share, verdict.messages[index] or "")
        return results

    def expected(self) -> Mapping[str, Expected]:
        """What the author says to show."""
        return dict(self.shown)


def _presentation(answer: Any) -> str | None:
    """What a browser of Open edX sends beside an expression: its MathML; None while it cannot be read."""
    try:
        return to_mathml(answer) if isinstance(answer, str) else None
    except (CalcError, RecursionError):
        return None


def _correctness(ok: Any) -> str:
    word = str(ok).lower().strip()
    if "partial" in word:
        return "partially-correct"
    return "correct" if ok and word != "false" else "incorrect"


def _share(decimal: Any) -> float:
    share = float(decimal)
    if not math.isfinite(share):
        raise ValueError(f"the grade {decimal!r} is not a number")
    return share


def _decimal(correct: str, *, whole: float = 1.0, nothing: float = 0.0) -> float:
    return whole if correct == "correct" else _HALF if correct == "partially-correct" else nothing


def _listed_decimal(ok: Any) -> float:
    """In a list only what reads `true` is worth a point: `ok: 1` shows a tick and earns nothing (Open edX's rule)."""
    word = str(ok).lower().strip()
    return 1.0 if word == "true" else _HALF if "partial" in word else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbolic(Custom):
    """Expressions that mean the same, as sympy sees it: the function is that of the package `symmath`."""

    def _run(self, submission: Submission, answers: list[Any]) -> Verdict:
        variables = self._variables(submission, answers)
        typed = [text or _presentation(answers[0]) for text in variables["dynamath"]]
        check = Check(script="", code=_SYMMATH, variables={**variables, "ans": answers[0], "dynamath": typed})
        try:
            left = self._runner().check(check, seed=self.scope.seed, context={})
        except ScriptError as error:
            raise AnswerError(
                gettext_noop("An error occurred with SymbolicResponse. The error was: {error}"), error=error
            ) from error
        returned = left.get("returned")
        if not isinstance(returned, dict):
            raise ProblemError("symmath_check did not answer with a dictionary.", self.line)
        return Verdict(["correct" if returned.get("ok") else "incorrect"], [tidy(returned.get("msg", ""))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Schematic(Custom):
    """Circuits: the author's code gets the analyses as values and sets `correct`."""

    def grade(self, submission: Submission) -> Outcome:
        """Inputs are taken in the order of their ids as text, as Open edX does."""
        ids = sorted(entry.id for entry in self.inputs)
        values = [_analysis(self._answer(submission, input_id)) for input_id in ids]
        runner = self._runner()
        check = Check(script=self.scope.script, code=self.code, variables={"submission": values})
        try:
            left = runner.check(check, seed=self.scope.seed, context=self.scope.context)
        except ScriptError as error:
            raise AnswerError(
                gettext_noop("Error in evaluating SchematicResponse. The error was: {error}"), error=error
            ) from error
        if not isinstance(left.get("correct"), list | tuple):
            raise ProblemError("The author's code did not set `correct` to a list.", self.line)
        return Outcome({key: InputResult(str(word)) for key, word in zip(ids, left["correct"], strict=False)})


def _analysis(answer: Any) -> Any:
    try:
        return json.loads(answer)
    except (TypeError, json.JSONDecodeError) as error:
        raise AnswerError(gettext_noop("The circuit cannot be read.")) from error


def build(part: Part) -> Custom:
    """Read where the code is and what it gets."""
    answer = part.element.find("answer")
    code = "" if answer is None else _code(answer)
    function = part.element.get("cfn")
    kind = Symbolic if part.tag == "symbolicresponse" else Custom
    return kind(
        **frame(part, *[input_of(part, entry) for entry in part.entries]),
        scope=part.scope,
        function=None if code.strip() else function,  # code in the question goes before a named function
        code=code,
        expect=_expect(part),
        shown=_shown(part),
        extra=tuple(part.element.get("cfn_extra_args", "").split()),
        options=part.element.get("options", ""),
        empty_answer_error=bool(part.element.get("empty_answer_err")),
    )


def build_schematic(part: Part) -> Schematic:
    """Read the code that judges circuits."""
    part.only_entry()
    answer = part.element.find("answer")
    if answer is None:
        raise ProblemError("<schematicresponse> has no <answer> with code in it.", part.line)
    return Schematic(
        **frame(part, *[input_of(part, entry) for entry in part.entries]),
        scope=part.scope,
        function=None,
        code=_code(answer),
        expect=None,
        shown={},
    )


def _code(answer: Element) -> str:
    if answer.get("src"):
        raise ProblemError("<answer src> is not supported; put the code in the problem.", line_of(answer))
    return answer.text or "" if is_python(answer) else ""


def _expect(part: Part) -> str | None:
    for name in ("expect", "answer"):
        if part.element.get(name) is not None:
            return part.get(name)
    return None


def _shown(part: Part) -> dict[str, str]:
    """With one input the expected answer; else what each input says is its right answer."""
    shown = {}
    for entry in part.entries:
        answer = entry.get("correct_answer")
        if answer is not None:
            shown[str(entry.get("id"))] = part.scope.substitute(answer)
    expect = _expect(part)
    if not shown and expect is not None and len(part.entries) == 1:
        return {str(part.entries[0].get("id")): expect}
    return shown
