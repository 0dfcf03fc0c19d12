"""The catalog: which runs somebody may see in it, and how they find one (openedx.md §1.2)."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.catalog.models import CourseMode, Organization, Run
from lykeion.catalog.rows import RUN_COLUMNS, run_of
from lykeion.catalog.types import Choice, RunPage, RunQuery

PAGE_SIZE = 20
DEFAULT_MODE = "audit"
TEAM = frozenset({Role.STAFF, Role.INSTRUCTOR, Role.LIMITED_STAFF, Role.AUTHOR, Role.EDITOR, Role.READER})


def listing(person: Person | None, query: RunQuery) -> RunPage:
    """One page of the runs ``person`` may see listed. The number of queries does not depend on how many there are."""
    visible = Run.objects.filter(_visible_to(person))
    found = _matching(visible, query)
    total = found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, query.page), pages)
    rows = _ranked(found, query.text)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE].values_list(*RUN_COLUMNS)
    return RunPage(
        runs=tuple(run_of(row) for row in rows),
        total=total,
        page=page,
        pages=pages,
        orgs=_orgs(visible),
        languages=_languages(visible),
        modes=_modes(visible),
    )


def fold(text: str) -> str:
    """Text as it is compared in searches, the same on every database."""
    return text.casefold()


def is_team(roles: frozenset[Role]) -> bool:
    """Whether one of these roles belongs to the team of a course."""
    return not TEAM.isdisjoint(roles)


def _visible_to(person: Person | None) -> Q:
    """Runs open to everybody, and hidden ones of whose team the person is."""
    listed = Q(catalog_visibility="both")
    if person is None:
        return listed
    if person.is_staff:
        return Q()
    grants = [grant for grant in accounts.grants(person.id) if grant.role in TEAM]
    if any(not grant.run and not grant.org for grant in grants):
        return Q()
    own = Q(key__in=[grant.run for grant in grants if grant.run])
    return listed | own | Q(org__in=[grant.org for grant in grants if grant.org and not grant.run])


def _matching(runs: QuerySet[Run], query: RunQuery) -> QuerySet[Run]:
    for word in fold(query.text).split()[:10]:
        runs = runs.filter(search_text__icontains=word)
    if query.org:
        runs = runs.filter(org=query.org)
    if query.language:
        runs = runs.filter(language=query.language)
    return _with_mode(runs, query.mode) if query.mode else runs


def _with_mode(runs: QuerySet[Run], mode: str) -> QuerySet[Run]:
    """A run without modes has the default one."""
    having = Q(pk__in=CourseMode.objects.filter(mode=mode).values("run_id"))
    if mode == DEFAULT_MODE:
        having |= ~Q(pk__in=CourseMode.objects.values("run_id"))  # a join would list a run once for each mode
    return runs.filter(having)


def _ranked(runs: QuerySet[Run], text: str) -> QuerySet[Run]:
    """By title; what is looked for in the title comes before what is only mentioned elsewhere."""
    if not text:
        return runs.order_by("sort_title", "id")
    words = fold(text)
    rank = Case(
        When(sort_title__istartswith=words, then=Value(0)),
        When(sort_title__icontains=words, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return runs.order_by(rank, "sort_title", "id")


def _orgs(runs: QuerySet[Run]) -> tuple[Choice, ...]:
    rows = Organization.objects.filter(pk__in=runs.values("organization_id")).order_by("name")
    return tuple(Choice(*row) for row in rows.values_list("short_name", "name"))


def _languages(runs: QuerySet[Run]) -> tuple[str, ...]:
    rows = runs.exclude(language="").order_by("language")
    return tuple(rows.values_list("language", flat=True).distinct())


def _modes(runs: QuerySet[Run]) -> tuple[str, ...]:
    rows = CourseMode.objects.filter(run_id__in=runs.values("pk")).order_by("mode")
    return tuple(rows.values_list("mode", flat=True).distinct())
