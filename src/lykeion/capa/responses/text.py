"""A word or a few: stringresponse."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from lykeion.capa.hints import Hint, feedback
from lykeion.capa.inputs.line import line_input
from lykeion.capa.legacyhints import HintGroup, hint_group
from lykeion.capa.regexps import found
from lykeion.capa.responses.base import CORRECT, INCORRECT, Outcome, Response, Submission, frame, text_answer
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import AnswerError, Expected, HintEvent, InputResult, ProblemError, gettext_noop


@dataclass(frozen=True, slots=True)
class TextHint:
    """Feedback for one text: an exact one, or what a regular expression finds."""

    answer: str
    hint: Hint
    correct: bool
    regexp: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Response):
    """The answer is one of the author's, or matches their regular expression."""

    right: tuple[str, ...]
    ignore_case: bool
    regexp: bool
    hints: tuple[TextHint, ...]
    group: HintGroup | None

    def grade(self, submission: Submission) -> Outcome:
        """Blank is wrong, whatever the expression says."""
        answer = text_answer(submission, self.input_id).strip()
        result = CORRECT if self._matches(self.right, answer) else INCORRECT
        if self.group is not None and self.group.conditions:  # then there are no hints of the newer kind
            return Outcome({self.input_id: self._old_hint(self.group, answer, result)})
        html, event = self._feedback(answer, result)
        if html:
            result = replace(result, msg=html)
        return Outcome({self.input_id: result}, events=(event,) if event else ())

    def _matches(self, expected: Sequence[str], answer: str, *, regexp: bool | None = None) -> bool:
        if not answer:
            return False
        if self.regexp if regexp is None else regexp:
            return self._search("^" + "|".join(expected) + "$", answer)
        if self.ignore_case:
            return answer.lower() in [word.lower() for word in expected]
        return answer in expected

    def _search(self, pattern: str, answer: str) -> bool:
        """Found anywhere: the anchors bind to the first and the last alternative only (Open edX's rule)."""
        try:
            return found(pattern, answer, ignore_case=self.ignore_case)
        except re.error as error:
            raise AnswerError(
                gettext_noop("[courseware.capa.responsetypes.stringresponse] error: {error}"), error=error
            ) from error

    def _feedback(self, answer: str, result: InputResult) -> tuple[str, HintEvent | None]:
        for hint in self.hints:
            if self._matches([hint.answer], answer, regexp=hint.regexp):
                return feedback(
                    part_id=self.id,
                    question_type=self.tag,
                    correct=hint.correct,
                    student_answer=[answer],
                    texts=[{"text": hint.hint.html}],
                    label=hint.hint.label,
                )
        return "", None

    def _old_hint(self, group: HintGroup, answer: str, result: InputResult) -> InputResult:
        named = {name for name, expected in group.conditions if self._matches([expected], answer)}
        text = group.text_for(named)
        return replace(result, hint=text, hintmode=group.mode) if text is not None else result

    def expected(self) -> Mapping[str, Expected]:
        """All right answers."""
        return {self.input_id: " <b>or</b> ".join(_escape(word) for word in self.right)}


def _escape(text: str) -> str:
    return escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def build(part: Part) -> Text:
    """Read the answers; `a_or_b` is the old way to give two, and takes everything else literally."""
    part.require("answer")
    kinds = part.get("type").lower().split()
    answer = part.get("answer").strip()
    old_style = "_or_" in answer
    right = [word.strip() for word in answer.split("_or_")] if old_style else [answer, *_additional(part)]
    regexp = "regexp" in kinds and not old_style
    return Text(
        **frame(part, line_input(part, part.only_entry())),
        right=tuple(right),
        ignore_case="ci" in kinds,
        regexp=regexp,
        hints=_hints(part, regexp),
        group=hint_group(part, "stringhint"),
    )


def _additional(part: Part) -> list[str]:
    answers = []
    for element in part.element.findall("additional_answer"):
        answer = element.get("answer", element.text)
        if answer is None:
            raise ProblemError("<additional_answer> has no answer.", line_of(element))
        answers.append(part.scope.substitute(answer).strip())
    return answers


def _hints(part: Part, regexp: bool) -> tuple[TextHint, ...]:
    """In the order they are tried: the main answer, additional ones, exact texts, expressions."""
    element = part.element
    hints = [
        TextHint(element.get("answer", "").strip(), Hint(hint), True, regexp)
        for hint in element.findall("correcthint")[:1]
    ]
    for other in element.findall("additional_answer"):
        hints += [
            TextHint((other.get("answer") or other.text or "").strip(), Hint(hint), True, regexp)
            for hint in other.findall("correcthint")[:1]
        ]
    hints += [_wrong(hint) for hint in element.findall("stringequalhint")]
    hints += [replace(_wrong(hint), regexp=True) for hint in element.findall("regexphint")]
    return tuple(hints)


def _wrong(element: Element) -> TextHint:
    return TextHint(element.get("answer", "").strip(), Hint(element), False)
