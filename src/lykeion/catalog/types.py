"""Values that cross the door of ``catalog``: runs as offered, enrolments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lykeion.core.errors import LykeionError
from lykeion.core.keys import CourseLocator


class EnrolmentRefused(LykeionError):
    """A person may not enrol; ``code`` is Open edX's word for why, the message is fit for a learner."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Run:
    """A course run as offered: what cards, the about page and the access rules need without its content.

    ``image`` is the path of a file of the course ('' when it has none); ``prerequisites`` are keys of runs.
    """

    id: int
    key: CourseLocator
    title: str
    org: str
    number: str
    short_description: str
    image: str
    language: str
    start: datetime | None
    end: datetime | None
    advertised_start: str
    enrollment_start: datetime | None
    enrollment_end: datetime | None
    self_paced: bool
    catalog_visibility: Literal["both", "about", "none"]
    course_visibility: Literal["private", "public_outline", "public"]
    invitation_only: bool
    max_enrolments: int | None
    days_early_for_beta: float | None
    mobile_available: bool
    effort: str
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """That a learner takes (``is_active``) or took a run; state and grades stay when it ends."""

    user_id: int
    run_id: int
    mode: str
    is_active: bool
    created: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a list can be narrowed to, and its name for people."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class RunQuery:
    """What somebody looks for in the catalog; empty texts ask for everything. ``page`` is 1-based."""

    text: str = ""
    org: str = ""
    language: str = ""
    mode: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class RunPage:
    """One page of the catalog: ``total`` runs on ``pages`` pages, and what the list can be narrowed to."""

    runs: tuple[Run, ...]
    total: int
    page: int
    pages: int
    orgs: tuple[Choice, ...]
    languages: tuple[str, ...]
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A run to pass before this one opens; ``title`` is its key when it is not offered here."""

    key: str
    title: str
    offered: bool
