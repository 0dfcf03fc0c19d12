"""The team of a running course, and its beta testers."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.accounts.types import Role
from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.teaching.api import team as rules
from lykeion.teaching.types import Capability, FieldError, Teacher, TeachingError


@require_safe
@in_course()
def team(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Everybody with a role."""
    return _show(request, teacher)


@require_POST
@in_course(Capability.TEAM)
def give(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Gives a role."""
    role = _role(request)
    try:
        if role is None:
            raise FieldError(_("Choose a role."), "role")
        person = rules.give(teacher, request.POST.get("name", ""), role, at=now())
    except FieldError as error:
        return _show(request, teacher, error)
    messages.success(request, _("{name} is {role} now.").format(name=person.username, role=rules.role_name(role)))
    return HttpResponseRedirect(reverse("instructor:team", args=[teacher.run.key]))


@require_POST
@in_course(Capability.TEAM)
def take(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Takes a role away. Who took their own last one is no longer let in here, and goes to the course."""
    role, user_id = _role(request), whole(request.POST.get("user", ""))
    try:
        if role is None or user_id is None:
            raise TeachingError(_("This page is out of date. Load it again."))
        person = rules.take(teacher, user_id, role, at=now())
    except TeachingError as error:
        return _show(request, teacher, error)
    words = _("{name} is no longer {role}.")
    messages.success(request, words.format(name=person.username, role=rules.role_name(role)))
    name = "course_home" if person.id == teacher.person.id else "instructor:team"
    return HttpResponseRedirect(reverse(name, args=[teacher.run.key]))


def _show(request: HttpRequest, teacher: Teacher, error: TeachingError | None = None) -> HttpResponse:
    members = [(one, *rules.ROLES[one.role]) for one in rules.team(teacher)]
    testers, more = rules.testers(teacher, after=whole(request.GET.get("after", "")) or 0)
    context = {
        "error": error,
        "sent": request.POST,
        "members": [row for row in members if not row[0].everywhere],
        "elsewhere": [row for row in members if row[0].everywhere],
        "roles": [(role.value, name, text) for role, (name, text) in rules.ROLES.items()],
        "testers": testers,
        "next": testers[-1].id if more else 0,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "instructor/people/team.html", frame(teacher, "team", **context), status=status)


def _role(request: HttpRequest) -> Role | None:
    return next((role for role in rules.ROLES if role == request.POST.get("role")), None)
