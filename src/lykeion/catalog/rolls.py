"""Everybody who takes or took a run, part by part: for work that goes through all of them."""

from __future__ import annotations

from collections.abc import Iterator

from lykeion.catalog.models import CohortMember, Enrolment, EnrolmentAllowed
from lykeion.catalog.types import Enrolled, Run

_COLUMNS = ("user_id", "mode", "is_active", "created")


def part(run: Run, after: int, limit: int) -> tuple[Enrolled, ...]:
    """See :func:`lykeion.catalog.api.roll`."""
    rows = Enrolment.objects.filter(run_id=run.id, user_id__gt=after).order_by("user_id")
    found = list(rows.values_list(*_COLUMNS)[:limit])
    cohorts = _cohorts(run, [row[0] for row in found])
    return tuple(
        Enrolled(user_id, mode, is_active, created, *cohorts.get(user_id, ("", None)))
        for user_id, mode, is_active, created in found
    )


def count(run: Run) -> int:
    """How many take or took ``run``. One read over an index."""
    return Enrolment.objects.filter(run_id=run.id).count()


def _cohorts(run: Run, user_ids: list[int]) -> dict[int, tuple[str, tuple[int, int] | None]]:
    if not run.cohorted or not user_ids:
        return {}
    members = CohortMember.objects.filter(run_id=run.id, user_id__in=user_ids)
    rows = members.values_list("user_id", "cohort__name", "cohort__partition", "cohort__group")
    return {
        user_id: (name, None if partition is None or group is None else (partition, group))
        for user_id, name, partition, group in rows
    }


def invited(run: Run, limit: int) -> Iterator[tuple[str, ...]]:
    """Addresses that were invited to a run and have not enrolled, in parts of ``limit``, in order."""
    waiting = EnrolmentAllowed.objects.filter(run_id=run.id, used_by=None).order_by("email")
    last = ""
    while found := tuple(waiting.filter(email__gt=last).values_list("email", flat=True)[:limit]):
        yield found
        last = found[-1]


def count_invited(run: Run) -> int:
    """How many addresses :func:`invited` yields. One read over an index."""
    return EnrolmentAllowed.objects.filter(run_id=run.id, used_by=None).count()
