"""Invitations that nobody used yet, and what many people have in a run: for lists of people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import enrolling
from lykeion.catalog.models import CohortEmail, CohortMember, EnrolmentAllowed
from lykeion.catalog.models import Enrolment as EnrolmentRow
from lykeion.catalog.rows import ENROLMENT_COLUMNS, RUN_COLUMNS, run_of
from lykeion.catalog.types import Enrolment, Invitation, Run

_COLUMNS = ("id", "email", "auto_enroll", "mode", "created")
LOOKED: Final = 10_000
"""So many invitations are looked through at once for a part of an address: no index leads there."""


def invite(email: str, run_id: int, *, at: datetime, auto_enroll: bool, mode: str) -> None:
    """Writes an invitation, or changes the one there is."""
    wanted = {"auto_enroll": auto_enroll, "mode": mode}
    EnrolmentAllowed.objects.update_or_create(
        email=email.strip().lower(), run_id=run_id, defaults=wanted, create_defaults={**wanted, "created": at}
    )


def enrol_invited(person: Person, email: str, *, at: datetime) -> None:
    """Enrols ``person`` wherever ``email``, which they own, was invited with ``auto_enroll``; in the free track where
    the one of the invitation is no longer offered."""
    if not accounts.has_confirmed(person.id, email):
        return
    waiting = EnrolmentAllowed.objects.filter(email=email.lower(), auto_enroll=True, used_by=None)
    for mode, *columns in waiting.values_list("mode", *(f"run__{column}" for column in RUN_COLUMNS)):
        run = run_of(tuple(columns))
        kept = mode if mode in dict(enrolling.modes_of(run)) else None
        enrolling.enrol(person, run, mode=None, at=at, by=None, checked=True)
        if kept is not None:
            enrolling.set_track(person.id, run, kept, at=at)


def pending(run_id: int, *, text: str, before: int, limit: int) -> tuple[list[Invitation], int]:
    """Invitations that nobody used, newest first, past the id ``before``, with ``text`` in the address; and the id past
    which there may be more, 0 for none. A page that is not full may have one: then it was looked no further yet. Three
    queries at most."""
    waiting = EnrolmentAllowed.objects.filter(run_id=run_id, used_by=None).order_by("-pk").values_list("pk", flat=True)
    if before:
        waiting = waiting.filter(pk__lt=before)
    edge = 0
    if text:
        edge = next(iter(waiting[LOOKED - 1 : LOOKED]), 0)
        waiting = waiting.filter(email__contains=text.strip().lower(), pk__gte=edge)
    numbers = list(waiting[: limit + 1])
    page = numbers[:limit]
    found = EnrolmentAllowed.objects.filter(pk__in=page).order_by("-pk").values_list(*_COLUMNS)
    return [Invitation(*row) for row in found], page[-1] if len(numbers) > limit else edge


def withdraw(run_id: int, email: str) -> Invitation | None:
    """Takes an unused invitation back; what it was, None when there was none."""
    rows = EnrolmentAllowed.objects.filter(run_id=run_id, email=email.strip().lower(), used_by=None)
    was = rows.values_list(*_COLUMNS).first()
    gone, _rows = rows.delete()
    return Invitation(*was) if was and gone else None


def invited(run_id: int, emails: Collection[str]) -> frozenset[str]:
    """Those of ``emails`` (lower case) that hold an invitation nobody used. One query."""
    rows = EnrolmentAllowed.objects.filter(run_id=run_id, used_by=None, email__in=list(emails))
    return frozenset(rows.values_list("email", flat=True))


def enrolments(run_id: int, user_ids: Collection[int]) -> dict[int, Enrolment]:
    """How some people take or took a run, by id. One query."""
    rows = EnrolmentRow.objects.filter(run_id=run_id, user_id__in=list(user_ids)).values_list(*ENROLMENT_COLUMNS)
    return {found.user_id: found for found in (Enrolment(*row) for row in rows)}


def cohort_names(run_id: int, user_ids: Collection[int]) -> dict[int, str]:
    """The names of the cohorts of some people, by id. One query."""
    rows = CohortMember.objects.filter(run_id=run_id, user_id__in=list(user_ids))
    return dict(rows.values_list("user_id", "cohort__name"))


def members(cohort_id: int, *, after: int, limit: int) -> tuple[list[int], bool]:
    """The ids of those in a cohort past the id ``after``, and whether there are more. One query."""
    rows = CohortMember.objects.filter(cohort_id=cohort_id, user_id__gt=after).order_by("user_id")
    found = list(rows.values_list("user_id", flat=True)[: limit + 1])
    return found[:limit], len(found) > limit


def waiting_for(cohort_id: int, *, limit: int) -> list[str]:
    """Addresses that are remembered for a cohort, by the alphabet. One query."""
    rows = CohortEmail.objects.filter(cohort_id=cohort_id).order_by("email")
    return list(rows.values_list("email", flat=True)[:limit])


def forget_address(run: Run, email: str) -> bool:
    """Forgets for which cohort an address was remembered; whether it was."""
    gone, _rows = CohortEmail.objects.filter(run_id=run.id, email=email.strip().lower()).delete()
    return bool(gone)
