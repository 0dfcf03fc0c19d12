"""The first page: what the course is, how many take it, who teaches it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lykeion.courseware import api as courseware
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.teaching.api import figures
from lykeion.teaching.types import Teacher


@require_safe
@in_course()
def info(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Dates, enrolments by mode, grade cutoffs."""
    regrade = courseware.regrade_under_way(teacher.run.key)
    return render(
        request, "instructor/info.html", frame(teacher, "info", figures=figures.course(teacher), regrade=regrade)
    )
