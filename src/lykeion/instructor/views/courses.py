"""All courses in figures, for the staff of the site; and figures that are made anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.analytics import api as analytics
from lykeion.analytics.types import BadQuestion, Summary
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run, RunQuery
from lykeion.core.whole import whole
from lykeion.instructor.tables import table_file
from lykeion.ui.sitestaff import for_site_staff

_COLUMNS: Final = {
    "course_id": "str",
    "title": "str",
    "start": "datetime",
    "end": "datetime",
    **dict.fromkeys(("enrolled", "change", "ever", "active", "passing"), "int"),
}
"""What the file holds: names of columns, and kinds."""
STEPS: Final = {
    "read": gettext_lazy("Reading the log"),
    "settled": gettext_lazy("Sorting days"),
    "published": gettext_lazy("Courses counted"),
}
"""What a refresh does, in words."""


@require_safe
@for_site_staff
def courses(request: HttpRequest) -> HttpResponse:
    """All courses in figures."""
    person = accounts.person(request.user)
    found = catalog.runs(person, RunQuery(page=max(1, min(whole(request.GET.get("page", "")) or 1, 10_000))))
    figures = analytics.summaries([run.id for run in found.runs])
    pages = Paginator(range(found.total), max(1, -(-found.total // found.pages))).get_page(found.page)
    context = {
        "lines": [(run, figures.get(run.id)) for run in found.runs],
        "fresh": analytics.fresh(),
        "page": pages,
        "forms": (("csv", "CSV"), ("parquet", "Parquet")),
        "under_way": analytics.refresh_under_way(),
    }
    return render(request, "instructor/whole_site/courses.html", context)


@require_safe
@for_site_staff
def courses_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """All courses in figures as a file."""
    person = accounts.person(request.user)
    return table_file("courses", form, tuple(_COLUMNS), _rows(person), tuple(_COLUMNS.values()))


def _rows(person: Person | None) -> Iterator[list[Any]]:
    """A page of the list at a time."""
    page = pages = 1
    while page <= pages:
        found = catalog.runs(person, RunQuery(page=page))
        figures = analytics.summaries([run.id for run in found.runs])
        yield from (_row(run, figures.get(run.id)) for run in found.runs)
        page, pages = page + 1, found.pages


def _row(run: Run, figures: Summary | None) -> list[Any]:
    told = figures or Summary(0, 0, 0, 0, 0)
    counts = [told.enrolled, told.change, told.ever, told.active, told.passing]
    return [str(run.key), run.title, run.start, run.end, *counts]


@require_POST
@for_site_staff
def refresh(request: HttpRequest) -> HttpResponse:
    """Orders that the figures of all courses are made anew."""
    number = analytics.order_refresh(by=int(request.user.pk or 0))
    return HttpResponseRedirect(reverse("instructor:site_refresh_job", args=[number]))


@require_safe
@for_site_staff
def refresh_job(request: HttpRequest, number: int) -> HttpResponse:
    """How far figures that are made anew are; only that part where htmx asks."""
    try:
        job = analytics.refresh_ordered(number)
    except BadQuestion as error:
        raise Http404(str(error)) from error
    name = "refresh_state" if "HX-Request" in request.headers else "refresh"
    context = {"job": job, "step": STEPS.get(job.message, "")}
    return render(request, f"instructor/whole_site/{name}.html", context)
