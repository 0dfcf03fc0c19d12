"""The list of exceptions: who gets a certificate whatever their grade."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.teaching.api import certificates as door
from lykeion.teaching.types import Capability, FieldError, Teacher

LARGEST: Final = 1024 * 1024
OUTCOMES: dict[str, Any] = {
    "new": gettext_lazy("Goes on the list"),
    "known": gettext_lazy("Is on the list; gets this note"),
    "unknown": gettext_lazy("Nobody here has this name or address"),
    "double": gettext_lazy("Named further up already"),
    "invalidated": gettext_lazy("Their certificate was invalidated: take that back first"),
}


@require_safe
@in_course(Capability.CERTIFY)
def exceptions(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The list, and forms to put people on it."""
    return _page(request, teacher)


@require_POST
@in_course(Capability.CERTIFY)
def add(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Puts one learner on the list."""
    who, notes = request.POST.get("who", ""), request.POST.get("notes", "")
    try:
        person = door.allow(teacher, who, notes, at=now())
    except FieldError as error:
        return _page(request, teacher, typed={"who": who, "notes": notes}, errors={error.field: str(error)})
    messages.success(
        request,
        _("%(name)s is on the list, and gets a certificate in a track that has one.") % {"name": person.username},
    )
    return _back(teacher)


@require_POST
@in_course(Capability.CERTIFY)
def remove(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Takes one learner off the list."""
    door.disallow(teacher, whole(request.POST.get("user", "")) or 0, at=now())
    messages.success(request, _("Taken off the list: the certificate follows the grade now."))
    return _back(teacher)


@require_POST
@in_course(Capability.CERTIFY)
def file(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Shows what a file would do; with ``confirmed``, does it and says what became of each line."""
    confirmed = request.POST.get("confirmed") == "yes"
    try:
        text = request.POST.get("text", "") if confirmed else _text(request)
        entries = door.allow_many(teacher, text, at=now()) if confirmed else door.preview(teacher, text)
    except FieldError as error:
        return _page(request, teacher, typed={"text": request.POST.get("text", "")}, errors={error.field: str(error)})
    context = {
        "entries": [(entry, OUTCOMES[entry.outcome]) for entry in entries],
        "counting": sum(entry.counts for entry in entries),
        "text": text,
        "confirmed": confirmed,
    }
    return render(request, "instructor/certificates/file.html", frame(teacher, "certificates", **context))


def _text(request: HttpRequest) -> str:
    """The lines of the file, or those typed in its place. Raises :class:`FieldError`."""
    given = request.FILES.get("file")
    if given is None:
        typed = request.POST.get("text", "")
        if not typed.strip():
            raise FieldError(_("Choose a file, or type a line for each learner."), "file")
        return typed
    if (given.size or 0) > LARGEST:
        raise FieldError(_("This file is larger than 1 MB."), "file")
    try:
        return str(given.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise FieldError(_("This is no text in UTF-8. Save it as CSV (UTF-8)."), "file") from error


def _page(
    request: HttpRequest,
    teacher: Teacher,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    lines, more = door.exempt(teacher, after=whole(request.GET.get("after", "")) or 0)
    context = frame(
        teacher,
        "certificates",
        lines=lines,
        next=lines[-1].allowance.user_id if more else 0,
        typed=typed or {},
        errors=errors or {},
    )
    return render(request, "instructor/certificates/exceptions.html", context, status=422 if errors else 200)


def _back(teacher: Teacher) -> HttpResponse:
    return HttpResponseRedirect(reverse("instructor:certificates_exceptions", args=[teacher.run.key]))
