"""Values that cross the door of ``notices``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from lykeion.accounts.types import Person
from lykeion.core.errors import LykeionError

MYSELF: Final = "myself"
STAFF: Final = "staff"
LEARNERS: Final = "learners"
COHORT: Final = "cohort:"
TRACK: Final = "track:"
CERTIFIED: Final = "certified"
"""Groups of recipients, as they are stored: ``cohort:ID`` and ``track:MODE`` besides the first three. Nobody chooses
the last one: learners join it one by one (``api.send_too``)."""


class MailError(LykeionError):
    """A mail that cannot be sent as it is; ``field`` names what is wrong (subject, html, groups, when)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class MailState(StrEnum):
    """Where a message stands. CANCELLED: the team stopped it. ROLE_LOST and DEACTIVATED: it never began, since whoever
    ordered it might not write to the course any more when its time came, or had no account in use."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"
    ROLE_LOST = "role_lost"
    DEACTIVATED = "deactivated"


STOPPED: Final = frozenset({MailState.CANCELLED, MailState.ROLE_LOST, MailState.DEACTIVATED})
"""States of messages that are over before everybody got them."""


class Delivery(StrEnum):
    """Where one recipient's mail stands. UNKNOWN: whoever sent it died, or the line broke, after the mail was handed
    over and before the answer; it is not sent again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LEFT_OUT = "left_out"


class Why(StrEnum):
    """Why somebody was left out."""

    INACTIVE = "inactive"
    UNCONFIRMED = "unconfirmed"
    BOUNCED = "bounced"
    OPTED_OUT = "opted_out"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a teacher wrote: ``html`` as they typed it, ``groups`` (see above), whether replies go to their address, and
    until when it is shown on the course's home as well (None: not at all)."""

    subject: str
    html: str
    groups: tuple[str, ...]
    replies: bool = False
    shown_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail as one person gets it."""

    to: Person
    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How many a mail goes to, and how many of the chosen groups are left out, by why."""

    total: int
    left_out: Mapping[Why, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """A mail of a course's team and how far it is. ``counts`` by delivery, ``left_out`` by why; ``trouble`` is why
    sending rests at the moment ('' when it does not), ``total`` the people it is for (0 until they are known)."""

    id: int
    run_id: int
    by: Person | None
    draft: Draft
    state: MailState
    created: datetime
    due: datetime
    finished: datetime | None
    counts: Mapping[Delivery, int]
    left_out: Mapping[Why, int]
    trouble: str
    total: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """A mail that was ordered; ``is_new`` off: it had been before."""

    id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A person whose mail failed or whose mail's fate nobody knows, in the words of the mail server."""

    id: int
    person: Person | None
    delivery: Delivery
    words: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the staff of the site tells everybody: ``html`` as it was typed, ``shown`` cleaned; when it was first
    told, and whether it still is."""

    id: int
    html: str
    shown: str
    active: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Bounce:
    """What came of a mail that came back. ``outcome``: ``suppressed``, ``temporary`` (nothing was changed) or
    ``not_ours`` (it answers no mail of this site, or one to an address that its owner has changed since)."""

    outcome: str
    username: str = ""
    words: str = ""
