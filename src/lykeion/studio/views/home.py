"""Studio's home: the courses that somebody works on, and new ones."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lykeion.accounts.types import Person
from lykeion.authoring.api import courses
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course, signed_in

FIELDS = ("title", "org", "course", "run")


@require_safe
@signed_in
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """The courses of ``person``."""
    text = request.GET.get("q", "").strip()
    context = {"cards": courses.mine(person, text=text), "q": text, "may_create": courses.may_create(person)}
    return render(request, "studio/home.html", context)


@signed_in
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """A form for a new course, and the course itself."""
    values, orgs = _values(request), courses.organisations(person)
    if request.method != "POST" and len(orgs) == 1:
        values["org"] = orgs[0]
    more = {"organisations": orgs, "page_title": _("New course")}
    return _made(request, values, lambda: courses.create(person, **values, at=now()), more)


@in_course()
def rerun(request: HttpRequest, author: Author) -> HttpResponse:
    """A form for a new run of a course, and the new run itself."""
    values = _values(request)
    if request.method != "POST":
        values = {"title": author.title, "org": str(author.run.org), "course": str(author.run.course), "run": ""}
    orgs = courses.organisations(author.person)
    more = frame(author, "rerun", page_title=_("New run"), source=author.title, organisations=orgs)
    return _made(request, values, lambda: courses.rerun(author, **values, at=now()), more)


def _values(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in FIELDS}


def _made(
    request: HttpRequest, values: dict[str, str], make: Callable[[], CourseLocator], more: dict[str, Any]
) -> HttpResponse:
    error, status = "", HTTPStatus.OK
    if request.method == "POST":
        try:
            page = "studio:import" if request.POST.get("then") == "import" else "studio:outline"
            return HttpResponseRedirect(reverse(page, args=[make()]))
        except NotAllowed as refused:
            if not more["organisations"]:
                raise
            error, status = str(refused), HTTPStatus.FORBIDDEN  # in another organisation: the form stays
        except AuthoringError as refused:
            error, status = str(refused), HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "studio/new.html", {**more, "values": values, "error": error}, status=status)
