"""A course in a Git repository: where, push, compare, pull."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lykeion.authoring.api import git, wording
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.core.clock import now
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course

KINDS = {"push": git.PUSH, "fetch": git.FETCH, "pull": git.PULL}


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.REPLACE)
def page(request: HttpRequest, author: Author) -> HttpResponse:
    """Where the course is kept, and what was done with that place."""
    error = ""
    if request.method == "POST":
        try:
            git.connect(author, **{name: request.POST.get(name, "") for name in ("url", "branch", "folder")})
        except AuthoringError as refused:
            error = str(refused)
        else:
            return HttpResponseRedirect(reverse("studio:git", args=[author.run]))
    kept = git.kept(author)
    typed = {name: request.POST.get(name, "") for name in ("url", "branch", "folder")} if error else None
    context = {
        "kept": kept,
        "form": typed or kept or {"url": "", "branch": "main", "folder": ""},
        "error": error,
        "allowed": settings.LYKEION_GIT_REMOTES,
        "past": _past(author),
    }
    status = 422 if error else 200
    return render(request, "studio/git/git.html", frame(author, "git", page_title=_("Git"), **context), status=status)


@require_POST
@in_course(Capability.REPLACE)
def act(request: HttpRequest, author: Author, what: str) -> HttpResponse:
    """Orders a push, a look at what is there, or the pull of what was looked at; leads to its report."""
    if what == "push":
        number = git.push(author, at=now())
    elif what == "fetch":
        number = git.fetch(author, at=now())
    elif what == "pull":
        prefer = "there" if request.POST.get("prefer") == "there" else "here"
        number = git.pull(author, request.POST.get("commit", ""), prefer, at=now())  # type: ignore[arg-type]  # one of two
    else:
        raise AuthoringError(_("Choose to push, to compare or to pull."))
    return HttpResponseRedirect(reverse("studio:git_report", args=[author.run, what, number]))


@require_safe
@in_course(Capability.REPLACE)
def report(request: HttpRequest, author: Author, what: str, number: int) -> HttpResponse:
    """How far a push, a look or a pull is, and what came of it."""
    found = git.shown(author, number, KINDS.get(what, ""))
    titles = {"push": _("Push"), "fetch": _("Compare"), "pull": _("Pull")}
    context: dict[str, Any] = {
        "errand": found,
        "what": what,
        "share": found.done / found.total if found.total else 0,
        **_told(found.report),
        "again": request.get_full_path(),
    }
    template = "studio/git/state.html" if "HX-Request" in request.headers else "studio/git/report.html"
    return render(request, template, frame(author, "git", page_title=titles.get(what, _("Git")), **context))


@require_POST
@in_course(Capability.REPLACE)
def undo(request: HttpRequest, author: Author, number: int) -> HttpResponse:
    """Takes a pull back."""
    git.undo(author, number, at=now())
    messages.success(request, _("It is as it was before that."))
    return HttpResponseRedirect(reverse("studio:outline", args=[author.run]))


def _past(author: Author) -> list[dict[str, Any]]:
    """The newest pushes, looks and pulls together."""
    labels = {"push": _("Push"), "fetch": _("Compare"), "pull": _("Pull")}
    found = [
        {"what": what, "label": labels[what], "errand": one}
        for what, kind in KINDS.items()
        for one in git.latest(author, kind, limit=5)
    ]
    return sorted(found, key=lambda one: -one["errand"].id)


def _told(report: Mapping[str, Any]) -> dict[str, Any]:
    """The changes and conflicts of a report in words."""
    changes, conflicts = report.get("changes", ()), report.get("conflicts", ())
    titles = {one["ref"]: one["title"] for one in changes}
    return {
        "changes": [
            {**one, "says": _kinds()[one["kind"]], "names": [wording.field(name) for name in one["names"]]}
            for one in changes
        ],
        "conflicts": [
            {**one, "says": _conflict(one["what"]), "title": titles.get(one["ref"], one["ref"])} for one in conflicts
        ],
    }


def _kinds() -> dict[str, str]:
    return {"added": _("Added"), "removed": _("Removed"), "changed": _("Changed"), "moved": _("Moved")}


def _conflict(what: str) -> str:
    words = {
        "children": _("the order of what is in it"),
        "added": _("added on both sides"),
        "moved": _("moved to different places, or its place is gone"),
        "removed": _("changed on one side, removed on the other"),
        "content": _("the file"),
    }
    return words.get(what) or wording.field(what)
