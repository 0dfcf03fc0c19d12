"""Values that cross the door of ``accounts``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from lykeion.core.errors import LykeionError


class Role(StrEnum):
    """What a person may be in a run, an organisation (run = None) or the whole site (both None).

    What each may do in Studio is said in ``authoring/access.py``, with learners in ``teaching/access.py``.
    """

    STAFF = "staff"
    INSTRUCTOR = "instructor"
    LIMITED_STAFF = "limited_staff"
    BETA_TESTER = "beta_testers"
    DATA_RESEARCHER = "data_researcher"
    AUTHOR = "author"
    EDITOR = "editor"
    READER = "reader"


class AccountError(LykeionError):
    """Something about an account that a person can mend."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is logged in. ``id`` is the key of learner state; ``is_staff`` means staff of the whole site."""

    id: int
    username: str
    email: str
    full_name: str
    is_active: bool
    is_staff: bool
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody to write to; ``confirmed``: they proved that their main address is theirs."""

    person: Person
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What the site holds of a person. ``year_of_birth`` and ``last_login`` are None where nobody knows, ``gender`` and
    ``education`` (codes of Open edX: ``GENDERS``, ``EDUCATION``) are ''."""

    id: int
    username: str
    email: str
    full_name: str
    language: str
    country: str
    year_of_birth: int | None
    gender: str
    education: str
    bio: str
    is_active: bool
    last_login: datetime | None
    date_joined: datetime


GENDERS: Final[Mapping[str, Any]] = {"f": _("Woman"), "m": _("Man"), "o": _("Another")}
"""Codes of Open edX's ``UserProfile.gender``."""
EDUCATION: Final[Mapping[str, Any]] = {
    "none": _("No formal education"),
    "el": _("Primary school"),
    "jhs": _("Lower secondary school"),
    "hs": _("Secondary school"),
    "a": _("Associate degree"),
    "b": _("Bachelor's degree"),
    "m": _("Master's or professional degree"),
    "p": _("Doctorate"),
    "other": _("Other education"),
}
"""Codes of Open edX's ``UserProfile.level_of_education``."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What somebody told of themselves that courses are counted by; None and '' for what they did not."""

    user_id: int
    gender: str
    year_of_birth: int | None
    education: str
    country: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A role and where it holds: in ``run``, in every run of ``org`` (``run`` empty) or everywhere (both empty)."""

    role: Role
    org: str
    run: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as somebody else sees them. ``limited``: others see the username only; ``forced``: because of age."""

    username: str
    own: bool
    limited: bool
    forced: bool
    full_name: str = ""
    bio: str = ""
    country: str = ""
    joined: date | None = None
