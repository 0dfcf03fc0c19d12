"""Certificates: who has one, giving them to all who passed, taking one back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lykeion.certificates.types import Rules, Status
from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.words import CERTIFICATES
from lykeion.jobs.types import JobStatus
from lykeion.teaching.api import certificates as door
from lykeion.teaching.types import Capability, FieldError, Teacher

_DONE = (
    ("issued", gettext_lazy("given")),
    ("renewed", gettext_lazy("made anew")),
    ("withdrawn", gettext_lazy("withdrawn")),
    ("kept", gettext_lazy("left as they were")),
    ("not_passing", gettext_lazy("do not pass yet")),
    ("mode", gettext_lazy("take the course in a track without certificates")),
    ("beta", gettext_lazy("are beta testers")),
    ("not_enrolled", gettext_lazy("left the course")),
    ("no_design", gettext_lazy("found no active design")),
)


@require_safe
@in_course(Capability.CERTIFY)
def certificates(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The list; ``who`` is a name or address, ``status`` one of :class:`Status`, ``before`` the entry to go on from."""
    return _page(request, teacher)


@require_safe
@in_course(Capability.CERTIFY)
def progress(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """How far the newest job is, to be looked at again and again while it runs."""
    return render(request, "instructor/certificates/progress.html", _job(teacher) | {"run": teacher.run})


@require_POST
@in_course(Capability.CERTIFY)
def generate(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Orders certificates for all who earned one, or anew for one status."""
    door.generate(teacher, _status(request.POST.get("status", "")), at=now())
    messages.success(request, _("Certificates are being made. This page shows how far it is."))
    return _back(teacher)


@require_safe
@in_course(Capability.CERTIFY)
def preview(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The design as learners will see it."""
    rules = door.rules(teacher)
    context = {"rules": rules, "signers": _signers(teacher, rules), "sample": _("Name of the learner"), "today": now()}
    return render(request, "instructor/certificates/preview.html", frame(teacher, "certificates", **context))


@require_POST
@in_course(Capability.CERTIFY)
def invalidate(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Takes one certificate back."""
    who, notes = request.POST.get("who", ""), request.POST.get("notes", "")
    try:
        person = door.invalidate(teacher, who, notes, at=now())
    except FieldError as error:
        typed = {"who": who, "notes": notes}
        return _page(request, teacher, typed=typed, errors={error.field: str(error)}, code=422)
    words = _("The certificate of %(name)s is not valid any more.") % {"name": person.username}
    messages.success(request, words)
    return _back(teacher)


@require_POST
@in_course(Capability.CERTIFY)
def validate(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Takes an invalidation back."""
    door.validate(teacher, whole(request.POST.get("user", "")) or 0, at=now())
    messages.success(request, _("The invalidation is taken back: the certificate follows the grade again."))
    return _back(teacher)


def _page(
    request: HttpRequest,
    teacher: Teacher,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    code: int = 200,
) -> HttpResponse:
    who, status = request.GET.get("who", "").strip(), _status(request.GET.get("status", ""))
    lines, more = door.given(teacher, who=who, status=status, before=whole(request.GET.get("before", "")))
    context = frame(
        teacher,
        "certificates",
        lines=[(line, CERTIFICATES[line.certificate.status]) for line in lines],
        next=lines[-1].certificate.id if more else 0,
        who=who,
        status=status.value if status else "",
        statuses=[(one.value, words) for one, words in CERTIFICATES.items()],
        counts=[(CERTIFICATES[one], count) for one, count in door.counts(teacher).items()],
        rules=door.rules(teacher),
        typed=typed or {},
        errors=errors or {},
        **_job(teacher),
    )
    return render(request, "instructor/certificates/list.html", context, status=code)


def _job(teacher: Teacher) -> dict[str, Any]:
    job = door.under_way(teacher)
    share = job.done / job.total if job and job.total else 0.0
    return {"job": job, "share": share, "done": _done(job)}


def _done(job: JobStatus | None) -> list[tuple[int, Any]]:
    """What the job came to: how many of what, those that are none left out."""
    result = job.result if job and isinstance(job.result, dict) else {}
    return [(result[name], words) for name, words in _DONE if result.get(name)]


def _signers(teacher: Teacher, rules: Rules) -> list[dict[str, str]]:
    people = rules.design.signatories if rules.design else ()
    return [
        {
            "name": one.name,
            "title": one.title,
            "organization": one.organization,
            "picture": reverse("asset", args=[teacher.run.key, one.image]) if one.image else "",
        }
        for one in people
    ]


def _status(text: str) -> Status | None:
    return Status(text) if text in set(Status) else None


def _back(teacher: Teacher) -> HttpResponse:
    return HttpResponseRedirect(reverse("instructor:certificates", args=[teacher.run.key]))
