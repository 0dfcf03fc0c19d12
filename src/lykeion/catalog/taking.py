"""Those who take a run, as a list too long to hold: a page at a time, or counted by the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from lykeion.catalog.models import CohortMember, Enrolment
from lykeion.catalog.types import Takers

Ids = QuerySet[Any, Any] | Collection[int]
"""User ids: a query to be put into another one, or a few of them."""


def page(run_id: int, takers: Takers, *, after: int, limit: int) -> list[tuple[int, int]]:
    """Places and user ids of the next ``limit`` of ``takers`` behind the place ``after`` (0: from the first)."""
    rows = _rows(run_id, takers).filter(pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", "user_id")[:limit])


def tally(run_id: int, takers: Takers, apart: Mapping[str, Ids]) -> dict[str, int]:
    """How many of ``takers`` are in each of ``apart`` (the first that holds counts), and under '' in none; one read."""
    cases = [When(user_id__in=ids, then=Value(name)) for name, ids in apart.items()]
    rows = _rows(run_id, takers).annotate(why=Case(*cases, default=Value("")))
    return dict(rows.order_by("why").values_list("why").annotate(count=Count("pk")))


def _rows(run_id: int, takers: Takers) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(run_id=run_id, is_active=True)
    wanted = Q(mode__in=takers.modes)
    if takers.cohorts:
        member = CohortMember.objects.filter(user_id=OuterRef("user_id"), run_id=run_id, cohort_id__in=takers.cohorts)
        wanted |= Q(Exists(member))
    if takers.all_but is not None:
        wanted |= ~Q(user_id__in=takers.all_but)
    return rows.filter(wanted)
