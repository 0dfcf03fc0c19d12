"""The tabs of a course, and the pages of its authors."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import pages as rules
from lykeion.authoring.types import Author, Capability
from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.studio.draftfiles import preview
from lykeion.studio.guards import in_course
from lykeion.studio.richtext import richtext_context
from lykeion.studio.views.settings import Said, acted, shown


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    return shown(request, author, "pages", tabs=rules.tabs(author))


def _switch(form: QueryDict, author: Author) -> Said:
    on = form.get("shown") == "true"
    rules.show(author, form.get("key", ""), on, at=now())
    return Said(_("Learners will see it.") if on else _("Learners will not see it."))


def _move(form: QueryDict, author: Author) -> Said:
    key, place = form.get("key", ""), form.get("index", "")
    if "by" in form:
        rules.step(author, key, -1 if form["by"] == "-1" else 1, at=now())
    else:
        rules.move(author, key, whole(place) or 0, at=now())
    return Said(_("Moved."))


def _remove(form: QueryDict, author: Author) -> Said:
    return Said(_("The page is removed."), rules.remove(author, form.get("slug", ""), at=now()))


_ACTIONS = {"switch": _switch, "move": _move, "remove": _remove}


@require_safe
@in_course()
def pages(request: HttpRequest, author: Author) -> HttpResponse:
    """The tabs, in order."""
    return _show(request, author)


@require_POST
@in_course(Capability.EDIT)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Shows, hides, moves or removes a tab."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:pages", args=[author.run]))


@require_POST
@in_course(Capability.EDIT)
def add(request: HttpRequest, author: Author) -> HttpResponse:
    """Makes a page, and leads to it."""
    slug = rules.add(author, request.POST.get("name", ""), at=now())
    address = reverse("studio:page", args=[author.run, slug])
    if "HX-Request" in request.headers:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


@require_safe
@in_course()
def page(request: HttpRequest, author: Author, slug: str) -> HttpResponse:
    """One page of the authors, to be edited."""
    found = rules.page(author, slug)
    context = {"page": found, "page_shown": preview(author, found.html), **richtext_context(author)}
    return shown(request, author, "pages", template="page", **context)


@require_POST
@in_course(Capability.EDIT)
def save_page(request: HttpRequest, author: Author, slug: str) -> HttpResponse:
    """Saves a page: for autosave its new version, else the page."""
    form = request.POST
    done = rules.save_page(
        author,
        slug,
        name=form.get("name", ""),
        html=form.get("html", ""),
        staff_only=form.get("staff_only") == "true",
        base=form.get("base", ""),
        at=now(),
    )
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"base": done.value})
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("studio:page", args=[author.run, slug]))
