"""Who takes the course, and who is invited."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.accounts.types import Role
from lykeion.catalog.types import RosterQuery
from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.teaching.api import cohorts as groups
from lykeion.teaching.api import learners as rules
from lykeion.teaching.api import lists, team
from lykeion.teaching.types import Capability, FieldError, Teacher


@require_safe
@in_course()
def learners(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Those who take the course, found by how their names or address begin, by track, cohort and role."""
    asked = {name: request.GET.get(name, "").strip() for name in ("text", "mode", "cohort", "role")}
    role = next((one for one in Role if one == asked["role"]), None)
    query = RosterQuery(
        text=asked["text"],
        mode=asked["mode"],
        cohort=asked["cohort"],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        limit=rules.PAGE,
    )
    page = rules.learners(teacher, query, role)
    context = {
        "page": page,
        "lines": [(one, [team.role_name(role) for role in one.roles]) for one in page.learners],
        "asked": asked,
        "narrowed": any(asked.values()),
        "kept": urlencode({name: value for name, value in asked.items() if value}),
        "here": urlencode(_kept(request, *asked, "after", "before")),
        "total": rules.count(teacher),
        "tracks": rules.tracks(teacher),
        "cohort_names": groups.names(teacher) if teacher.run.cohorted else (),
        "roles": [(one.value, team.role_name(one)) for one in Role],
        "undo": _undoable(request, teacher),
    }
    return render(request, "instructor/people/learners.html", frame(teacher, "learners", **context))


@require_POST
@in_course(Capability.ENROL)
def track(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Lets a learner take the course in another track."""
    user_id = whole(request.POST.get("user", ""))
    mode = request.POST.get("mode", "")
    if user_id is None or not mode:
        raise FieldError(_("Choose a track."), "mode")
    name = rules.set_track(teacher, user_id, mode, at=now())
    messages.success(request, _("{name} takes the course in the track “{track}” now.").format(name=name, track=mode))
    return HttpResponseRedirect(_back(request, teacher))


@require_POST
@in_course(Capability.ENROL)
def unenrol(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Takes one learner out of the course; the page then offers the way back."""
    done = lists.done_at_once(teacher, "unenrol", request.POST.get("name", ""), {}, at=now())
    return HttpResponseRedirect(_back(request, teacher, done=str(done.id)))


@require_safe
@in_course(Capability.ENROL)
def invitations(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Invitations that nobody used yet."""
    text = request.GET.get("text", "").strip()
    found, following = rules.invitations(teacher, text=text, before=whole(request.GET.get("before", "")) or 0)
    context = {
        "invitations": found,
        "text": text,
        "next": following,
        "page_title": _("Invitations"),
    }
    return render(request, "instructor/people/invitations.html", frame(teacher, "learners", **context))


@require_POST
@in_course(Capability.ENROL)
def withdraw(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Takes an invitation back."""
    email = request.POST.get("email", "")
    if rules.withdraw(teacher, email, at=now()):
        messages.success(request, _("The invitation of {email} is withdrawn.").format(email=email))
    else:
        messages.info(request, _("There was no invitation of {email} any more.").format(email=email))
    return HttpResponseRedirect(reverse("instructor:invitations", args=[teacher.run.key]))


def _back(request: HttpRequest, teacher: Teacher, **more: str) -> str:
    """The list as it was narrowed when somebody changed a learner in it: the form's address says how."""
    query = urlencode({**_kept(request, "text", "mode", "cohort", "role", "after", "before"), **more})
    return f"{reverse('instructor:learners', args=[teacher.run.key])}{'?' if query else ''}{query}"


def _kept(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _undoable(request: HttpRequest, teacher: Teacher) -> dict[str, object] | None:
    """Who was just unenrolled, to be had back."""
    number = whole(request.GET.get("done", ""))
    if not number or not teacher.can(Capability.ENROL):
        return None
    done = lists.the_list(teacher, number)
    lines, _more = lists.lines(teacher, number, limit=1)
    return {"list": done, "name": lines[0].username or lines[0].entry} if lines and done.can_undo else None
