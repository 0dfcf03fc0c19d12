"""Forms that make a list of people: typed names, or a CSV file. What they send is looked at before it is done."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lykeion.core.clock import now
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.people_words import kind_words
from lykeion.teaching.api import learners, lists
from lykeion.teaching.types import Capability, FieldError, Teacher

MOST_BYTES: Final = 6 * 1024 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.ENROL)
def enrol(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """People to enrol or to unenrol."""
    kind = "unenrol" if request.POST.get("do") == "unenrol" else "enrol"
    options = {**_ticks(request, "auto_enrol", "notify"), **_texts(request, "mode", "reason")}
    return _made(request, teacher, kind, options, "enrol", "learners", ("enrol", "unenrol"))


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.REGISTER)
def register(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """People to make accounts for."""
    return _made(request, teacher, "register", _texts(request, "mode", "reason"), "register", "learners", ("register",))


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.ENROL)
def testers(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """People to make beta testers, or no longer."""
    options = {**_ticks(request, "auto_enrol", "notify"), "remove": request.POST.get("do") == "take"}
    return _made(request, teacher, "beta", options, "testers", "team", ("beta",))


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.COHORTS)
def cohort_file(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """A CSV file that puts people into cohorts."""
    return _made(request, teacher, "cohort", {}, "cohort_file", "cohorts", ("cohort",))


def to_list(request: HttpRequest, teacher: Teacher, kind: str, options: dict[str, Any]) -> HttpResponse:
    """Makes the list that a form sent and goes to it. A single name is done at once where nothing is wrong with it.

    Raises :class:`FieldError`."""
    names, sent = request.POST.get("names", "").strip(), request.FILES.get("file")
    if sent is not None:
        number = lists.from_file(teacher, kind, _bytes(sent), options, at=now())
    elif names and len(names.split()) == 1:
        number = lists.done_at_once(teacher, kind, names, options, at=now()).id
    else:
        number = lists.from_names(teacher, kind, names, options, at=now())
    return HttpResponseRedirect(reverse("instructor:list", args=[teacher.run.key, number]))


def _made(
    request: HttpRequest,
    teacher: Teacher,
    kind: str,
    options: dict[str, Any],
    name: str,
    page: str,
    kinds: tuple[str, ...],
) -> HttpResponse:
    """The empty form; what it made; or the form as it was sent, with what is wrong."""
    error: FieldError | None = None
    if request.method == "POST":
        try:
            return to_list(request, teacher, kind, options)
        except FieldError as refused:
            error = refused
    context = {
        "error": error,
        "sent": request.POST,
        "tracks": learners.tracks(teacher),
        "columns": lists.columns(kind),
        "latest": [(one, kind_words(one.kind)) for one in lists.latest(teacher, *kinds)],
        "page_title": _TITLES[name](),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, f"instructor/people/{name}.html", frame(teacher, page, **context), status=status)


_TITLES: Final[dict[str, Callable[[], str]]] = {
    "enrol": lambda: _("Enrol or unenrol people"),
    "register": lambda: _("Make accounts"),
    "testers": lambda: _("Beta testers"),
    "cohort_file": lambda: _("Put people into cohorts"),
}


def _bytes(sent: UploadedFile[Any]) -> bytes:
    """The file, or so much of it that the rules see that it is too large."""
    return bytes(sent.read(MOST_BYTES))


def _ticks(request: HttpRequest, *names: str) -> dict[str, bool]:
    return {name: name in request.POST for name in names}


def _texts(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip()[:500] for name in names}
