"""Reports: what there is, what is being made, and the files."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.teaching.api import reports as teaching
from lykeion.teaching.types import Capability, NotAllowed, ReportLine, Teacher, TeachingError


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.REPORTS)
def reports(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """What reports there are and those that were ordered. Posted: orders ``kind`` as ``format`` (about ``refs``)."""
    if request.method == "POST":
        asked, at = request.POST, now()
        try:
            teaching.order(teacher, asked.get("kind", ""), asked.get("format", "csv"), asked.getlist("refs"), at=at)
        except TeachingError as error:
            if "parts" not in asked or isinstance(error, NotAllowed):
                raise
            return _parts(request, teacher, error)
        if "HX-Request" not in request.headers:
            return HttpResponseRedirect(reverse("instructor:reports", args=[teacher.run.key]) + "#files")
        return render(request, "instructor/reports/list.html", _files(request, teacher))
    there = teaching.kinds()
    groups = [(label, [one for one in there if one.group == name]) for name, label in teaching.GROUPS.items()]
    context = {"groups": groups, "formats": _formats(), "days": settings.LYKEION_REPORT_DAYS}
    return render(request, "instructor/reports/reports.html", _files(request, teacher) | context)


@require_safe
@in_course(Capability.REPORTS)
def listing(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The reports that were ordered, as they are now: a part of the page."""
    return render(request, "instructor/reports/list.html", _files(request, teacher))


@require_safe
@in_course(Capability.REPORTS)
def answers(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The parts of the course, to choose whose answers are wanted."""
    return _parts(request, teacher)


def _parts(request: HttpRequest, teacher: Teacher, error: TeachingError | None = None) -> HttpResponse:
    """The form; as it was sent, with what is wrong with it."""
    sections: list[tuple[Any, list[Any]]] = []
    course, *parts = teaching.parts(teacher)
    for part in parts:
        if part.depth == 1:
            sections.append((part, []))
        elif sections:
            sections[-1][1].append(part)
    more = {"course": course, "sections": sections, "formats": _formats(), "error": error}
    more |= {"ticked": request.POST.getlist("refs"), "format": request.POST.get("format", "")}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "instructor/reports/answers.html", frame(teacher, "reports", **more), status=status)


@require_POST
@in_course(Capability.REPORTS)
def cancel(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """Stops a report that is under way."""
    teaching.cancel(teacher, number, at=now())
    if "HX-Request" in request.headers:
        return render(request, "instructor/reports/list.html", _files(request, teacher))
    return HttpResponseRedirect(reverse("instructor:reports", args=[teacher.run.key]) + "#files")


@require_safe
@in_course(Capability.REPORTS)
def download(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponseBase:
    """The file of a report."""
    name, media, size, stream = teaching.fetch(teacher, number, at=now())
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=media)
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _files(request: HttpRequest, teacher: Teacher) -> dict[str, Any]:
    lines, more = teaching.latest(teacher, at=now(), before=whole(request.GET.get("before", "")))
    known = teaching.kinds_by_name()
    shown = [(line, known[line.kind].title if line.kind in known else line.kind, _share(line)) for line in lines]
    return frame(
        teacher,
        "reports",
        lines=shown,
        next=lines[-1].id if more else 0,
        busy=any(not line.is_over for line in lines),
    )


def _share(line: ReportLine) -> float:
    return line.done / line.total if line.total else 0.0


def _formats() -> list[tuple[str, str]]:
    return [("csv", "CSV"), ("xlsx", "XLSX (Excel)"), ("parquet", "Parquet")]
