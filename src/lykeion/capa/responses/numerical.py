"""A number, or an expression that has the value of a number: numericalresponse."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lykeion.capa.calc import CalcError, Number, SyntaxProblem, UndefinedName, UnmatchedParenthesis, evaluate
from lykeion.capa.calc.functions import NotAFactorial
from lykeion.capa.hints import Hint, feedback
from lykeion.capa.inputs.line import line_input
from lykeion.capa.responses.base import CORRECT, INCORRECT, Outcome, Response, Submission, credit_schemes, frame
from lykeion.capa.scope import Part
from lykeion.capa.tolerance import (
    STAFF_ANSWER_PROBLEM,
    near_boundary,
    near_enough,
    parameter,
    staff_number,
    tolerance_text,
    widened,
)
from lykeion.capa.types import AnswerError, Expected, HintEvent, InputResult, ProblemError, gettext_noop

_HALF: Final = InputResult("partially-correct", 0.5)
_QUARTER: Final = InputResult("partially-correct", 0.25)
_SCHEMES: Final = ("list", "close")


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers between two boundaries, given as expressions."""

    boundaries: tuple[str, str]
    inclusive: tuple[bool, bool]

    def holds(self, student: float, factor: float | None) -> bool | None:
        """Whether the number lies inside; None for nearly: inside the range widened by its width times the factor.

        A number that is a boundary, but for the last bit, counts as that boundary says.
        """
        values = []
        for boundary, inclusive in zip(self.boundaries, self.inclusive, strict=True):
            value = _boundary(boundary)
            if near_boundary(student, value):
                return inclusive
            values.append(value)
        low, high = values
        if low < student < high or factor is None:
            return low < student < high
        margin = (high - low) * factor
        return None if low - margin < student < high + margin else False

    def __str__(self) -> str:
        opening, closing = "[" if self.inclusive[0] else "(", "]" if self.inclusive[1] else ")"
        return f"{opening}{self.boundaries[0]}, {self.boundaries[1]}{closing}"


@dataclass(frozen=True, slots=True)
class Additional:
    """Another right answer; no tolerance applies to it."""

    answer: str
    hint: Hint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerical(Response):
    """The answer's value lies within a tolerance of the author's, or inside a range."""

    answer: str
    range: Range | None
    tolerance: str
    schemes: tuple[str, ...]
    partial_range: str
    partial_answers: tuple[str, ...] | None
    additional: tuple[Additional, ...]
    hint: Hint | None
    fault: str = ""

    def grade(self, submission: Submission) -> Outcome:
        """The verdict of the value; raises AnswerError for what has no value."""
        if self.input_id not in submission.answers:
            return Outcome({self.input_id: INCORRECT})
        answer = submission.answers[self.input_id]
        if self.fault:
            raise AnswerError(self.fault)
        student = student_number(answer)
        self._check_partial_answers()
        result, hint = self._verdict(student), self.hint
        if result is INCORRECT:
            result, hint = self._additional(student)
        html, event = self._feedback(answer, result, hint)
        if html:
            result = replace(result, msg=html)
        return Outcome({self.input_id: result}, events=(event,) if event else ())

    def _check_partial_answers(self) -> None:
        """A slip in the list is told at once, whatever the answer."""
        if "list" in self.schemes and self.range is None:
            for answer in self.partial_answers or ():
                staff_number(answer)

    def _verdict(self, student: Number) -> InputResult:
        if self.range is not None:
            return self._in_range(self.range, student)
        staff = staff_number(self.answer)
        if near_enough(student, staff, self.tolerance):
            return CORRECT
        return self._partly(student, staff) if self.schemes else INCORRECT

    def _in_range(self, range_: Range, student: Number) -> InputResult:
        if isinstance(student, complex):
            raise AnswerError(gettext_noop("You may not use complex numbers in range tolerance problems"))
        inside = range_.holds(float(student), self._factor() if "close" in self.schemes else None)
        return _HALF if inside is None else CORRECT if inside else INCORRECT

    def _partly(self, student: Number, staff: Number) -> InputResult:
        close = "close" in self.schemes
        wider = widened(self.tolerance, self._factor()) if close else ""
        if close and near_enough(student, staff, wider):
            return _HALF
        if "list" not in self.schemes:
            return INCORRECT
        if self.partial_answers is None:
            raise ProblemError('partial_credit="list" needs partial_answers in <responseparam>.', self.line)
        listed = [staff_number(answer) for answer in self.partial_answers]
        if any(near_enough(student, number, self.tolerance) for number in listed):
            return _HALF
        if close and any(near_enough(student, number, wider) for number in listed):
            return _QUARTER
        return INCORRECT

    def _factor(self) -> float:
        try:
            return float(self.partial_range)
        except ValueError as error:
            raise ProblemError(f"partial_range={self.partial_range!r} is not a number.", self.line) from error

    def _additional(self, student: Number) -> tuple[InputResult, Hint | None]:
        for other in self.additional:
            if complex(student) == staff_number(other.answer):
                return CORRECT, other.hint
        return INCORRECT, None

    def _feedback(self, answer: Any, result: InputResult, hint: Hint | None) -> tuple[str, HintEvent | None]:
        if hint is None or result.correctness != "correct":
            return "", None
        return feedback(
            part_id=self.id,
            question_type=self.tag,
            correct=True,
            student_answer=[answer],
            texts=[{"text": hint.html}],
            label=hint.label,
        )

    def expected(self) -> Mapping[str, Expected]:
        """The author's answer as written, with the additional ones."""
        main = self.answer if self.range is None else str(self.range)
        return {self.input_id: " <b>or</b> ".join([main, *(other.answer for other in self.additional)])}


def student_number(answer: Any) -> Number:
    """The value of what a learner typed; NaN for a blank. Raises AnswerError with a sentence for the learner."""
    if not isinstance(answer, str):
        raise AnswerError(gettext_noop("Could not interpret '{answer}' as a number."), answer=answer)
    try:
        return _as_float(evaluate(answer))
    except (UndefinedName, UnmatchedParenthesis) as error:
        raise AnswerError("{message}", message=error) from error
    except SyntaxProblem as error:
        raise AnswerError(gettext_noop("Invalid math syntax: '{answer}'"), answer=answer) from error
    except NotAFactorial as error:
        raise AnswerError(
            gettext_noop("Factorial function evaluated outside its domain:'{answer}'"), answer=answer
        ) from error
    except (CalcError, ArithmeticError, ValueError, TypeError, RecursionError) as error:
        raise AnswerError(gettext_noop("Could not interpret '{answer}' as a number."), answer=answer) from error


def _as_float(value: Number) -> Number:
    """Whole numbers are compared as floats; one too big for that raises OverflowError."""
    return value if isinstance(value, complex) else float(value)


def _boundary(text: str) -> float:
    value = staff_number(text)
    if value.imag:
        raise AnswerError(f"{STAFF_ANSWER_PROBLEM[:-1]}: complex boundary.")
    if math.isnan(value.real):
        raise AnswerError(f"{STAFF_ANSWER_PROBLEM[:-1]}: empty boundary.")
    return value.real


def build(part: Part) -> Numerical:
    """Read the answer, its tolerance and its schemes of partial credit."""
    part.require("answer")
    entry, answer = part.only_entry(), part.get("answer")
    schemes = credit_schemes(part)
    fault = "" if all(word in _SCHEMES for word in schemes) else "partial_credit attribute should be one of: list,close"
    listed = parameter(part.element, "partial_answers")
    return Numerical(
        **frame(part, line_input(part, entry)),
        answer=answer,
        range=_range(part),
        tolerance=part.scope.substitute(tolerance_text(part.element)),
        schemes=schemes,
        partial_range=parameter(part.element, "partial_range", "2"),
        partial_answers=None if listed is None else tuple(word for word in listed.split(",") if word.strip()),
        additional=_additional_answers(part),
        hint=_hint(part.element.findall("correcthint")),
        fault=fault,
    )


def _range(part: Part) -> Range | None:
    text = part.require("answer").strip()
    if text[:1] not in ("[", "(") or text[-1:] not in ("]", ")") or len(text) < 2:
        return None
    boundaries = [part.scope.substitute(piece) for piece in text[1:-1].split(",")]
    if len(boundaries) < 2:
        if text[0] == "(" and text[-1] == ")":
            return None
        raise ProblemError(STAFF_ANSWER_PROBLEM, part.line)
    return Range((boundaries[0], boundaries[1]), (text[0] == "[", text[-1] == "]"))


def _additional_answers(part: Part) -> tuple[Additional, ...]:
    return tuple(
        Additional(part.scope.substitute(element.get("answer", "")), _hint(element.findall("correcthint")))
        for element in part.element.findall("additional_answer")
        if element.get("answer") is not None
    )


def _hint(elements: Sequence[Any]) -> Hint | None:
    return Hint(elements[0]) if elements else None
