"""What blocks on pages of Studio ask for: their handlers, files of the draft, places that authors' links name."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lykeion.authoring.api import components, units
from lykeion.authoring.types import Author, Capability
from lykeion.core.clock import now
from lykeion.courseware.types import HandlerReply
from lykeion.studio.guards import in_course
from lykeion.studio.scratch import base_now, keep_scratch, scratch_of, wrote
from lykeion.ui.answers import is_background, way_back
from lykeion.ui.blockrequest import django_response, webob_request


@in_course(libraries=True)
def handler(request: HttpRequest, author: Author, usage: str, handler: str, suffix: str = "") -> HttpResponse:
    """Calls a handler for somebody who tries a component out. What it stores stays in their session."""
    scratch = scratch_of(request, author)
    reply = components.call(author, usage, handler, suffix, webob_request(request), at=now(), scratch=scratch)
    keep_scratch(request, author, scratch)
    if request.method == "POST" and not is_background(request) and _is_for_scripts(reply):
        response = HttpResponseRedirect(way_back(request))
        response.status_code = HTTPStatus.SEE_OTHER
        return response
    return django_response(reply)


@in_course(Capability.EDIT, libraries=True)
def editing(
    request: HttpRequest, author: Author, base: str, usage: str, handler: str, suffix: str = ""
) -> HttpResponse:
    """Calls a handler of an editor that was opened on version ``base``: what the block writes goes into the draft."""
    seen = base_now(request, usage, base)
    webob = webob_request(request)
    reply, version = components.call_editor(author, usage, handler, suffix, webob, base=seen, at=now())
    if version is not None:
        wrote(request, usage, base, version)
    return django_response(reply)


@require_safe
@in_course(libraries=True)
def jump(request: HttpRequest, author: Author, block_id: str) -> HttpResponse:
    """Leads to the page of Studio with the block of that id."""
    ref = units.ref_of_id(author, block_id)
    if ref is None:
        raise Http404(_("There is no such part of this course."))
    kind = ref.partition("@")[0]
    if kind in {"course", "chapter", "sequential"}:
        return HttpResponseRedirect(f"{reverse('studio:outline', args=[author.run])}#{ref}")
    if request.GET.get("as") == "learner":
        return HttpResponseRedirect(reverse("studio:as_learner", args=[author.run, ref]))
    page = ref if kind == "vertical" else components.place(author, ref).unit.ref
    return HttpResponseRedirect(f"{reverse('studio:unit', args=[author.run, page])}#{ref}")


def _is_for_scripts(reply: HandlerReply) -> bool:
    kind = next((value for name, value in reply.headers.items() if name.lower() == "content-type"), "")
    return not reply.body or kind.startswith("application/json")
