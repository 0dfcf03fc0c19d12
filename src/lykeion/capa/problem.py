"""A compiled problem: immutable, safe to cache and to share between threads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Any

from lykeion.capa.feedback import Targeted
from lykeion.capa.inputs.base import Input
from lykeion.capa.page import FeedbackPlace, InputPlace, Page, Piece
from lykeion.capa.responses.base import Response, Submission
from lykeion.capa.responses.code import Code
from lykeion.capa.responses.external import External
from lykeion.capa.responses.multiplechoice import MultipleChoice
from lykeion.capa.types import (
    Answers,
    DemandHint,
    Expected,
    GraderOrder,
    Graders,
    Grading,
    HintEvent,
    InputResult,
    View,
)


@dataclass(frozen=True, slots=True)
class Solution:
    """An explanation for after the answer: `html` is the whole element, `inside` what is in it."""

    id: str
    explanation_id: str | None
    html: str
    inside: str


@dataclass(frozen=True)
class Problem:
    """What `lykeion.capa.api.parse` makes of an author's text, for one seed."""

    problem_id: str
    seed: int
    responses: tuple[Response, ...]
    solutions: tuple[Solution, ...]
    targeted: tuple[Targeted, ...]
    demand_hints: tuple[str, ...]
    page: Page
    script: str
    context: Mapping[str, Any]

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """All inputs, in document order."""
        return tuple(entry for response in self.responses for entry in response.inputs)

    @cached_property
    def tags(self) -> Mapping[str, str]:
        """The tag of each input by its id."""
        return {entry.id: entry.tag for entry in self.inputs}

    @cached_property
    def max_score(self) -> int:
        """The most that can be earned, before any weight."""
        return sum(response.max_points for response in self.responses)

    @cached_property
    def permutations(self) -> Mapping[str, tuple[str, tuple[str, ...]]]:
        """What chance did to choices: `shuffle` or `answerpool` and the names in the order shown, by input id."""
        return {
            response.input_id: (response.permutation, tuple(name for name, _ in response.inputs[0].choices()))
            for response in self.responses
            if isinstance(response, MultipleChoice) and response.permutation
        }

    @cached_property
    def expected(self) -> Mapping[str, Expected]:
        """Right answers by input id."""
        return {key: value for response in self.responses for key, value in response.expected().items()}

    @cached_property
    def _solutions(self) -> Mapping[str, Solution]:
        return {solution.id: solution for solution in self.solutions}

    def _is_targeted(self, place: FeedbackPlace, answers: Answers) -> bool:
        if place.always:
            return True
        explanation = next(item for item in self.targeted if item.input_id == place.input_id)
        return explanation.explanation_for(answers.get(place.input_id)) == place.explanation_id is not None

    def explanations(self, answers: Answers, *, done: bool) -> tuple[list[str], list[str]]:
        """Ids of the targeted feedback and of the solutions that are in the page for these answers."""
        places = [piece for piece in self.page if isinstance(piece, FeedbackPlace)]
        feedback = [place.explanation_id or "" for place in places if done and self._is_targeted(place, answers)]
        moved = [targeted.moved_solution for targeted in self.targeted if done]
        return feedback, [
            solution.explanation_id or solution.id for solution in self.solutions if solution.id not in moved
        ]

    @cached_property
    def grader_urls(self) -> tuple[str, ...]:
        """Where the programs are that its questions are graded by at once (externalresponse)."""
        return tuple(response.url for response in self.responses if isinstance(response, External))

    @cached_property
    def waits_for_graders(self) -> bool:
        """Whether some of its questions are graded elsewhere, later: such a problem cannot be graded again at will."""
        return any(isinstance(response, Code) for response in self.responses)

    def grade(
        self,
        answers: Answers,
        *,
        attempt: int = 1,
        previous: Mapping[str, InputResult] | None = None,
        graders: Graders | None = None,
    ) -> Grading:
        """The verdict on answers keyed by full input id; `attempt` counts from 1.

        Questions that programs elsewhere grade need `graders`: externalresponse asks there and waits, coderesponse
        leaves `orders` for the caller to pass on. Raises AnswerError for answers the learner can mend, ProblemError for
        what only the author can mend, and ScriptsUnavailable or ScriptError where author's Python is needed. Changes
        nothing.
        """
        submission = Submission(answers, attempt, previous or {}, graders)
        results: dict[str, InputResult] = {}
        events: list[HintEvent] = []
        orders: list[GraderOrder] = []
        message = ""
        for response in self.responses:
            outcome = response.grade(submission)
            if response.hinting is not None:
                hinted = response.hinting.hinted(outcome.results, answers, submission.previous)
                outcome = replace(outcome, results=hinted)
            results.update(outcome.results)
            events.extend(outcome.events)
            orders.extend(outcome.orders)
            message = outcome.overall_message  # that of the last question stands, as in Open edX
        return Grading(
            correct_map=results,
            score=sum(result.earned for result in results.values()),
            total=self.max_score,
            overall_message=message,
            events=tuple(events),
            orders=tuple(orders),
        )

    def show_answers(self) -> dict[str, Expected]:
        """Right answers by input id, then solutions by theirs: the reply to `problem_show`."""
        answers: dict[str, Expected] = dict(self.expected)
        answers.update({solution.id: solution.html for solution in self.solutions})
        return answers

    def demand_hint(self, index: int) -> DemandHint | None:
        """The hint on demand at this place, counted from 0 and around; None if there are none."""
        count = len(self.demand_hints)
        if not count:
            return None
        index %= count
        return DemandHint(index, count, self.demand_hints[index])

    def render(self, view: View) -> str:
        """The HTML of the questions (no form, no buttons). Learners' text is escaped, authors' is not."""
        questions = "".join(self._piece(piece, view) for piece in self.page)
        if view.overall_message and view.done and view.statuses:
            questions += f'<div class="capa-overall-message">{view.overall_message}</div>'
        return questions

    def _piece(self, piece: Piece, view: View) -> str:
        if isinstance(piece, str):
            return piece
        if isinstance(piece, InputPlace):
            return piece.entry.render(view, self.expected.get(piece.entry.id) if view.show_answers else None)
        if isinstance(piece, FeedbackPlace):
            shown = view.done and view.statuses and self._is_targeted(piece, view.answers)
            return f'<section class="capa-targeted-feedback">{piece.html}</section>' if shown else ""
        solution = self._solutions.get(piece.id)
        moved = view.done and piece.id in [targeted.moved_solution for targeted in self.targeted]
        if solution is None or moved or not view.show_answers:
            return f'<section class="capa-solution" id="{escape(piece.id)}" hidden></section>'
        return f'<section class="capa-solution" id="{escape(piece.id)}">{solution.inside}</section>'
