"""Cohorts: switched on and off, made, changed, filled."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.views.listing import to_list
from lykeion.teaching.api import cohorts as rules
from lykeion.teaching.types import Capability, FieldError, Teacher, TeachingError


@require_safe
@in_course(Capability.COHORTS)
def cohorts(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """All of them."""
    return _show_all(request, teacher)


@require_safe
@in_course(Capability.COHORTS)
def cohort(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """One, with who is in it."""
    return _show(request, teacher, number)


@require_POST
@in_course(Capability.COHORTS)
def switch(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Cohorts on or off."""
    on = request.POST.get("on") == "yes"
    rules.switch(teacher, on, at=now())
    messages.success(request, _("Learners are in cohorts now.") if on else _("Learners are not in cohorts any more."))
    return HttpResponseRedirect(reverse("instructor:cohorts", args=[teacher.run.key]))


@require_POST
@in_course(Capability.COHORTS)
def make(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """A new cohort."""
    form = request.POST
    try:
        automatic, group = form.get("kind") == "automatic", _group(form.get("group", ""))
        found = rules.make(teacher, form.get("name", ""), automatic=automatic, group=group, at=now())
    except FieldError as error:
        return _show_all(request, teacher, error)
    messages.success(request, _("The cohort “{name}” is there. Put people into it.").format(name=found.name))
    return HttpResponseRedirect(reverse("instructor:cohort", args=[teacher.run.key, found.id]))


@require_POST
@in_course(Capability.COHORTS)
def change(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """Name, kind and content group of a cohort."""
    form = request.POST
    try:
        automatic, group = form.get("kind") == "automatic", _group(form.get("group", ""))
        rules.change(teacher, number, name=form.get("name", ""), automatic=automatic, group=group, at=now())
    except FieldError as error:
        return _show(request, teacher, number, error)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("instructor:cohort", args=[teacher.run.key, number]))


@require_POST
@in_course(Capability.COHORTS)
def delete(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """Removes an empty cohort."""
    try:
        name = rules.delete(teacher, number, at=now())
    except FieldError as error:
        return _show(request, teacher, number, error)
    messages.success(request, _("The cohort “{name}” is deleted.").format(name=name))
    return HttpResponseRedirect(reverse("instructor:cohorts", args=[teacher.run.key]))


@require_POST
@in_course(Capability.COHORTS)
def add(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """A list of people for this cohort."""
    name = rules.the_cohort(teacher, number).name
    try:
        return to_list(request, teacher, "cohort", {"cohort": name})
    except FieldError as error:
        return _show(request, teacher, number, error)


@require_POST
@in_course(Capability.COHORTS)
def remove(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """Takes somebody out of a cohort."""
    user_id = whole(request.POST.get("user", ""))
    if user_id is None:
        raise TeachingError(_("This page is out of date. Load it again."))
    rules.remove(teacher, number, user_id, at=now())
    messages.success(request, _("They are no longer in this cohort."))
    return HttpResponseRedirect(reverse("instructor:cohort", args=[teacher.run.key, number]))


def _show_all(request: HttpRequest, teacher: Teacher, error: FieldError | None = None) -> HttpResponse:
    groups = rules.content_groups(teacher)
    context = {
        "error": error,
        "sent": request.POST,
        "cohorts": [(one, groups.get((one.partition or 0, one.group or 0), "")) for one in rules.cohorts(teacher)],
        "groups": [(f"{partition}:{group}", name) for (partition, group), name in groups.items()],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "instructor/people/cohorts.html", frame(teacher, "cohorts", **context), status=status)


def _show(request: HttpRequest, teacher: Teacher, number: int, error: FieldError | None = None) -> HttpResponse:
    found = rules.the_cohort(teacher, number)
    members, more = rules.members(found, after=whole(request.GET.get("after", "")) or 0)
    groups = rules.content_groups(teacher)
    context = {
        "error": error,
        "sent": request.POST,
        "cohort": found,
        "group": "" if found.partition is None else f"{found.partition}:{found.group}",
        "groups": [(f"{partition}:{group}", name) for (partition, group), name in groups.items()],
        "members": members,
        "next": members[-1].id if more else 0,
        "waiting": rules.waiting(teacher, found),
        "page_title": found.name,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "instructor/people/cohort.html", frame(teacher, "cohorts", **context), status=status)


def _group(text: str) -> tuple[int, int] | None:
    """``7:1``, partition and group, as numbers; None for no group."""
    if not text:
        return None
    partition, _colon, group = text.partition(":")
    numbers = (whole(partition), whole(group))
    if numbers[0] is None or numbers[1] is None:
        raise FieldError(_("Choose one of the content groups."), "name")
    return numbers[0], numbers[1]
