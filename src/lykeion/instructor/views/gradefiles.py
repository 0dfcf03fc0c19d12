"""Grades as files: out, and back in after a look at what would change."""

from __future__ import annotations

from typing import BinaryIO, Final

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.clock import now
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.jobs.types import State
from lykeion.teaching.api import gradebook, gradefile
from lykeion.teaching.types import Capability, FieldError, Teacher

_CSV: Final = "text/csv; charset=utf-8"
_KINDS: Final = {gradefile.TEMPLATE: "template", gradefile.CHECK: "preview", gradefile.APPLY: "upload"}


@require_safe
@in_course(Capability.GRADE)
def page(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """How to get the file and send it back."""
    context = {"size": gradefile.size(teacher), "frozen": gradebook.is_frozen(teacher, now())}
    return render(request, "instructor/grades/files.html", frame(teacher, "gradebook", **context))


@require_POST
@in_course(Capability.GRADE)
def template(request: HttpRequest, teacher: Teacher) -> HttpResponseBase:
    """The file of all learners: at once, or as a job where they are many."""
    if gradefile.size(teacher) > gradefile.AT_ONCE:
        return _to_job(teacher, gradefile.order_template(teacher, at=now()))
    response = StreamingHttpResponse(gradefile.template(teacher, at=now()), content_type=_CSV)
    response["Content-Disposition"] = f'attachment; filename="{_name(teacher)}"'
    return response


@require_POST
@in_course(Capability.GRADE)
def check(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """What the uploaded ``file`` would change, for long ones by a job; nothing is changed yet."""
    sent: BinaryIO | None = request.FILES.get("file")  # type: ignore[assignment]  # a file reads as a BinaryIO
    try:
        if sent is None:
            raise FieldError(_("Choose a file first."), "file")
        if gradefile.is_long(sent):
            return _to_job(teacher, gradefile.order_check(teacher, sent))
        preview = gradefile.check(teacher, sent)
    except FieldError as error:
        context = {"size": gradefile.size(teacher), "wrong": str(error)}
        return render(request, "instructor/grades/files.html", frame(teacher, "gradebook", **context), status=422)
    return render(request, "instructor/grades/preview.html", frame(teacher, "gradebook", preview=preview))


@require_POST
@in_course(Capability.GRADE)
def apply(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Puts the file that was looked at into force."""
    return _to_job(teacher, gradefile.order(teacher, request.POST.get("token", ""), at=now()))


@require_safe
@in_course(Capability.GRADE)
def job(request: HttpRequest, teacher: Teacher, job: int) -> HttpResponse:
    """How far a file is, and what came of it; only that part where htmx asks."""
    found, is_part = gradefile.result(teacher, job), "HX-Request" in request.headers
    kind = _KINDS[found.name]
    if kind == "preview" and found.state is State.DONE and not is_part:
        context = frame(teacher, "gradebook", preview=gradefile.preview_of(found))
        return render(request, "instructor/grades/preview.html", context)
    name = "job_state" if is_part else "job"
    return render(request, f"instructor/grades/{name}.html", frame(teacher, "gradebook", job=found, kind=kind))


@require_safe
@in_course(Capability.GRADE)
def job_file(request: HttpRequest, teacher: Teacher, job: int) -> HttpResponseBase:
    """The file that a job made."""
    opened = gradefile.opened(teacher, job, at=now())
    return FileResponse(opened, as_attachment=True, filename=_name(teacher), content_type=_CSV)


def _to_job(teacher: Teacher, job: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("instructor:grade_job", args=[teacher.run.key, job]))


def _name(teacher: Teacher) -> str:
    key = teacher.run.key
    return f"{key.org}_{key.course}_{key.run}_grades.csv"
