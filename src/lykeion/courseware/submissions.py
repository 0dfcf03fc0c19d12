"""The attempts that a learner's state keeps of a problem, in the words that the learner read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from lykeion.core.keys import BlockUsageLocator
from lykeion.courseware.types import Submission, UserState

log = logging.getLogger(__name__)
SHOWN_ATTEMPTS: Final = 50
Told = Mapping[str, str]  # words by the answer's id


def submissions(
    state: Mapping[str, Any], usage: BlockUsageLocator, at: datetime, build: Callable[[], Any]
) -> tuple[Submission, ...]:
    """The newest :data:`SHOWN_ATTEMPTS`, by the number of the attempt. ``build`` makes the block that knows the words
    of an answer; it is not called where nothing was answered."""
    answers = list(state.get("student_answers_history") or ())
    scores = list(state.get("score_history") or ())
    if not answers and state.get("student_answers"):
        answers, scores = [state["student_answers"]], [state.get("score")]
    first = max(0, len(answers) - SHOWN_ATTEMPTS)
    told = _told(state, usage, at, build, answers[first:]) if answers else []
    return tuple(
        Submission(place + 1, _words(answers[place], told[place - first]), *_score(scores, place - len(answers)))
        for place in reversed(range(first, len(answers)))
    )


def _told(
    state: Mapping[str, Any],
    usage: BlockUsageLocator,
    at: datetime,
    build: Callable[[], Any],
    answers: Sequence[Mapping[str, Any]],
) -> list[Told]:
    """What the block says about each attempt, as it does for reports; nothing where it cannot."""
    found: list[dict[str, str]] = [{} for _one in answers]
    states = (
        UserState(str(number), usage, {**state, "student_answers": given}, at) for number, given in enumerate(answers)
    )
    try:
        for number, row in _rows(build(), states):
            found[int(number)][row["Answer ID"]] = row["Answer"]
    except Exception:  # code of authors and of packages: the teacher sees the answers as they are stored
        log.exception("The block %s cannot tell of its answers; they are shown as they are stored.", usage)
    return list(found)


def _rows(block: Any, states: Iterator[UserState]) -> Iterator[tuple[str, dict[str, str]]]:
    if hasattr(block, "generate_report_data"):
        yield from block.generate_report_data(states, None)


def _words(answers: Mapping[str, Any], told: Told) -> tuple[str, ...]:
    return tuple(told.get(name) or _stored(value) for name, value in answers.items())


def _stored(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _score(scores: Sequence[Any], place: int) -> tuple[float | None, float | None]:
    """The raw score at ``place`` from the end; histories may be of different lengths."""
    score = scores[place] if place >= -len(scores) else None
    return (score["raw_earned"], score["raw_possible"]) if score else (None, None)
