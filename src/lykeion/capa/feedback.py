"""Targeted feedback: explanations of single choices, shown once that choice was submitted.

`<multiplechoiceresponse targeted-feedback="...">` is followed by a `<targetedfeedbackset>`. With the value
`alwaysShowCorrectChoiceExplanation` the solution of the right choice joins the set after any submission.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lykeion.capa.inputs.choices import ChoiceGroup
from lykeion.capa.responses.base import Response
from lykeion.capa.responses.multiplechoice import MultipleChoice
from lykeion.capa.source import Element

ALWAYS: Final = "alwaysShowCorrectChoiceExplanation"
INPUT_MARK: Final = "lykeion-input"  # on an element: the input whose answer brings it up
ALWAYS_MARK: Final = "lykeion-always"


@dataclass(frozen=True, slots=True)
class Targeted:
    """The feedback of one input: which explanation each shown choice has, and the solution that joins in, if any."""

    input_id: str
    explanations: Mapping[str, str | None]
    moved_solution: str | None = None

    def explanation_for(self, answer: Any) -> str | None:
        """The explanation id of the choice taken."""
        return self.explanations.get(answer) if isinstance(answer, str) else None


def attach(elements: Iterable[tuple[Element, Response]]) -> Iterator[Targeted]:
    """Mark the feedback elements with the input they belong to; changes the tree."""
    for element, response in elements:
        if not isinstance(response, MultipleChoice) or "targeted-feedback" not in element.attrib:
            continue
        group = response.inputs[0]
        feedback = next(element.itersiblings("targetedfeedbackset"), None)
        if feedback is None or not isinstance(group, ChoiceGroup):
            continue
        for entry in feedback.findall("targetedfeedback"):
            entry.set(INPUT_MARK, group.id)
        moved = _join_solution(feedback, response, group) if element.get("targeted-feedback") == ALWAYS else None
        yield Targeted(group.id, {choice.name: choice.explanation_id for choice in group.options}, moved)


def _join_solution(feedback: Element, response: MultipleChoice, group: ChoiceGroup) -> str | None:
    right = [choice.explanation_id for choice in group.options if choice.name in response.right]
    solution = _solution_after(feedback, right[-1] if right else None)
    if solution is None:
        return None
    joined = copy.deepcopy(solution)
    joined.tag = "targetedfeedback"
    joined.tail = None
    joined.set(INPUT_MARK, group.id)
    joined.set(ALWAYS_MARK, "true")
    feedback.append(joined)
    return solution.get("id")


def _solution_after(feedback: Element, explanation_id: str | None) -> Element | None:
    following = feedback.getnext()
    if following is None or following.tag == "solution":
        return following
    if following.tag != "solutionset":
        return None
    return next((item for item in following.findall("solution") if item.get("explanation-id") == explanation_id), None)
