"""The audit log: everything that a teacher does is written here, in the transaction that does it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from lykeion.accounts import api as accounts
from lykeion.teaching.models import Deed as DeedRow
from lykeion.teaching.types import Deed, Teacher

__all__ = ["PAGE", "log", "record", "record_for_site", "site_log"]

PAGE: Final = 50
_LONGEST_REASON: Final = 500
_SITE: Final = 0
"""In place of the id of a run: of what is about all of them."""


def record(
    teacher: Teacher,
    what: str,
    *,
    at: datetime,
    about: int = 0,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Writes that ``teacher`` did ``what`` (about the person of id ``about``), in the caller's transaction. One write.

    ``details`` is JSON and small: what it was and what it is now, never a list of learners.
    """
    DeedRow.objects.create(
        run_id=teacher.run.id,
        by_id=teacher.person.id,
        what=what,
        about_id=about,
        at=at,
        reason=reason[:_LONGEST_REASON],
        details=dict(details or {}),
    )


def record_for_site(by: int, what: str, *, at: datetime, details: Mapping[str, Any]) -> None:
    """Writes that one of the staff of the site did ``what`` to all courses at once, in the caller's transaction. One
    write."""
    DeedRow.objects.create(run_id=_SITE, by_id=by, what=what, at=at, details=dict(details))


def site_log(*, before: int | None = None, limit: int = PAGE) -> tuple[list[Deed], bool]:
    """The newest deeds about all courses at once (older than the one of id ``before``), and whether there are more. Two
    reads."""
    return _newest(DeedRow.objects.filter(run_id=_SITE), before, limit)


def log(
    teacher: Teacher,
    *,
    about: int = 0,
    before: int | None = None,
    limit: int = PAGE,
    whats: Collection[str] = (),
    particulars: Mapping[str, Any] | None = None,
) -> tuple[list[Deed], bool]:
    """The newest deeds in the run (about one person, of these kinds, with these particulars, older than the one of id
    ``before``), and whether there are more. Two reads."""
    rows = DeedRow.objects.filter(run_id=teacher.run.id)
    if about:
        rows = rows.filter(about_id=about)
    if whats:
        rows = rows.filter(what__in=list(whats))
    if particulars:
        rows = rows.filter(**{f"details__{name}": value for name, value in particulars.items()})
    return _newest(rows, before, limit)


def _newest(rows: QuerySet[DeedRow], before: int | None, limit: int) -> tuple[list[Deed], bool]:
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    shown = found[:limit]
    people = accounts.people({number for row in shown for number in (row.by_id, row.about_id) if number})
    deeds = [
        Deed(row.pk, people.get(row.by_id), row.what, people.get(row.about_id), row.at, row.reason, row.details)
        for row in shown
    ]
    return deeds, len(found) > limit
