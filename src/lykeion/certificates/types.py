"""Values that cross the door of ``certificates``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from lykeion.core.errors import LykeionError
from lykeion.core.keys import CourseLocator

EARNING: Final = frozenset(
    {"honor", "verified", "professional", "no-id-professional", "credit", "masters", "executive-education"}
)
"""The modes in which learners can earn a certificate (openedx.md §1.5)."""


class CertificateError(LykeionError):
    """Something about certificates that a person can mend; nothing was changed."""


class NoCertificate(LykeionError):
    """There is no such certificate, or nobody may see it yet."""


class Status(StrEnum):
    """Where a certificate stands, in Open edX's words: those of its words that a platform needs which makes
    certificates at once and leaves identity papers to others."""

    DOWNLOADABLE = "downloadable"  # it is there and good
    NOT_PASSING = "notpassing"  # there was one, and the learner does not pass any more
    UNAVAILABLE = "unavailable"  # somebody of the team invalidated it, or its learner's account is gone


class Reason(StrEnum):
    """Why somebody has no certificate, or (``EARNED``, ``ALLOWED``) why they have."""

    EARNED = "earned"
    ALLOWED = "allowed"  # on the list of exceptions
    INVALIDATED = "invalidated"
    NO_DESIGN = "no_design"
    NOT_ENROLLED = "not_enrolled"
    MODE = "mode"  # of those who take it in this mode nobody gets one
    BETA = "beta"  # beta testers do not get one
    NOT_PASSING = "not_passing"


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signs; ``image`` is the path of a course file with their signature ('' without one)."""

    name: str
    title: str
    organization: str
    image: str


@dataclass(frozen=True, slots=True)
class Design:
    """What certificates of a course say, as its author has it; ``course_title`` is never empty."""

    active: bool
    course_title: str
    description: str
    signatories: tuple[Signatory, ...]


UNSAID: Final = "Description of the certificate"
"""What Studio (ours and Open edX's) stores as a description, and nobody wrote: it is no word for a certificate."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a course says about its certificates. ``shown_from``: when learners may see theirs (None: the course has no
    date for it yet, nobody sees any); ``at_once``: there is nothing to wait for."""

    design: Design | None
    at_once: bool
    shown_from: datetime | None

    @property
    def given(self) -> bool:
        """Whether the course gives certificates at all."""
        return self.design is not None and self.design.active

    def shown(self, at: datetime) -> bool:
        """Whether learners may see their certificates at ``at``."""
        return self.at_once or (self.shown_from is not None and self.shown_from <= at)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One learner's certificate in one run. ``name`` is what is printed; ``grade`` the fraction that was earned when it
    was made; ``issued`` when it was first given, ``modified`` when it last changed."""

    id: int
    uuid: UUID
    user_id: int
    run_id: int
    status: Status
    mode: str
    name: str
    grade: float
    issued: datetime
    modified: datetime

    @property
    def good(self) -> bool:
        """Whether it may be shown as valid."""
        return self.status is Status.DOWNLOADABLE


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody of the team decided about a learner's certificate, whatever the grade: that they get it
    (``allowed``: they are on the list of exceptions), or that it is not good (an invalidation). Who said so (id), when,
    and why in their words."""

    user_id: int
    allowed: bool
    by: int
    at: datetime
    notes: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate with all that its page says. ``invalidation``: when it is not good because of one."""

    certificate: Certificate
    run: CourseLocator
    org: str
    number: str
    design: Design
    language: str
    invalidation: Decision | None


@dataclass(frozen=True, slots=True)
class Own:
    """Where a learner stands towards their own certificate: it (when they may see it), else what is missing.

    ``reason`` ``EARNED`` without a certificate: it is made, and shown from ``shown_from`` on (None: no date is set).
    """

    certificate: Certificate | None
    reason: Reason
    shown_from: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of a report: ``eligible``: a certificate is theirs by the rules (passing and mode, or the list of
    exceptions); ``delivered``: there is one, and it is good; ``mode``: its type ('' without one)."""

    eligible: bool
    delivered: bool
    mode: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signs, on paper: their lines, and the bytes of their signature (empty without one)."""

    lines: tuple[str, ...]
    image: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed, in the language of its reader: ``words`` before the name, ``did`` before the course. ``check``
    says where it can be checked, at ``address``, where a click leads."""

    org: str
    words: str
    name: str
    did: str
    course: str
    description: str
    date: str
    signed: Sequence[Signed]
    check: str
    language: str
    title: str
    address: str
