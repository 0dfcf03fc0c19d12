"""Who takes a run, a page at a time: for those who teach it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import Exact

from lykeion.accounts import api as accounts
from lykeion.catalog.models import Cohort, CohortMember, Enrolment
from lykeion.catalog.rows import TAKING
from lykeion.catalog.types import Roster, RosterLine, RosterQuery
from lykeion.core.prepared import Build, Ids, Prepared

_COLUMNS = ("user_id", "user__username", "user__email", "user__full_name", "mode", "cohort", "name_key")
FEW: Final = 500
"""What leads to fewer people is read before the query that it narrows."""
LOOKED: Final = 5_000
"""So many names are looked at for a page when each has to be asked; the page then leads on from there."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What pages that are found alike have in common: their statement is made once. ``given``: which of the single
    values there are; ``inside`` and ``outside``: how the ids are found that learners are to be among, or not, and how
    many values that takes."""

    limit: int
    back: bool
    given: tuple[str, ...]
    inside: tuple[tuple[Build, int], ...]
    outside: tuple[tuple[Build, int], ...]

    def rows(self, rows: QuerySet[Enrolment], run_id: int, *values: Any) -> QuerySet[Any, Any]:
        """The page; ``values``: the given ones, then those of ``inside`` and ``outside``."""
        one, rest = dict(zip(self.given, values, strict=False)), iter(values[len(self.given) :])
        found = rows.filter(pk__in=one["places"]) if "places" in one else rows.filter(run_id=run_id)
        found = _in_mode(found.filter(**TAKING), one.get("mode", ""))
        for build, takes in self.inside:
            found = found.filter(_among(build(*islice(rest, takes))))
        for build, takes in self.outside:
            found = found.exclude(_among(build(*islice(rest, takes))))
        if "edge" in one:
            found = found.filter(**{"name_key__gte" if self.back else "name_key__lte": one["edge"]})
        page = _page(_with_cohort(found, run_id), one.get("cursor", ""), back=self.back)
        return page.values_list(*_COLUMNS)[: self.limit + 1]


def roster(run_id: int, query: RosterQuery, among: Sequence[Ids], outside: Ids | None) -> Roster:
    """A page of a run's learners; see :func:`lykeion.catalog.api.roster`."""
    words = accounts.called(query.text)
    if query.text and not words:
        return _roster([], query, "")
    asked, beyond = [*words, *_in_cohort(run_id, query), *among], [] if outside is None else [outside]
    places, others = _places(run_id, asked)
    edge = ""
    if places is None and (others or beyond):
        edge = next(iter(_names(run_id, query, "name_key", LOOKED - 1, LOOKED)), "")
    elif places is None:
        places = _names(run_id, query, "pk", 0, query.limit + 1)
    if places == []:
        return _roster([], query, "")
    cursor = query.before or query.after
    given: dict[str, Any] = {"cursor": cursor, "edge": edge, "mode": query.mode, "places": places}
    given = {name: value for name, value in given.items() if value}
    shape = _Shape(query.limit, bool(query.before), tuple(given), _ways(others), _ways(beyond))
    values: list[Any] = [*given.values(), *(value for one in (*others, *beyond) for value in one.values)]
    return _roster(_prepared(shape)(run_id, *values), query, edge)


@lru_cache(maxsize=256)
def _prepared(shape: _Shape) -> Prepared:
    return Prepared(Enrolment, shape.rows)


def _ways(many: Sequence[Ids]) -> tuple[tuple[Build, int], ...]:
    return tuple((one.build, len(one.values)) for one in many)


def _places(run_id: int, many: Sequence[Ids]) -> tuple[list[int] | None, list[Ids]]:
    """Where the learners are who are in the rarest of ``many``, if that are few, and the others; None if none is.

    Their places are looked up, and nothing else narrows the query that asks for them, so that no database goes through
    all names instead. Where each is many, each learner who comes to a page is asked.
    """
    few, rarest = min(((one.first(FEW), one) for one in many), key=lambda pair: len(pair[0]), default=(None, None))
    if few is None or len(few) >= FEW:
        return None, list(many)
    places = [place for (place,) in _PLACES(run_id, set(few))] if few else []
    return places, [one for one in many if one is not rarest]


_PLACES: Final = Prepared(
    Enrolment, lambda rows, run, users: rows.filter(run_id=run, user_id__in=users).order_by().values_list("pk")
)


def _names(run_id: int, query: RosterQuery, column: str, first: int, end: int) -> list[Any]:
    """``column`` of some of all learners (of a track) by name from where a page begins. One read, of nothing but an
    index: a read of more would lead MariaDB through all names before."""
    given = {"cursor": query.before or query.after, "mode": query.mode}
    given = {name: value for name, value in given.items() if value}
    way = _named(column, first, end, bool(query.before), tuple(given))
    return [row[0] for row in way(run_id, *given.values())]


@lru_cache(maxsize=64)
def _named(column: str, first: int, end: int, back: bool, given: tuple[str, ...]) -> Prepared:
    def build(rows: QuerySet[Enrolment], run: int, *values: str) -> QuerySet[Any, Any]:
        one = dict(zip(given, values, strict=True))
        found = _in_mode(rows.filter(run_id=run, **TAKING), one.get("mode", ""))
        return _page(found, one.get("cursor", ""), back=back).values_list(column)[first:end]

    return Prepared(Enrolment, build)


def count(run_id: int, query: RosterQuery) -> int:
    """How many such learners there are in all."""
    return _found(run_id, query).count()


def chunk(run_id: int, query: RosterQuery, after: int) -> tuple[RosterLine, ...]:
    """Learners past the id ``after`` by id; see :func:`lykeion.catalog.api.roster_chunk`."""
    rows = _with_cohort(_found(run_id, query), run_id).filter(user_id__gt=after).order_by("user_id")
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


def _line(row: tuple[Any, ...]) -> RosterLine:
    user_id, username, email, full_name, mode, cohort, cursor = row
    return RosterLine(user_id, username, email, full_name, mode, cohort or "", cursor)


def _page(rows: QuerySet[Enrolment], cursor: str, *, back: bool) -> QuerySet[Enrolment]:
    """By name, behind ``cursor`` or (``back``) before it if there is one."""
    if cursor:
        rows = rows.filter(name_key__lt=cursor) if back else rows.filter(name_key__gt=cursor)
    return rows.order_by("-name_key" if back else "name_key")


def _with_cohort(rows: QuerySet[Enrolment], run_id: int) -> QuerySet[Enrolment]:
    mine = CohortMember.objects.filter(run_id=run_id, user_id=OuterRef("user_id"))
    return rows.annotate(cohort=Subquery(mine.values("cohort__name")[:1]))


def _among(many: QuerySet[Any, Any]) -> Q:
    """Asked of each learner who comes to a page: the many are never gone through. As a case, since MariaDB turns a bare
    EXISTS into a join with all of them."""
    there = Case(When(Exists(many.filter(user_id=OuterRef("user_id"))), then=Value(1)), default=Value(0))
    return Q(Exact(there, 1))


def _found(run_id: int, query: RosterQuery) -> QuerySet[Enrolment]:
    """Those who take a run and are asked for, all of them: to count them, and for jobs."""
    words = accounts.called(query.text)
    if query.text and not words:
        return Enrolment.objects.none()
    places, others = _places(run_id, words)
    rows = Enrolment.objects.filter(run_id=run_id) if places is None else Enrolment.objects.filter(pk__in=places)
    for one in others:
        rows = rows.filter(_among(one.rows()))
    for one in _in_cohort(run_id, query):
        rows = rows.filter(user_id__in=one.rows())
    return _in_mode(rows.filter(**TAKING), query.mode)


def _in_mode(rows: QuerySet[Enrolment], mode: str) -> QuerySet[Enrolment]:
    return rows.filter(mode=mode) if mode else rows


def _in_cohort(run_id: int, query: RosterQuery) -> list[Ids]:
    """The members of the cohort that is asked for: those of no cohort where there is none of its name."""
    if not query.cohort:
        return []
    return [in_cohort(run_id, query.cohort)]


def in_cohort(run_id: int, name: str) -> Ids:
    """The ids of the members of a cohort of this name, to narrow a read elsewhere; of nobody where there is none of it.
    One query."""
    [[cohort_id]] = _COHORT(run_id, name) or [(0,)]
    return Ids(CohortMember, _members, (run_id, cohort_id))


_COHORT: Final = Prepared(Cohort, lambda rows, run, name: rows.filter(run_id=run, name=name).values_list("pk"))


def _members(run_id: int, cohort_id: int) -> QuerySet[CohortMember, int]:
    return CohortMember.objects.filter(run_id=run_id, cohort_id=cohort_id).values_list("user_id", flat=True)
