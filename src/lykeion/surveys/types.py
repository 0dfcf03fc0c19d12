"""Values that cross the door of ``surveys``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lykeion.core.errors import LykeionError


class SurveyError(LykeionError):
    """A survey that cannot be kept as it is; ``field`` names what is wrong (name, questions)."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    ONE = "one"  # of its options
    SOME = "some"  # of its options


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Its ``label`` is what learners read and what answers are kept under: a survey has each but once."""

    label: str
    kind: Kind = Kind.LINE
    options: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of the site; courses point to it by ``name``. ``intro`` is plain text."""

    id: int
    name: str
    title: str
    intro: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a course says: the name of the survey ('' for none), and whether nobody enters without it."""

    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """What one learner answered in one run, by label: no text for what was left out, several where several options
    were chosen."""

    id: int
    user_id: int
    at: datetime
    given: Mapping[str, tuple[str, ...]]
