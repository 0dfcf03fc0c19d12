"""Values that cross the door of ``analytics``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lykeion.core.errors import LykeionError
from lykeion.core.prepared import Ids

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LearnerQuery:
    """Which learners, in which order: with a ``flag`` (one of ``FLAGS``, '' for all), in a ``mode``, of these
    ``user_ids`` and ``among`` these others (None: of all); ``sort`` by a column, downwards with ``-`` before it;
    ``page`` from 1."""

    flag: str = ""
    mode: str = ""
    sort: str = "-problem_attempts"
    page: int = 1
    size: int = 50
    user_ids: tuple[int, ...] | None = None
    among: Ids | None = None


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner of a run, and what they did in the last seven days (``NAME_ever``: since they began). ``percent`` is
    0 to 1, None without a grade; ``attempts_per_completed`` is None without attempts, and when nothing was solved."""

    user_id: int
    mode: str
    enrolled_on: date
    last: datetime | None
    percent: float | None
    passed: bool
    problem_attempts: int
    problems_attempted: int
    problems_completed: int
    videos_viewed: int
    discussion_contributions: int
    days_active: int
    problem_attempts_ever: int
    problems_attempted_ever: int
    problems_completed_ever: int
    videos_viewed_ever: int
    discussion_contributions_ever: int
    days_active_ever: int
    attempts_per_completed: float | None
    at_risk: bool
    struggling: bool
    disengaging: bool
    inactive: bool
    highly_engaged: bool


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """A page of learners, of ``total``."""

    learners: tuple[Learner, ...]
    total: int


class BadQuestion(LykeionError):
    """Nothing that can be asked, or nothing that was; the message is for whoever asks."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question in SQL. ``found``, once ``is_over``: ``columns`` (each a ``name`` and a ``type``),
    ``shown`` (the first rows, as texts), ``rows``, ``more`` (there are more than may be), ``seconds``; or an ``error``
    and what is known of it (:func:`lykeion.analytics.asking.answer`; ``gone``: the answer is not kept any more)."""

    id: int
    sql: str
    cancelled: bool
    is_over: bool
    found: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """A report of what each learner did, by ``span`` (one of ``SPANS``), or answered (``problem``): ordered by ``by``,
    as far as it is. ``rows`` once it ``is_done``; ``failed``: it will not be."""

    id: int
    span: str
    by: int | None
    ordered: datetime
    is_over: bool
    failed: bool
    rows: int

    @property
    def is_done(self) -> bool:
        """Whether its files are there."""
        return self.is_over and not self.failed


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures: enrolled now, how many more than a week ago, ever enrolled, of these who pass now, and active
    in the week that is not over yet."""

    enrolled: int
    change: int
    ever: int
    passing: int
    active: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """How new results are: events before ``until`` are in all of them (None before the first were made), and those of
    now will be within so many ``minutes``, unless they are ``late``: no refresh came when it should have."""

    until: datetime | None = None
    minutes: int = 1
    late: bool = False


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: lines read, days that changed, runs whose results were published."""

    lines: int
    days: int
    runs: int
