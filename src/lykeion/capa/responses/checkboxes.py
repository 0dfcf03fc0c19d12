"""Several of several choices: choiceresponse."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lykeion.capa.hints import Hint, feedback, inner_text
from lykeion.capa.inputs.choices import Choice, choice_elements, choice_group, choice_html
from lykeion.capa.responses.base import CORRECT, INCORRECT, Outcome, Response, Submission, credit_schemes, frame
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import AnswerError, Expected, HintEvent, InputResult, ProblemError, gettext_noop


@dataclass(frozen=True, slots=True)
class CompoundHint:
    """A hint for exactly this set of choices, by their letters."""

    letters: frozenset[str]
    hint: Hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkboxes(Response):
    """The chosen must be exactly the right ones, unless a scheme gives credit for part of them."""

    names: tuple[str, ...]
    letters: Mapping[str, str]
    right: frozenset[str]
    wrong: frozenset[str]
    scheme: str
    hints: Mapping[tuple[str, bool], Hint]
    compound: tuple[CompoundHint, ...]
    fault: str = ""

    def grade(self, submission: Submission) -> Outcome:
        """An empty selection is always wrong: `none of these` cannot be marked right (Open edX's rule)."""
        chosen = _chosen(submission.answers.get(self.input_id, []))  # a form with no box ticked sends nothing
        result = self._verdict(set(chosen))
        html, event = self._feedback(chosen, result, sent=self.input_id in submission.answers)
        if html:
            result = InputResult(result.correctness, result.npoints, html)
        return Outcome({self.input_id: result}, events=(event,) if event else ())

    def _verdict(self, chosen: set[str]) -> InputResult:
        """Names that are no choices spoil an exact set and are passed over by the schemes (Open edX's rule)."""
        if not chosen:
            return INCORRECT
        if self.fault:
            raise AnswerError(self.fault)
        known = chosen & (self.right | self.wrong)
        if self.scheme == "edc":
            return self._every_decision_counts(known)
        if self.scheme == "halves":
            return self._halves(known)
        return CORRECT if chosen == self.right else INCORRECT

    def _every_decision_counts(self, chosen: set[str]) -> InputResult:
        if chosen == self.right:
            return CORRECT
        decided_well = len(chosen & self.right) + len(self.wrong - chosen)
        points = _round_half_up(self.max_points * decided_well / len(self.names), 2)
        return InputResult("partially-correct", points) if points > 0 else InputResult("incorrect", 0)

    def _halves(self, chosen: set[str]) -> InputResult:
        errors = len(chosen ^ self.right)
        if errors == 0:
            return InputResult("correct", self.max_points)
        for allowed, share in ((1, 0.5), (2, 0.25)):
            if errors == allowed and len(self.names) > 2 * allowed:
                return InputResult("partially-correct", _round_half_up(self.max_points * share, 2))
        return INCORRECT

    def _feedback(self, chosen: list[str], result: InputResult, *, sent: bool) -> tuple[str, HintEvent | None]:
        letters = {self.letters[name] for name in chosen if name in self.letters}
        for compound in self.compound if sent else ():  # a selection that was not sent matches none (Open edX's rule)
            if compound.letters == letters:
                return self._say(chosen, result, [(compound.hint, [(name, True) for name in chosen])], compound=True)
        said = []
        for name in self.names:
            hint = self.hints.get((name, name in chosen))
            if hint is not None and hint.html:
                said.append((hint, [(name, name in chosen)]))
        return self._say(chosen, result, said, compound=False)

    def _say(
        self,
        chosen: list[str],
        result: InputResult,
        said: Sequence[tuple[Hint, list[tuple[str, bool]]]],
        *,
        compound: bool,
    ) -> tuple[str, HintEvent | None]:
        labels = [hint.label for hint, _ in said if hint.label is not None]
        texts: list[Mapping[str, Any]] = [
            {"text": hint.html, "trigger": [{"choice": name, "selected": selected} for name, selected in trigger]}
            for hint, trigger in said
        ]
        return feedback(
            part_id=self.id,
            question_type=self.tag,
            correct=result.correctness == "correct",
            student_answer=chosen,
            texts=texts,
            label=labels[0] if len(labels) == 1 else None,
            multiline=not compound,
            choice_all=self.names,
        )

    def expected(self) -> Mapping[str, Expected]:
        """The names of the right choices."""
        return {self.input_id: [name for name in self.names if name in self.right]}


def _chosen(answer: Any) -> list[str]:
    if isinstance(answer, str):
        return [answer]
    if not isinstance(answer, list):
        raise AnswerError(gettext_noop("The answer must be a list of choices."))
    return [str(name) for name in answer]


def _round_half_up(number: float, digits: int) -> float:
    """Away from zero, as people round."""
    scale = 10.0**digits
    return math.copysign(math.floor(abs(number) * scale + 0.5) / scale, number)


def build(part: Part) -> Checkboxes:
    """Name the choices 0, 1, ... whatever names they have; letter them A, B, ... unless they have ids."""
    entry = part.only_entry()
    choices = choice_elements(part, entry)
    names = tuple(f"choice_{index}" for index in range(len(choices)))
    correctness = [_correctness(part, choice) for choice in choices]
    scheme, fault = _scheme(part)
    options = [Choice(name, choice_html(part.scope, choice)) for name, choice in zip(names, choices, strict=True)]
    return Checkboxes(
        **frame(part, choice_group(part, entry, options, multiple=entry.tag != "radiogroup")),
        names=names,
        letters=dict(zip(names, _letters(choices), strict=True)),
        right=frozenset(name for name, word in zip(names, correctness, strict=True) if word == "TRUE"),
        wrong=frozenset(name for name, word in zip(names, correctness, strict=True) if word == "FALSE"),
        scheme=scheme,
        hints=_hints(names, choices),
        compound=_compound(part, entry),
        fault=fault,
    )


def _correctness(part: Part, choice: Element) -> str:
    value = choice.get("correct")
    if value is None:
        raise ProblemError("<choice> does not say whether it is correct.", line_of(choice))
    return part.scope.substitute(value).upper()


def _letters(choices: Sequence[Element]) -> list[str]:
    return [(choice.get("id") or chr(ord("A") + index)).upper() for index, choice in enumerate(choices)]


def _scheme(part: Part) -> tuple[str, str]:
    schemes = credit_schemes(part)
    if not schemes:
        return "", ""
    if len(schemes) > 1:
        return "", "Only one type of partial credit is allowed for Checkbox problems."
    if schemes[0] not in ("edc", "halves"):
        return "", "partial_credit attribute should be one of: edc,halves,false"
    return schemes[0], ""


def _hints(names: Sequence[str], choices: Sequence[Element]) -> Mapping[tuple[str, bool], Hint]:
    """By choice and whether it was taken."""
    hints: dict[tuple[str, bool], Hint] = {}
    for name, choice in zip(names, choices, strict=True):
        for element in choice.findall("choicehint"):
            selected = element.get("selected", "").lower()
            if selected in ("true", "false"):
                hints.setdefault((name, selected == "true"), Hint(element, inner_text(element)))
    return hints


def _compound(part: Part, entry: Element) -> tuple[CompoundHint, ...]:
    return tuple(
        CompoundHint(frozenset(element.get("value", "").upper().split()), Hint(element, inner_text(element)))
        for element in entry.iter("compoundhint")
    )
