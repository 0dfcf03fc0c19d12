"""What learners did: enrolment, activity, progress, problems, videos, and learners who may need somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lykeion.accounts import api as accounts
from lykeion.analytics import api as analytics
from lykeion.analytics.types import Learner, LearnerQuery
from lykeion.catalog import api as catalog
from lykeion.catalog.types import RosterQuery
from lykeion.core.clock import now
from lykeion.core.keys import plain_name, usage_text
from lykeion.core.whole import whole
from lykeion.instructor import figures, reasons
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.panels import advancing, attending, demography, solving, watching
from lykeion.instructor.tables import table_file
from lykeion.teaching.api import cohorts, deeds
from lykeion.teaching.types import Capability, Teacher
from lykeion.ui.types import Link

PAGE: Final = 50
_FOUND: Final = 500  # learners that a page looks at whom a name may mean
_CHUNK: Final = 500
_TABS: Final = (
    ("analytics", gettext_lazy("Enrolment")),
    ("analytics_activity", gettext_lazy("Activity")),
    ("analytics_progress", gettext_lazy("Progress")),
    ("analytics_problems", gettext_lazy("Problems")),
    ("analytics_videos", gettext_lazy("Videos")),
    ("analytics_learners", gettext_lazy("Learners")),
    ("analytics_sql", gettext_lazy("SQL")),
)
_NEEDS: Final = {"analytics_sql": Capability.REPORTS}
_MEASURED: Final = tuple(field for field in Learner.__dataclass_fields__ if field != "user_id")
_COLUMNS: Final = ("user_id", "username", "email", *_MEASURED, "cohort")
_KINDS: Final = ("int", "str", "str", *(Learner.__annotations__[name].partition(" ")[0] for name in _MEASURED), "str")
_ASKED: Final = ("flag", "mode", "cohort", "text")
_COUNTED: Final = (
    ("days_active", gettext_lazy("Days")),
    ("problem_attempts", gettext_lazy("Attempts")),
    ("problems_attempted", gettext_lazy("Tried")),
    ("problems_completed", gettext_lazy("Solved")),
    ("videos_viewed", gettext_lazy("Videos")),
    ("discussion_contributions", gettext_lazy("Posts")),
)
_SEEN: Final = (("last", gettext_lazy("Last seen")), ("percent", gettext_lazy("Grade")))
SPANS: Final[dict[str, tuple[Any, tuple[tuple[str, Any], ...]]]] = {
    "": (
        gettext_lazy("Seven days"),
        (*_SEEN, *_COUNTED, ("attempts_per_completed", gettext_lazy("Attempts per solved"))),
    ),
    "ever": (gettext_lazy("Ever"), (*_SEEN, *((f"{name}_ever", words) for name, words in _COUNTED))),
}
"""Of when something is shown -> its words, and the columns: their names and words."""


@require_safe
@in_course()
def enrolment(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Who takes the course, day by day."""
    facts, panel = attending.enrolment(teacher)
    traits = demography.panels(teacher)
    return _page(request, teacher, "analytics", panels=[panel, *traits], facts=facts, few=not traits)


@require_safe
@in_course()
def activity(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Who was active, and who still comes."""
    return _page(
        request,
        teacher,
        "analytics_activity",
        panels=[attending.activity(teacher), advancing.used(teacher), attending.retention(teacher)],
    )


@require_safe
@in_course()
def progress(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """How far learners get, and their grades."""
    return _page(
        request,
        teacher,
        "analytics_progress",
        panels=[advancing.funnel(teacher), advancing.reach(teacher), advancing.grades(teacher)],
        has_blocks=analytics.is_counted(teacher.run.id, "completion"),
    )


@require_safe
@in_course()
def problems(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The questions of the course, and how well they tell who knows."""
    return _page(
        request,
        teacher,
        "analytics_problems",
        "problems.html",
        problems=solving.problems(teacher),
        by_problem=analytics.PROBLEM,
        tags=solving.tags(teacher),
    )


@require_safe
@in_course()
def problem(request: HttpRequest, teacher: Teacher, ref: str) -> HttpResponse:
    """What learners answered to one problem."""
    usage = usage_text(teacher.run.key, ref)
    parts = [one for one in solving.problems(teacher) if one.ref == ref]
    if not parts:
        raise Http404(_("Nobody answered this problem yet."))
    figures = {"panels": solving.answers(teacher, usage), "points": solving.points(teacher, usage)}
    more = {**figures, "parts": parts, "title": parts[0].title}
    return _page(request, teacher, "analytics_problems", "problem.html", **more)


@require_safe
@in_course()
def videos(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The videos of the course, and how much of them is watched."""
    found = watching.videos(teacher)
    played = not found and any(row["played"] for row in analytics.figures(teacher.run.id, "activity"))
    return _page(request, teacher, "analytics_videos", "videos.html", videos=found, played=played)


@require_safe
@in_course()
def video(request: HttpRequest, teacher: Teacher, video: str) -> HttpResponse:
    """What of one video was watched."""
    found = next((one for one in watching.videos(teacher) if one.id == video), None)
    if found is None:
        raise Http404(_("Nobody watched this video yet."))
    more = {"panels": [watching.timeline(teacher, video)], "video": found, "title": found.title}
    return _page(request, teacher, "analytics_videos", "video.html", **more)


@require_safe
@in_course()
def learners(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The learners: sorted, filtered, with what speaks for a word with them."""
    asked = {name: request.GET.get(name, "").strip() for name in (*_ASKED, "span", "sort")}
    if asked["sort"].removeprefix("-") not in analytics.SORTS:
        asked["sort"] = ""
    columns = SPANS.get(asked["span"], SPANS[""])[1]
    query = _query(teacher, asked, page=max(1, min(whole(request.GET.get("page", "")) or 1, 10_000)))
    has_more = False
    if asked["text"]:
        wanted = RosterQuery(text=asked["text"], cohort=asked["cohort"], limit=_FOUND)
        found = catalog.roster(teacher.run.id, wanted)
        query, has_more = replace(query, user_ids=tuple(one.user_id for one in found.lines)), bool(found.after)
    page = analytics.learners(teacher.run.id, query)
    pages = Paginator(range(page.total), PAGE).get_page(query.page)
    if pages.number != query.page:  # beyond the end: the last one
        page = analytics.learners(teacher.run.id, replace(query, page=pages.number))
    people = accounts.people(one.user_id for one in page.learners)
    bounds = next(iter(analytics.figures(teacher.run.id, "ranges")), {})
    kept = {name: value for name, value in asked.items() if value}
    more = {
        "asked": asked,
        "flags": [(name, words, about) for name, (words, about) in reasons.FLAGS.items()],
        "modes": analytics.modes(teacher.run.id),
        "cohort_names": cohorts.names(teacher) if teacher.run.cohorted else (),
        "spans": [(name, words) for name, (words, _columns) in SPANS.items()],
        "columns": [_column(name, words, query.sort, kept) for name, words in columns],
        "lines": [
            (
                one,
                people.get(one.user_id),
                reasons.reasons(one, bounds, now()),
                [(name, getattr(one, name)) for name, _words in columns],
            )
            for one in page.learners
        ],
        "total": page.total,
        "has_more": has_more,
        "pages": pages,
        "kept": urlencode(kept),
    }
    return _page(request, teacher, "analytics_learners", "learners.html", **more)


@require_safe
@in_course(Capability.REPORTS)
def learners_file(request: HttpRequest, teacher: Teacher, form: str) -> HttpResponseBase:
    """The learners as a file, filtered as the page is."""
    asked = {name: request.GET.get(name, "").strip() for name in _ASKED}
    deeds.record(teacher, "fetch_learners", details={name: value for name, value in asked.items() if value}, at=now())
    return table_file(_file_name(teacher, "learners"), form, _COLUMNS, _learner_rows(teacher, asked), _KINDS)


@require_safe
@in_course()
def figures_file(request: HttpRequest, teacher: Teacher, metric: str, form: str) -> HttpResponseBase:
    """The rows of a metric as a file. They name nobody."""
    if metric not in analytics.COLUMNS:
        raise Http404(_("There are no such figures."))
    table = figures.table(teacher, metric, request.GET.get("of", ""))
    return table_file(_file_name(teacher, metric), form, table.columns, table.rows, table.kinds)


def _file_name(teacher: Teacher, what: str) -> str:
    return f"{plain_name(teacher.run.key)}-{what}"


def _page(
    request: HttpRequest, teacher: Teacher, current: str, template: str = "panels.html", **more: Any
) -> HttpResponse:
    found = tabs(teacher, current)
    title = next(tab.label for tab in found if tab.current)
    shown = {"tabs": found, "fresh": analytics.fresh(), "tab_title": title, **more}
    return render(request, f"instructor/analytics/{template}", frame(teacher, "analytics", **shown))


def tabs(teacher: Teacher, current: str) -> list[Link]:
    """The pages of analytics that a teacher may see."""
    run = teacher.run.key
    return [
        Link(str(label), reverse(f"instructor:{name}", args=[run]), current=name == current)
        for name, label in _TABS
        if teacher.can(_NEEDS.get(name, Capability.VIEW))
    ]


def _query(teacher: Teacher, asked: dict[str, str], page: int = 1) -> LearnerQuery:
    among = catalog.in_cohort(teacher.run.id, asked["cohort"]) if asked["cohort"] else None
    return LearnerQuery(asked["flag"], asked["mode"], asked.get("sort") or "last", page, PAGE, among=among)


def _column(name: str, words: Any, sort: str, kept: dict[str, str]) -> dict[str, Any]:
    """The head of a column that can be sorted by: which way it is, and where it leads."""
    here = sort.removeprefix("-") == name
    turned = name if here and sort.startswith("-") else f"-{name}"
    way = ("descending" if sort.startswith("-") else "ascending") if here else ""
    return {"name": name, "words": words, "way": way, "address": urlencode({**kept, "sort": turned})}


def _learner_rows(teacher: Teacher, asked: dict[str, str]) -> Iterator[list[Any]]:
    for query in _queries(teacher, asked):
        found = analytics.walk(teacher.run.id, query)
        while batch := list(islice(found, _CHUNK)):
            yield from _named(teacher, batch)


def _queries(teacher: Teacher, asked: dict[str, str]) -> Iterator[LearnerQuery]:
    """One; of a name several, each for some of those whom it may mean."""
    query = _query(teacher, asked)
    if not asked["text"]:
        yield query
        return
    wanted, last = RosterQuery(text=asked["text"], cohort=asked["cohort"], limit=_CHUNK), 0
    while some := catalog.roster_chunk(teacher.run.id, wanted, after=last):
        yield replace(query, user_ids=tuple(one.user_id for one in some))
        last = some[-1].user_id


def _named(teacher: Teacher, batch: list[Learner]) -> Iterator[list[Any]]:
    people = accounts.people(one.user_id for one in batch)
    groups = catalog.cohort_names(teacher.run.id, [one.user_id for one in batch]) if teacher.run.cohorted else {}
    for one in batch:
        person = people.get(one.user_id)
        who = [person.username, person.email] if person else ["", ""]
        yield [one.user_id, *who, *(getattr(one, name) for name in _MEASURED), groups.get(one.user_id, "")]
