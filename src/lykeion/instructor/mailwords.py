"""What became of a mail, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.notices.types import CERTIFIED, Delivery, MailState, Message, Why

STATES: Final[dict[MailState, Any]] = {
    MailState.SCHEDULED: gettext_lazy("Scheduled"),
    MailState.SENDING: gettext_lazy("Being sent"),
    MailState.DONE: gettext_lazy("Sent"),
    MailState.CANCELLED: gettext_lazy("Stopped"),
    MailState.ROLE_LOST: gettext_lazy("Stopped, as its author may not write to this course any more"),
    MailState.DEACTIVATED: gettext_lazy("Stopped, as its author's account is not in use any more"),
}
DELIVERIES: Final[dict[Delivery, Any]] = {
    Delivery.SENT: gettext_lazy("sent"),
    Delivery.WAITING: gettext_lazy("waiting"),
    Delivery.SENDING: gettext_lazy("being sent"),
    Delivery.FAILED: gettext_lazy("failed"),
    Delivery.UNKNOWN: gettext_lazy("not known whether it arrived"),
}
WHYS: Final[dict[Why, Any]] = {
    Why.INACTIVE: gettext_lazy("account not in use"),
    Why.UNCONFIRMED: gettext_lazy("address not confirmed"),
    Why.BOUNCED: gettext_lazy("mail to the address came back"),
    Why.OPTED_OUT: gettext_lazy("wants no mail of this course"),
    Why.STOPPED: gettext_lazy("mail stopped before"),
}


@dataclass(frozen=True, slots=True)
class MailLines:
    """A mail as pages show it. ``counts`` and ``left_out``: number and words, in order; ``open``: it can be stopped;
    ``orphaned``: it was never sent, and somebody else of the team may send it."""

    message: Message
    state: str
    groups: tuple[str, ...]
    counts: tuple[tuple[int, str], ...]
    left_out: tuple[tuple[int, str], ...]
    open: bool
    orphaned: bool

    @property
    def last_day(self) -> datetime | None:
        """A moment of the last day on which the home of the course shows it; what is kept is the midnight after."""
        until = self.message.draft.shown_until
        return until - timedelta(seconds=1) if until is not None else None


def mail_lines(message: Message, groups: Mapping[str, str]) -> MailLines:
    """``message`` in words; ``groups``: the names of the course's groups."""
    return MailLines(
        message,
        str(STATES[message.state]),
        tuple(_group(one, groups) for one in message.draft.groups),
        tuple((message.counts[one], str(words)) for one, words in DELIVERIES.items() if one in message.counts),
        left_out_lines(message.left_out),
        message.state in (MailState.SCHEDULED, MailState.SENDING),
        message.state in (MailState.ROLE_LOST, MailState.DEACTIVATED),
    )


def _group(value: str, groups: Mapping[str, str]) -> str:
    if value == CERTIFIED:
        return _("Learners who get their certificate")
    return groups.get(value, _("A group that is gone"))


def left_out_lines(left_out: Mapping[Why, int]) -> tuple[tuple[int, str], ...]:
    """How many are left out, and why."""
    return tuple((left_out[why], str(words)) for why, words in WHYS.items() if why in left_out)
