"""What blocks published during a visit, kept until it is committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lykeion.content.types import Json, Outline
from lykeion.courseware.plan import is_leaf
from lykeion.grades.types import Cause, NewScore


class Told(NamedTuple):
    """An event of a block, and what each type of aside beside it says of it."""

    ref: str
    name: str
    payload: Mapping[str, Json]
    asides: Mapping[str, Json]


class Mark(NamedTuple):
    """What was published up to some moment."""

    scores: dict[int, list[NewScore]]
    completions: dict[int, dict[str, float]]
    events: list[Told]
    also: list[Callable[[], None]]


@dataclass
class Published:
    """The :class:`~lykeion.blocks.types.Sink` of one visit. Learners are keyed by id; nobody's own are dropped."""

    outline: Outline
    user_id: int | None
    scores: dict[int, list[NewScore]] = field(default_factory=dict)
    completions: dict[int, dict[str, float]] = field(default_factory=dict)
    events: list[Told] = field(default_factory=list)
    also: list[Callable[[], None]] = field(default_factory=list)
    """What else is written in the transaction that keeps all this."""
    cause: Cause | None = None
    """Why scores are written, when it is not that somebody answered."""

    def grade(
        self,
        ref: str,
        value: float | None,
        max_value: float | None,
        *,
        only_if_higher: bool,
        user_id: int | None,
        score_deleted: bool,
        grader_response: bool,
    ) -> None:
        """A raw score; it completes the block, unless a grader answers late or the block completes by rules of its own
        (lms/djangoapps/../completion/handlers.py)."""
        learner = user_id if user_id is not None else self.user_id
        if learner is None:
            return
        self.scores.setdefault(learner, []).append(NewScore(ref, value, max_value, only_if_higher, score_deleted))
        block = self.outline.get(ref)
        if block is not None and not grader_response and not block.facts.custom_completion:
            self.completion(ref, 0.0 if score_deleted else 1.0, user_id=learner)

    def completion(self, ref: str, completion: float, *, user_id: int | None) -> None:
        """Completion of a block that can be completed; of others it is ignored."""
        learner = user_id if user_id is not None else self.user_id
        block = self.outline.get(ref)
        if learner is not None and block is not None and is_leaf(block):
            self.completions.setdefault(learner, {})[ref] = completion

    def event(self, ref: str, name: str, payload: Mapping[str, Json], asides: Mapping[str, Json]) -> None:
        """A tracking event of any other name."""
        self.events.append(Told(ref, name, payload, asides))

    def mark(self) -> Mark:
        """What has been published so far, for :meth:`undo_to`."""
        scores = {learner: list(found) for learner, found in self.scores.items()}
        completions = {learner: dict(found) for learner, found in self.completions.items()}
        return Mark(scores, completions, list(self.events), list(self.also))

    def undo_to(self, mark: Mark) -> None:
        """Forgets what was published since ``mark``."""
        self.scores, self.completions, self.events, self.also = mark

    def clear(self) -> None:
        """After a commit: nothing is left to keep."""
        for kept in (self.scores, self.completions, self.events, self.also):
            kept.clear()
