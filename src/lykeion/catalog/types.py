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
    """A course run as offered: what cards, the about page and the access rules need without its content."""

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


@dataclass(frozen=True, slots=True)
class Enrolment:
    """That a learner takes (``is_active``) or took a run; state and grades stay when it ends."""

    user_id: int
    run_id: int
    mode: str
    is_active: bool
    created: datetime
