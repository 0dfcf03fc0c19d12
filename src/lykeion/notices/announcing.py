"""What the staff of the site announces to everybody who is signed in.

Source: Open edX, ``openedx/features/announcements``: texts with an active flag, newest first on the dashboard.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from lykeion.notices import models
from lykeion.notices.plain import plain
from lykeion.notices.types import Announcement, MailError
from lykeion.notices.writing import clean

LONGEST: Final = 20_000
SHOWN: Final = 5
LISTED: Final = 200


def announced() -> list[Announcement]:
    """What is announced now, newest first, five at most. One read over an index."""
    rows = models.Announcement.objects.filter(active=True).order_by("-id")
    return [_value(row) for row in rows[:SHOWN]]


def announcements() -> list[Announcement]:
    """The newest announcements, active or not. One read."""
    return [_value(row) for row in models.Announcement.objects.order_by("-id")[:LISTED]]


def announcement(number: int) -> Announcement | None:
    """One announcement; None when there is none. One read."""
    row = models.Announcement.objects.filter(pk=number).first()
    return None if row is None else _value(row)


def announce(html: str, *, active: bool, by: int, at: datetime) -> int:
    """Makes an announcement; its id. Raises :class:`MailError`."""
    return int(models.Announcement.objects.create(html=_checked(html), active=active, by_id=by, at=at).pk)


def change(number: int, html: str, *, active: bool) -> None:
    """Changes an announcement. Raises :class:`MailError`."""
    models.Announcement.objects.filter(pk=number).update(html=_checked(html), active=active)


def withdraw(number: int) -> None:
    """Removes an announcement for good; none there is fine."""
    models.Announcement.objects.filter(pk=number).delete()


def _checked(html: str) -> str:
    if not plain(clean(html)).strip():
        raise MailError(_("Write what you announce."), "html")
    if len(html) > LONGEST:
        raise MailError(_("The text is longer than %(most)d letters.") % {"most": LONGEST}, "html")
    return html


def _value(row: models.Announcement) -> Announcement:
    return Announcement(row.pk, row.html, clean(row.html), row.active, row.at)
