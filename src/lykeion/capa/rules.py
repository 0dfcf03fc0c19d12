"""When a problem may be answered, saved, reset and explained; what its attempts add up to. Pure functions.

Source of the rules: capa_block.py and scorable.py of Open edX, in the order they apply there.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

RANDOM_BINS: Final = 20
RANDOM_SEEDS: Final = 1000
Rerandomize = Literal["never", "always", "onreset", "per_student"]


@dataclass(frozen=True, slots=True)
class ProblemSettings:
    """What the course team decided for this problem, inherited settings included."""

    max_attempts: int | None = None
    weight: float | None = None
    grading_method: str = "last_score"
    due: datetime | None = None
    graceperiod: timedelta | None = None
    show_correctness: str = "always"
    showanswer: str = "finished"
    attempts_before_showanswer_button: int = 0
    rerandomize: str = "never"
    force_save_button: bool = False
    show_reset_button: bool = False
    submission_wait_seconds: int = 0
    graded: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Points before the weight."""

    raw_earned: float
    raw_possible: float

    @property
    def is_full(self) -> bool:
        """All points; so is 0 of 0."""
        return self.raw_earned == self.raw_possible


@dataclass(frozen=True, slots=True)
class ProblemState:
    """Where one learner stands."""

    attempts: int = 0
    done: bool = False
    score: Score = Score(0, 0)
    has_saved_answers: bool = False
    last_submission: datetime | None = None


def rerandomize_of(value: str) -> Rerandomize:
    """The kind of randomisation, old spellings included."""
    if value in ("", "true"):
        return "always"
    if value == "false":
        return "per_student"
    return value if value in ("always", "onreset", "per_student") else "never"  # type: ignore[return-value]


def fixed_seed(rerandomize: str, *, user_id: int | str | None, usage_key: str) -> int | None:
    """The seed that never changes for this learner; None where chance decides at every new variant."""
    kind = rerandomize_of(rerandomize)
    if kind == "never":
        return 1
    if kind == "per_student" and user_id is not None:
        digest = hashlib.sha256(f"{user_id}{usage_key}".encode()).hexdigest()
        return int(digest[:7], 16) % RANDOM_BINS
    return None


def close_date(settings: ProblemSettings) -> datetime | None:
    """The moment after which nothing is taken: the due date and its grace."""
    if settings.due is None or settings.graceperiod is None:
        return settings.due
    return settings.due + settings.graceperiod


def is_past_due(settings: ProblemSettings, now: datetime) -> bool:
    """Whether the close date is over."""
    closes = close_date(settings)
    return closes is not None and now > closes


def attempts_used_up(settings: ProblemSettings, state: ProblemState) -> bool:
    """Whether no attempt is left."""
    return settings.max_attempts is not None and state.attempts >= settings.max_attempts


def is_closed(settings: ProblemSettings, state: ProblemState, now: datetime) -> bool:
    """Whether nothing more can be submitted: attempts used up, or past the close date."""
    return attempts_used_up(settings, state) or is_past_due(settings, now)


def must_reset_first(settings: ProblemSettings, state: ProblemState) -> bool:
    """A problem that changes at every attempt waits for its next variant."""
    return state.done and rerandomize_of(settings.rerandomize) == "always"


def can_submit(settings: ProblemSettings, state: ProblemState, now: datetime) -> bool:
    """Whether the submit button works."""
    return not is_closed(settings, state, now) and not must_reset_first(settings, state)


def _is_survey(settings: ProblemSettings) -> bool:
    return settings.max_attempts == 0


def shows_reset(settings: ProblemSettings, state: ProblemState, now: datetime, *, verdict_seen: bool) -> bool:
    """Whether the reset button is there. It goes once all is right, unless that would tell a verdict that is hidden."""
    if is_closed(settings, state, now) and not _is_survey(settings):
        return False
    if state.done and rerandomize_of(settings.rerandomize) in ("always", "onreset"):
        return True
    return settings.show_reset_button and not (verdict_seen and state.score.is_full)


def shows_save(settings: ProblemSettings, state: ProblemState, now: datetime) -> bool:
    """Whether the save button is there."""
    closed = is_closed(settings, state, now)
    if settings.force_save_button:
        return not closed
    if settings.max_attempts is None and rerandomize_of(settings.rerandomize) != "always":
        return False
    return not (closed and not _is_survey(settings)) and not must_reset_first(settings, state)


def correctness_available(settings: ProblemSettings, now: datetime, *, staff: bool) -> bool:
    """Whether verdicts may be seen now."""
    if settings.show_correctness in ("never", "never_but_include_grade"):
        return False
    if staff:
        return True
    if settings.show_correctness == "past_due":
        closes = close_date(settings)
        return closes is None or closes < now
    return True


def answer_available(settings: ProblemSettings, state: ProblemState, now: datetime, *, staff: bool) -> bool:
    """Whether right answers and solutions may be seen now."""
    if not correctness_available(settings, now, staff=staff) or settings.showanswer in ("", "never"):
        return False
    return staff or _answer_due(settings, state, now)


def _answer_due(settings: ProblemSettings, state: ProblemState, now: datetime) -> bool:
    past, closed, full = is_past_due(settings, now), is_closed(settings, state, now), state.score.is_full
    limit = math.inf if settings.max_attempts is None else settings.max_attempts
    rules = {
        "always": True,
        "attempted": state.attempts > 0 or past,
        "attempted_no_past_due": state.attempts > 0,
        "answered": full,
        "closed": closed,
        "finished": closed or full,
        "correct_or_past_due": full or past,
        "past_due": past,
        "after_attempts": state.attempts >= min(settings.attempts_before_showanswer_button, limit),
        "after_all_attempts": state.attempts >= limit,
        "after_all_attempts_or_correct": state.attempts >= limit or full,
    }
    return rules.get(settings.showanswer, False)


def seconds_to_wait(settings: ProblemSettings, state: ProblemState, now: datetime) -> int:
    """Whole seconds until the next submission may come; 0 when it may come now."""
    if state.last_submission is None or settings.submission_wait_seconds <= 0:
        return 0
    passed = (now - state.last_submission).total_seconds()
    return max(0, math.ceil(settings.submission_wait_seconds - passed))


def looks_back(method: str) -> bool:
    """Whether a grading method asks for more than the last attempt."""
    return method in ("first_score", "highest_score", "average_score")


def score_by_method(history: Sequence[Score], method: str, max_score: float) -> Score:
    """One score out of those of all attempts; `history` has at least one."""
    if method == "first_score":
        return history[0]
    if method == "highest_score":
        return max(history, key=lambda score: score.raw_earned)
    if method == "average_score":
        return Score(round(sum(score.raw_earned for score in history) / len(history), 2), max_score)
    return history[-1]


def weighted(score: Score, weight: float | None) -> Score:
    """The points that count in the course."""
    if weight is None or not score.raw_possible:
        return score
    return Score(score.raw_earned * weight / score.raw_possible, weight)


def number_text(number: float) -> str:
    """A number of points as people write it: 1, 0.5, 0.33."""
    return f"{round(number, 4):g}" if abs(number) < 1e6 else str(round(number))
