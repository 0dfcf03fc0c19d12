"""A tag for a text: annotationresponse. The learner's own words are kept and not graded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lykeion.capa.inputs.annotation import AnnotationInput, annotation_input
from lykeion.capa.responses.base import INCORRECT, Outcome, Response, Submission, frame
from lykeion.capa.scope import Part
from lykeion.capa.types import AnswerError, Expected, InputResult, gettext_noop

WORTH: Final[Mapping[str, int]] = {"correct": 2, "partially-correct": 1, "incorrect": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Response):
    """Exactly one tag, worth 2, 1 or 0 points."""

    tags: tuple[tuple[str, str], ...]  # correctness and words of each, by index

    @property
    def max_points(self) -> int:
        """Two points, whatever the input says."""
        return max(WORTH.values())

    def grade(self, submission: Submission) -> Outcome:
        """The verdict on the tag chosen."""
        chosen = _chosen(submission.answers.get(self.input_id))
        by_index: dict[float, str] = {index: correctness for index, (correctness, _) in enumerate(self.tags)}
        correctness = by_index.get(chosen) if isinstance(chosen, int | float) else None
        if correctness is None:
            return Outcome({self.input_id: INCORRECT})
        return Outcome({self.input_id: InputResult(correctness, WORTH[correctness])})

    def expected(self) -> Mapping[str, Expected]:
        """The words of the right tag."""
        for correctness, words in self.tags:
            if correctness == "correct":
                return {self.input_id: words}
        return {}


def _chosen(answer: Any) -> Any:
    """The one tag of `{"options": [n], "comment": "..."}`, which may come as JSON; None for none or several."""
    if isinstance(answer, str):
        try:
            answer = json.loads(answer)
        except json.JSONDecodeError as error:
            raise AnswerError(gettext_noop("The answer cannot be read.")) from error
    elif not isinstance(answer, dict):
        raise AnswerError(gettext_noop("The answer cannot be read."))
    options = answer.get("options") if isinstance(answer, dict) else None
    if isinstance(options, str):  # as a form sends it
        return int(options) if options.isdecimal() else None
    return options[0] if isinstance(options, list) and len(options) == 1 else None


def build(part: Part) -> Annotation:
    """Read the tags with their worth."""
    entry = annotation_input(part, part.only_entry())
    return Annotation(**frame(part, entry), tags=tuple(_tags(entry)))


def _tags(entry: AnnotationInput) -> list[tuple[str, str]]:
    return [(tag.correctness, tag.words) for tag in entry.tags]
