"""One of several choices: multiplechoiceresponse, and truefalseresponse which takes a set of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lykeion.capa.hints import Hint, feedback_on_choice
from lykeion.capa.inputs.choices import Choice, choice_elements, choice_group, choice_html
from lykeion.capa.responses.base import CORRECT, INCORRECT, Outcome, Response, Submission, credit_schemes, frame
from lykeion.capa.scope import Part, Scope
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import AnswerError, Expected, HintEvent, InputResult, ProblemError, gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Response):
    """Any of the right choices earns the point; `partial` holds the worth of partly right ones."""

    right: tuple[str, ...]
    partial: Mapping[str, float]
    hints: Mapping[str, Hint]
    permutation: str = ""  # "shuffle" or "answerpool", for the event log
    fault: str = ""  # what is wrong with partial_credit; told when an answer comes in

    def grade(self, submission: Submission) -> Outcome:
        """Right, partly right or wrong, with the hint of the choice taken."""
        if self.fault:
            raise AnswerError(self.fault)
        answer = submission.answers.get(self.input_id)
        if answer == []:
            raise AnswerError(gettext_noop("The answer must be one of the choices."))
        result = self._verdict(answer)
        html, event = self._feedback(answer, result)
        if html:
            result = InputResult(result.correctness, result.npoints, html)
        return Outcome({self.input_id: result}, events=(event,) if event else ())

    def _verdict(self, answer: Any) -> InputResult:
        if not isinstance(answer, str):
            return INCORRECT
        if answer in self.right:
            return CORRECT
        if answer in self.partial:
            return InputResult("partially-correct", self.partial[answer])
        return INCORRECT

    def _feedback(self, answer: Any, result: InputResult) -> tuple[str, HintEvent | None]:
        """Partly right answers are headed `Incorrect:`, as Open edX does."""
        chosen = answer[0] if isinstance(answer, list) else answer
        correct = result.correctness == "correct"
        return feedback_on_choice(self.hints, chosen, part_id=self.id, question_type=self.tag, correct=correct)

    def expected(self) -> Mapping[str, Expected]:
        """The names of the right choices."""
        return {self.input_id: list(self.right)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(MultipleChoice):
    """The chosen must be exactly the right ones."""

    def _verdict(self, answer: Any) -> InputResult:
        chosen: Sequence[Any] = () if answer is None else answer if isinstance(answer, list) else [answer]
        return CORRECT if set(map(str, chosen)) == set(self.right) else INCORRECT


Named = tuple[str, Element]


def build(part: Part) -> MultipleChoice:
    """Name the choices, then draw and shuffle them."""
    entry = part.only_entry()
    named = _named(part, choice_elements(part, entry))
    partial, fault = _partial(part, named)
    shown, permutation = _arranged(part, entry, named)
    several = part.tag == "truefalseresponse"
    options = [Choice(name, choice_html(part.scope, choice), choice.get("explanation-id")) for name, choice in shown]
    return (TrueFalse if several else MultipleChoice)(
        **frame(part, choice_group(part, entry, options, multiple=several)),
        right=tuple(name for name, choice in named if _correctness(part, choice) == "TRUE"),
        partial=partial,
        hints=_hints(named),
        permutation=permutation,
        fault=fault,
    )


def _named(part: Part, choices: Sequence[Element]) -> list[Named]:
    """`choice_<name>`, or a number counted over the unnamed ones only."""
    named, number = [], 0
    for choice in choices:
        name = choice.get("name")
        if name is None:
            name, number = str(number), number + 1
        named.append((part.scope.substitute(f"choice_{name}"), choice))
    return named


def _correctness(part: Part, choice: Element) -> str:
    value = choice.get("correct")
    if value is None:
        raise ProblemError("<choice> does not say whether it is correct.", line_of(choice))
    return part.scope.substitute(value).upper()


def _partial(part: Part, named: Sequence[Named]) -> tuple[Mapping[str, float], str]:
    """The worth of each partly right choice, and what is wrong with the attribute."""
    schemes = credit_schemes(part)
    if part.tag == "truefalseresponse" or not schemes:
        return {}, ""
    if len(schemes) > 1:
        return {}, "Only one type of partial credit is allowed for Multiple Choice problems."
    if schemes[0] != "points":
        return {}, "partial_credit attribute should be one of: points,false"
    return {name: _worth(choice) for name, choice in named if _correctness(part, choice) == "PARTIAL"}, ""


def _worth(choice: Element) -> float:
    try:
        return float(choice.get("point_value", "0.5"))
    except ValueError as error:
        raise ProblemError(
            f'<choice> has point_value="{choice.get("point_value")}"; it must be a number.', line_of(choice)
        ) from error


def _hints(named: Sequence[Named]) -> Mapping[str, Hint]:
    hints: dict[str, Hint] = {}
    for name, choice in named:
        hint = choice.find("choicehint")
        if hint is not None:
            hints.setdefault(name, Hint(hint))
    return hints


def _arranged(part: Part, entry: Element, named: list[Named]) -> tuple[list[Named], str]:
    """The choices in the order of this seed, and the word for what was done to them."""
    pool, shuffle = entry.get("answer-pool"), entry.get("shuffle") == "true"
    if pool is not None and shuffle:
        raise ProblemError("Do not use shuffle and answer-pool at the same time", line_of(entry))
    if shuffle:
        return _shuffled(part.scope, named), "shuffle"
    if pool is None or pool == "0":
        return named, ""
    return _drawn(part, entry, named, pool), "answerpool"


def _shuffled(scope: Scope, named: list[Named]) -> list[Named]:
    """Leading fixed choices stay in front, all other fixed ones go to the end."""
    fixed = [choice.get("fixed") == "true" for _, choice in named]
    head = fixed.index(False) if False in fixed else len(fixed)
    middle = [item for item, is_fixed in zip(named[head:], fixed[head:], strict=True) if not is_fixed]
    tail = [item for item, is_fixed in zip(named[head:], fixed[head:], strict=True) if is_fixed]
    scope.chance.shuffle(middle)
    return named[:head] + middle + tail


def _drawn(part: Part, entry: Element, named: list[Named], pool: str) -> list[Named]:
    """One right choice and as many wrong ones as the pool allows; only its solution stays."""
    try:
        size = int(pool)
    except ValueError as error:
        raise ProblemError("answer-pool value should be an integer", line_of(entry)) from error
    right = [item for item in named if _correctness(part, item[1]) == "TRUE"]
    wrong = [item for item in named if _correctness(part, item[1]) != "TRUE"]
    if not right or not wrong:
        raise ProblemError("Choicegroup must include at least 1 correct and 1 incorrect choice", line_of(entry))
    chance = part.scope.chance
    chosen = right[chance.below(len(right))]
    chance.shuffle(wrong)
    drawn = [chosen, *wrong[: min(size - 1, len(wrong))]]  # a negative pool counts from the end, as it always has
    chance.shuffle(drawn)
    _keep_solution(part.element, chosen[1].get("explanation-id"))
    return drawn


def _keep_solution(response: Element, explanation_id: str | None) -> None:
    """Of the solution set that follows, only the one that explains the drawn choice stays."""
    for solutions in response.itersiblings("solutionset"):
        for solution in solutions.findall("solution"):
            if solution.get("explanation-id") != explanation_id:
                solutions.remove(solution)
        return
