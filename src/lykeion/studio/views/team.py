"""The people who make and teach a course, or keep a library."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.accounts.types import Role
from lykeion.authoring.api import team as rules
from lykeion.authoring.types import Author, Capability, FieldError
from lykeion.core.clock import now
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.studio.views.settings import Said, acted


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    members = [(one, *rules.ROLES[one.role]) for one in rules.team(author)]
    roles = [(role.value, name, text) for role, (name, text) in rules.offered(author).items()]
    context = {
        "members": [row for row in members if not row[0].everywhere],
        "elsewhere": [row for row in members if row[0].everywhere],
        "roles": roles,
        "offered": {value for value, _name, _text in roles},
        "usual": (Role.AUTHOR if author.is_library else Role.STAFF).value,
        "page_title": _("Team"),
    }
    return render(request, "studio/settings/team.html", frame(author, "team", **context))


def _give(form: QueryDict, author: Author) -> Said:
    try:
        role = Role(form.get("role", ""))
    except ValueError as error:
        raise FieldError(_("Choose a role."), "role") from error
    person = rules.give(author, form.get("name", ""), role, at=now())
    return Said(_("{name} is {role} now.").format(name=person.username, role=rules.ROLES[role][0]))


def _take(form: QueryDict, author: Author) -> Said:
    person, _before = rules.take(author, form.get("name", ""), at=now())
    return Said(_("{name} is no longer in the team.").format(name=person.username))


_ACTIONS = {"give": _give, "take": _take}


@require_safe
@in_course(libraries=True)
def team(request: HttpRequest, author: Author) -> HttpResponse:
    """Everybody with a role."""
    return _show(request, author)


@require_POST
@in_course(Capability.TEAM, libraries=True)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Gives and takes roles."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:team", args=[author.run]))
