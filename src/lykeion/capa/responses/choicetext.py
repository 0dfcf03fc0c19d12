"""Choices with numbers to fill in: choicetextresponse."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lykeion.capa.inputs.choicetext import ChoiceTextInput, choice_text_input, fields_of
from lykeion.capa.responses.base import CORRECT, INCORRECT, Outcome, Response, Submission, frame
from lykeion.capa.responses.numerical import student_number
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, line_of
from lykeion.capa.tolerance import near_enough, staff_number
from lykeion.capa.types import AnswerError, Expected, ProblemError, gettext_noop


@dataclass(frozen=True, slots=True)
class Blank:
    """A number to fill in beside a right choice."""

    answer: str
    tolerance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceText(Response):
    """All right choices and no other, and each of their numbers within its tolerance."""

    right: tuple[str, ...]
    blanks: Mapping[str, Mapping[str, Blank | None]]  # choice -> field -> what is right; None: anything may stand there

    def grade(self, submission: Submission) -> Outcome:
        """Numbers beside choices that were not taken are passed over."""
        answer = submission.answers.get(self.input_id, {})
        if isinstance(answer, list) or (isinstance(answer, str) and answer):
            return Outcome({self.input_id: INCORRECT})
        if not isinstance(answer, dict):
            raise AnswerError(gettext_noop("The answer cannot be read."))
        answer = _with_chosen(answer)
        chosen = {name for name in answer if name in self.blanks}
        wrong = [name for name in sorted(chosen) if not self._number_is_right(answer, name)]  # reads every number
        right = not wrong and chosen == set(self.right)
        return Outcome({self.input_id: CORRECT if right else INCORRECT})

    def _number_is_right(self, answer: Mapping[str, Any], choice: str) -> bool:
        verdicts = []
        for name, blank in self.blanks[choice].items():
            if name in answer:
                value = student_number(answer[name])
                right = blank is not None and near_enough(value, staff_number(blank.answer), blank.tolerance)
                verdicts.append(right)
        return all(verdicts)

    def expected(self) -> Mapping[str, Expected]:
        """The names of the right choices, and the numbers beside them."""
        answers: dict[str, Expected] = {self.input_id: list(self.right)}
        for name in self.right:
            answers[name] = ", ".join(blank.answer for blank in self.blanks[name].values() if blank is not None)
        return answers


def _with_chosen(answer: Mapping[str, Any]) -> dict[str, Any]:
    """A form of ours sends the radio button taken under `choice`."""
    chosen = answer.get("choice")
    return {**answer, chosen: chosen} if isinstance(chosen, str) else dict(answer)


def build(part: Part) -> ChoiceText:
    """Read choices and blanks."""
    entry = choice_text_input(part, part.only_entry())
    elements = part.only_entry().findall("choice")
    return ChoiceText(
        **frame(part, entry),
        right=tuple(choice.name for choice, element in zip(entry.options, elements, strict=True) if _is_right(element)),
        blanks=_blanks(part, entry, elements),
    )


def _is_right(choice: Element) -> bool:
    return choice.get("correct") == "true"


def _blanks(part: Part, entry: ChoiceTextInput, elements: list[Element]) -> Mapping[str, Mapping[str, Blank | None]]:
    return {
        choice.name: {
            name: _blank(part, field) if _is_right(element) else None
            for name, field in zip(choice.fields, fields_of(element), strict=True)
        }
        for choice, element in zip(entry.options, elements, strict=True)
    }


def _blank(part: Part, field: Element) -> Blank | None:
    if field.tag == "decoy_input":
        return None
    answer = field.get("answer")
    if answer is None:
        raise ProblemError("Answer not provided for numtolerance_input", line_of(field))
    return Blank(part.scope.substitute(answer), part.scope.substitute(field.get("tolerance", "0.001%")))
