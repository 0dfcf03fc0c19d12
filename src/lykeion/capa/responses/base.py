"""What all kinds of question share: what they get to grade, and what they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lykeion.capa.hintfunctions import HintFunction, hint_function
from lykeion.capa.inputs.base import Input
from lykeion.capa.scope import Part
from lykeion.capa.types import (
    AnswerError,
    Answers,
    Expected,
    GraderOrder,
    Graders,
    HintEvent,
    InputResult,
    gettext_noop,
)

CORRECT = InputResult("correct")
INCORRECT = InputResult("incorrect")


@dataclass(frozen=True, slots=True)
class Submission:
    """One set of answers to grade: keyed by input id, `attempt` counted from 1."""

    answers: Answers
    attempt: int = 1
    previous: Mapping[str, InputResult] = field(default_factory=dict)
    graders: Graders | None = None
    scratch: dict[str, Any] = field(default_factory=dict)  # what one custom question leaves to the next


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdicts of one response."""

    results: Mapping[str, InputResult]
    overall_message: str = ""
    events: Sequence[HintEvent] = ()
    orders: Sequence[GraderOrder] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One question with its inputs. Immutable: one value grades for all learners at once."""

    tag: str
    id: str
    inputs: tuple[Input, ...]
    line: int | None = None
    hinting: HintFunction | None = None

    @property
    def input_id(self) -> str:
        """The id of the only input."""
        return self.inputs[0].id

    @property
    def max_points(self) -> int:
        """The most that can be earned."""
        return sum(entry.points for entry in self.inputs)

    def grade(self, submission: Submission) -> Outcome:
        """The verdict. Raises AnswerError for an answer the learner can mend."""
        raise NotImplementedError

    def expected(self) -> Mapping[str, Expected]:
        """Right answers for `show answer`: HTML, or names of choices. Nothing where there is none to show."""
        return {}


def frame(part: Part, *inputs: Input) -> dict[str, Any]:
    """The arguments that every Response takes."""
    return {"tag": part.tag, "id": part.id, "inputs": inputs, "line": part.line, "hinting": hint_function(part)}


def text_answer(submission: Submission, input_id: str) -> str:
    """The learner's text; '' when nothing was sent. Raises AnswerError for what no text field sends."""
    answer = submission.answers.get(input_id, "")
    if not isinstance(answer, str):
        raise AnswerError(gettext_noop("The answer must be text."))
    return answer


def credit_schemes(part: Part) -> tuple[str, ...]:
    """The words of `partial_credit`, lower case; none when it is absent or `false`."""
    value = part.element.get("partial_credit")
    if value is None or value.lower().strip() == "false":
        return ()
    return tuple(word.strip() for word in value.lower().split(","))
