"""Who takes a run, a page at a time: for those who teach it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import Exact

from lykeion.accounts import api as accounts
from lykeion.catalog.models import CohortMember, Enrolment
from lykeion.catalog.rows import TAKING
from lykeion.catalog.types import Roster, RosterLine, RosterQuery, UserIds
from lykeion.core.prepared import Prepared

_COLUMNS = ("user_id", "user__username", "user__email", "user__full_name", "mode", "cohort", "name_key")
FEW: Final = 500
"""What leads to fewer people is read before the query that it narrows."""
LOOKED: Final = 10_000
"""So many names are looked at for a page when each has to be asked; the page then leads on from there."""


def roster(
    run_id: int, query: RosterQuery, among: UserIds | None, having: UserIds | None, outside: UserIds | None
) -> Roster:
    """A page of a run's learners; see :func:`lykeion.catalog.api.roster`."""
    if among is having is outside is None and not (query.text or query.mode or query.cohort):
        return _roster(_everybody(run_id, query), query, "")
    found, are_few = _found(run_id, query, having)
    if among is not None:
        found = found.filter(user_id__in=among)
    if outside is not None:
        found = found.exclude(_among(outside))
    asks_each = not are_few and (bool(query.text) or having is not None or outside is not None)
    edge = _edge(run_id, query) if asks_each else ""
    if edge:
        found = found.filter(name_key__gte=edge) if query.before else found.filter(name_key__lte=edge)
    rows = list(_page(_with_cohort(found, run_id), query).values_list(*_COLUMNS)[: query.limit + 1])
    return _roster(rows, query, edge)


def count(run_id: int, query: RosterQuery) -> int:
    """How many such learners there are in all."""
    return _found(run_id, query)[0].count()


def chunk(run_id: int, query: RosterQuery, after: int) -> tuple[RosterLine, ...]:
    """Learners past the id ``after`` by id; see :func:`lykeion.catalog.api.roster_chunk`."""
    rows = _with_cohort(_found(run_id, query)[0], run_id).filter(user_id__gt=after).order_by("user_id")
    return tuple(_line(row) for row in rows.values_list(*_COLUMNS)[: query.limit])


def named(run_id: int, names: list[str]) -> dict[str, int]:
    """The ids of those of a run's learners who have these user names, by the name in lower case. One query."""
    keys = [name.lower() for name in names]
    rows = Enrolment.objects.filter(run_id=run_id, name_key__in=keys, **TAKING)
    return dict(rows.values_list("name_key", "user_id"))


def _roster(rows: list[tuple[Any, ...]], query: RosterQuery, edge: str) -> Roster:
    """The page that ``rows`` make, one more than it holds if there are more; ``edge``: it was looked no further."""
    more, rows = len(rows) > query.limit, rows[: query.limit]
    if query.before:
        rows.reverse()
    first, last = (rows[0][6], rows[-1][6]) if rows else (edge, edge)
    if query.before:
        before, after = (first if more else edge), last
    else:
        before, after = (first if query.after else ""), (last if more else edge)
    return Roster(lines=tuple(_line(row) for row in rows), before=before, after=after)


def _everybody(run_id: int, query: RosterQuery) -> list[tuple[Any, ...]]:
    """The rows of a page that nothing narrows, as it is asked for most."""
    return _prepared(0, query.limit + 1, bool(query.before), _COLUMNS)(run_id, *_cursor(query))


def _cursor(query: RosterQuery) -> list[str]:
    return [one for one in (query.before or query.after,) if one]


@lru_cache(maxsize=32)
def _prepared(first: int, end: int, back: bool, columns: tuple[str, ...]) -> Prepared:
    """Some of all learners by name, behind a name or (``back``) before it if one is given."""

    def build(rows: QuerySet[Enrolment], run: int, cursor: str = "") -> QuerySet[Any, Any]:
        query = RosterQuery(before=cursor if back else "", after="" if back else cursor)
        found = rows.filter(run_id=run, **TAKING)
        found = _with_cohort(found, run) if "cohort" in columns else found
        return _page(found, query).values_list(*columns)[first:end]

    return Prepared(Enrolment, build)


def _edge(run_id: int, query: RosterQuery) -> str:
    """The last name that is looked at for a page; '' when that is all there are. One read over an index."""
    found = _prepared(LOOKED - 1, LOOKED, bool(query.before), ("name_key",))(run_id, *_cursor(query))
    return str(found[0][0]) if found else ""


def _line(row: tuple[Any, ...]) -> RosterLine:
    user_id, username, email, full_name, mode, cohort, cursor = row
    return RosterLine(user_id, username, email, full_name, mode, cohort or "", cursor)


def _page(rows: QuerySet[Enrolment], query: RosterQuery) -> QuerySet[Enrolment]:
    if query.before:
        return rows.filter(name_key__lt=query.before).order_by("-name_key")
    if query.after:
        rows = rows.filter(name_key__gt=query.after)
    return rows.order_by("name_key")


def _with_cohort(rows: QuerySet[Enrolment], run_id: int) -> QuerySet[Enrolment]:
    mine = CohortMember.objects.filter(run_id=run_id, user_id=OuterRef("user_id"))
    return rows.annotate(cohort=Subquery(mine.values("cohort__name")[:1]))


def _among(many: UserIds) -> Q:
    """Asked of each learner who comes to a page: the many are never gone through. As a case, since MariaDB turns a bare
    EXISTS into a join with all of them."""
    there = Case(When(Exists(many.filter(user_id=OuterRef("user_id"))), then=Value(1)), default=Value(0))
    return Q(Exact(there, 1))


def _found(run_id: int, query: RosterQuery, having: UserIds | None = None) -> tuple[QuerySet[Enrolment], bool]:
    """Those who take a run and are asked for, also by being among the many ``having`` something; and whether they are
    few."""
    many = accounts.called(query.text) if query.text else []
    if query.text and not many:
        return Enrolment.objects.none(), True
    rows, are_few = _in_all(run_id, many if having is None else [*many, having])
    rows = rows.filter(**TAKING)
    if query.mode:
        rows = rows.filter(mode=query.mode)
    if query.cohort:
        members = CohortMember.objects.filter(run_id=run_id, cohort__name=query.cohort)
        rows = rows.filter(user_id__in=members.values("user_id"))
    return rows, are_few


def _in_all(run_id: int, many: Sequence[UserIds]) -> tuple[QuerySet[Enrolment], bool]:
    """Those who take or took a run and are in each of ``many``, which may be everybody or nobody; whether they are few.

    Where one of them is few their places are looked up, and nothing else narrows the query, so that no database goes
    through all names instead. Where each is many, each learner who comes to a page is asked.
    """
    rows = Enrolment.objects.filter(run_id=run_id)
    few, rarest = min(((list(one[:FEW]), one) for one in many), key=lambda pair: len(pair[0]), default=(None, None))
    are_few = few is not None and len(few) < FEW
    if few is not None and are_few:
        places = rows.filter(user_id__in=set(few)).order_by().values_list("pk", flat=True)
        rows = Enrolment.objects.filter(pk__in=list(places))
    else:
        rarest = None
    for one in many:
        if one is not rarest:
            rows = rows.filter(_among(one))
    return rows, are_few
