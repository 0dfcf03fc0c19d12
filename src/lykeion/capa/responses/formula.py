"""An expression in variables, compared with the author's at sample points: formularesponse."""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lykeion.capa.calc import CalcError, Number, UndefinedName, UnmatchedParenthesis, evaluate
from lykeion.capa.inputs.line import line_input
from lykeion.capa.legacyhints import hint_group
from lykeion.capa.responses.base import CORRECT, INCORRECT, Outcome, Response, Submission, frame
from lykeion.capa.scope import Part
from lykeion.capa.tolerance import near_enough, tolerance_text
from lykeion.capa.types import AnswerError, Expected, ProblemError, gettext_noop

MAX_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Samples:
    """Where expressions are compared: each variable's bounds, and how many points to draw."""

    bounds: tuple[tuple[str, float, float], ...]
    count: int

    def draw(self) -> Iterator[Mapping[str, Number]]:
        """Points with fresh chance each time."""
        for _ in range(self.count):
            yield {name: random.uniform(low, high) for name, low, high in self.bounds}  # noqa: S311 - sample points


@dataclass(frozen=True, slots=True)
class FormulaHint:
    """An answer the author foresaw, with the text to show for it."""

    answer: str
    samples: Samples
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula(Response):
    """At every sample point the two expressions agree within the tolerance."""

    answer: str
    samples: Samples | ProblemError  # a slip in the samples is told when an answer comes in
    tolerance: str
    case_sensitive: bool
    hints: tuple[FormulaHint, ...]
    hint_mode: str

    def grade(self, submission: Submission) -> Outcome:
        """Raises AnswerError for what cannot be read as a formula."""
        answer = submission.answers.get(self.input_id, "")
        if isinstance(self.samples, ProblemError):
            raise self.samples
        result = CORRECT if self._agrees(self.answer, answer, self.samples) else INCORRECT
        for hint in self.hints:
            if self._agrees(hint.answer, answer, hint.samples):
                if hint.text is not None:
                    result = replace(result, hint=hint.text, hintmode=self.hint_mode)
                break
        return Outcome({self.input_id: result})

    def _agrees(self, expected: str, answer: Any, samples: Samples) -> bool:
        for variables in samples.draw():
            staff = self._staff_value(expected, variables)
            student = self._student_value(answer, variables)
            if not near_enough(student, staff, self.tolerance):
                return False
        return True

    def _staff_value(self, expected: str, variables: Mapping[str, Number]) -> Number:
        try:
            value = evaluate(expected, variables, case_sensitive=self.case_sensitive)
            return value if isinstance(value, complex) else float(value)
        except (CalcError, ArithmeticError, ValueError, TypeError) as error:
            raise ProblemError(f"The formula {expected!r} has no value: {error}", self.line) from error

    def _student_value(self, answer: Any, variables: Mapping[str, Number]) -> Number:
        if not isinstance(answer, str):
            raise AnswerError(gettext_noop("Invalid input: Could not parse '{answer}' as a formula"), answer=answer)
        try:
            value = evaluate(answer, variables, case_sensitive=self.case_sensitive)
            return value if isinstance(value, complex) else float(value)
        except (UndefinedName, UnmatchedParenthesis) as error:
            raise AnswerError("{message}", message=error) from error
        except (CalcError, ArithmeticError, ValueError, TypeError) as error:
            raise AnswerError(
                gettext_noop("Invalid input: Could not parse '{answer}' as a formula"), answer=answer
            ) from error

    def expected(self) -> Mapping[str, Expected]:
        """The author's formula."""
        return {self.input_id: self.answer}


def build(part: Part) -> Formula:
    """Read the formula and where to compare it."""
    part.require("answer")
    part.require("samples")
    hints, mode = _hints(part)
    return Formula(
        **frame(part, line_input(part, part.only_entry())),
        answer=part.get("answer"),
        samples=_samples(part),
        tolerance=part.scope.substitute(tolerance_text(part.element)),
        case_sensitive=_case_sensitive(part.get("type")),
        hints=hints,
        hint_mode=mode,
    )


def _samples(part: Part) -> Samples | ProblemError:
    try:
        return read_samples(part, part.get("samples"))
    except ProblemError as error:
        return error


def _case_sensitive(kinds: str) -> bool:
    """Of several words the last counts."""
    known = [kind for kind in kinds.split(",") if kind in ("cs", "ci")]
    return bool(known) and known[-1] == "cs"


def _hints(part: Part) -> tuple[tuple[FormulaHint, ...], str]:
    group = hint_group(part, "formulahint")
    if group is None:
        return (), "always"
    element = part.element.find("hintgroup")
    assert element is not None  # noqa: S101 - there is a group
    hints = []
    for condition, (name, answer) in zip(element.findall("formulahint"), group.conditions, strict=True):
        samples = condition.get("samples")
        if samples is not None:
            text = group.text_for({name})
            hints.append(FormulaHint(answer, read_samples(part, part.scope.substitute(samples)), text))
    return tuple(hints), group.mode


def read_samples(part: Part, text: str) -> Samples:
    """`x,y@1,2:3,4#10`: names @ lows : highs # number of points."""
    try:
        names, rest = text.split("@")
        bounds, count = rest.split("#")
        lows, highs = ([_bound(number) for number in side.split(",")] for side in bounds.split(":"))
        named = tuple(zip(names.split(","), lows, highs, strict=False))
        return Samples(named, min(int(count), MAX_SAMPLES))
    except (ValueError, CalcError, ArithmeticError) as error:
        raise ProblemError(
            f"samples={text!r} cannot be read; write names@lows:highs#count, such as x,y@1,1:3,5#10.", part.line
        ) from error


def _bound(text: str) -> float:
    value = evaluate(text)
    if isinstance(value, complex) or math.isnan(value):
        raise ValueError(f"{text!r} is not a real number")
    return float(value)
