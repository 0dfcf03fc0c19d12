"""The gradebook, its cells, and the columns that teachers add."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.courseware import api as courseware
from lykeion.instructor import posting
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.teaching.api import columns, gradebook
from lykeion.teaching.api.gradebook import BookFilter
from lykeion.teaching.types import Capability, Teacher

_KEPT: Final = ("text", "mode", "cohort", "kind", "low", "high")


@require_safe
@in_course()
def book(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """A page of learners by subsections, narrowed by ``text``, ``mode``, ``cohort``, ``kind``, ``low``, ``high``."""
    asked = _asked(request)
    context = {
        "book": gradebook.book(teacher, asked),
        "asked": asked,
        "choices": gradebook.choices(teacher),
        "query": urlencode([(name, value) for name in _KEPT if (value := request.GET.get(name, ""))]),
        "frozen": gradebook.is_frozen(teacher, now()),
        "regrade": courseware.regrade_under_way(teacher.run.key),
        "typed": posting.typed(request),
    }
    return render(request, "instructor/grades/book.html", frame(teacher, "gradebook", **context))


@require_safe
@in_course()
def regrading(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """How far the grades that are computed anew are, for the pages that show it."""
    context = {"teacher": teacher, "run": teacher.run, "regrade": courseware.regrade_under_way(teacher.run.key)}
    return render(request, "instructor/grades/regrade.html", {**context, "asked_again": True})


@require_safe
@in_course()
def cell(request: HttpRequest, teacher: Teacher, learner: int, ref: str) -> HttpResponse:
    """One learner's scores in one subsection, with who changed them."""
    at = now()
    found = gradebook.cell(teacher, learner, ref, at)
    scores = [(one, found.titles.get(one, one), score) for one, score in found.grade.scores.items()]
    context = {"cell": found, "scores": scores, "frozen": gradebook.is_frozen(teacher, at)}
    context["typed"] = posting.typed(request)
    return render(request, "instructor/grades/cell.html", frame(teacher, "gradebook", **context))


@require_POST
@in_course(Capability.GRADE)
def override(request: HttpRequest, teacher: Teacher, learner: int, ref: str) -> HttpResponse:
    """Gives ``earned`` points with a ``reason``; with ``remove`` the computed ones count again."""

    def act() -> str:
        gradebook.learner(teacher, learner)
        removes = "remove" in request.POST
        earned = None if removes else posting.points(request, "earned")
        gradebook.override(teacher, learner, ref, earned, reason=posting.reason(request), at=now())
        return _("The computed grade counts again.") if removes else _("The grade is overridden.")

    return posting.done(request, reverse("instructor:grade_cell", args=[teacher.run.key, learner, ref]), act)


@require_POST
@in_course(Capability.GRADE)
def change_columns(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Adds a column, changes or removes the ``column``, by ``act``."""

    def act() -> str:
        name, shown, what = request.POST.get("name", ""), "shown" in request.POST, request.POST.get("act")
        if what == "remove":
            columns.remove(teacher, posting.chosen(request, "column"), at=now())
            return _("The column is removed.")
        if what == "change":
            columns.change(teacher, posting.chosen(request, "column"), name, shown=shown, at=now())
            return _("The column is changed.")
        columns.add(teacher, name, shown=shown, at=now())
        return _("The column is added. Open a learner's line to fill it in, or upload a file.")

    return posting.done(request, reverse("instructor:gradebook", args=[teacher.run.key]) + "#columns", act)


@require_safe
@in_course()
def marks(request: HttpRequest, teacher: Teacher, learner: int) -> HttpResponse:
    """What stands in the manual columns for one learner."""
    who, manual = gradebook.learner(teacher, learner), columns.of_course(teacher)
    found = columns.marks(manual, [learner])
    typed = posting.typed(request)
    lines = [(one, typed.get(f"mark-{one.id}", found.get((one.id, learner), ""))) for one in manual]
    return render(request, "instructor/grades/marks.html", frame(teacher, "gradebook", learner=who, lines=lines))


@require_POST
@in_course(Capability.GRADE)
def mark(request: HttpRequest, teacher: Teacher, learner: int) -> HttpResponse:
    """Writes ``mark-ID`` into each manual column for one learner."""

    def act() -> str:
        gradebook.learner(teacher, learner)
        for one in columns.of_course(teacher):
            if f"mark-{one.id}" in request.POST:
                columns.put(teacher, one.id, learner, request.POST[f"mark-{one.id}"], at=now())
        return _("Saved.")

    return posting.done(request, reverse("instructor:grade_marks", args=[teacher.run.key, learner]), act)


def _asked(request: HttpRequest) -> BookFilter:
    get = request.GET.get
    low, high = whole(get("low", "")), whole(get("high", ""))
    return BookFilter(
        text=get("text", "").strip(),
        mode=get("mode", ""),
        cohort=get("cohort", ""),
        kind=get("kind", ""),
        low=min(low or 0, 100),
        high=100 if high is None else min(high, 100),
        after=get("after", ""),
        before=get("before", ""),
    )
