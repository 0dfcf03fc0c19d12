"""The addresses that blocks use: their handlers, their files, and single blocks as pages."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from lykeion.blocks import api as blocks
from lykeion.core.errors import LykeionError
from lykeion.core.keys import BadKey, BlockUsageLocator, CourseLocator, parse_usage, ref_of
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, HandlerReply, Visitor
from lykeion.learn.addresses import unit_url
from lykeion.learn.guards import in_course, visitor_of
from lykeion.ui.answers import is_background, way_back
from lykeion.ui.blockrequest import django_response, webob_request
from lykeion.ui.formtokens import with_token

A_DAY = 24 * 3600


@in_course
def xblock_handler(request: HttpRequest, visitor: Visitor, usage: str, handler: str, suffix: str = "") -> HttpResponse:
    """Calls a handler of a block (or aside) for this person.

    A form sent without scripts comes back to its unit, which shows the new state.
    """
    reply = courseware.handle(visitor, usage, handler, suffix, webob_request(request))
    if request.method == "POST" and not is_background(request) and _is_for_scripts(reply):
        return _back_to_unit(request, visitor, usage, reply)
    return django_response(reply)


@csrf_exempt
def xblock_handler_noauth(
    request: HttpRequest, run: CourseLocator, usage: str, handler: str, suffix: str = ""
) -> HttpResponse:
    """Calls a handler for another site (a grading service, an LTI tool), which has no session of ours.

    The block gets nobody for its user, also when the browser that asks has a session: so no token is needed.
    """
    try:
        visitor = visitor_of(request, run, noauth=True)
        reply = courseware.handle(visitor, usage, handler, suffix, webob_request(request), noauth=True)
    except AccessDenied as denied:
        return JsonResponse({"error": str(denied), "code": denied.code}, status=HTTPStatus.NOT_FOUND)
    return django_response(reply)


@require_safe
def xblock_resource(request: HttpRequest, block_type: str, uri: str) -> HttpResponse:
    """A file from the package of a block type."""
    try:
        data, content_type = blocks.resource(block_type, uri)
    except LykeionError as error:
        raise Http404(str(error)) from error
    response = HttpResponse(data, content_type=content_type)
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    response["Access-Control-Allow-Origin"] = "*"  # for blocks in frames; the files are the same for everybody
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def xblock_file(request: HttpRequest, name: str, path: str) -> FileResponse:
    """A file that a block keeps in a folder of its own; only the block tells the address, which cannot be guessed.

    It may be anything that somebody uploaded, so it is shown as a page of no site (CSP ``sandbox``).
    """
    found = blocks.kept_file(name, path)
    if found is None:
        raise Http404(_("There is no such file."))
    response = FileResponse(found.open("rb"), content_type=blocks.content_type(path))
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@in_course
def _block_page(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator, view: str) -> HttpResponse:
    page = courseware.view(visitor, ref_of(usage), view)
    title = visitor.outline.blocks[visitor.outline.index[ref_of(usage)]].title
    context = {
        "page": page,
        "title": title,
        "head": blocks.placed_html(page, "head"),
        "foot": blocks.placed_html(page, "foot"),
    }
    return render(request, "learn/block.html", context)


def xblock_view(request: HttpRequest, usage: BlockUsageLocator) -> HttpResponse:
    """One block alone on a page, for frames of other sites and apps; ``?view=`` names the view."""
    return _block_page(request, usage.course_key, usage, request.GET.get("view", "student_view"))


@in_course
def xblock_fragment(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator, view: str) -> HttpResponse:
    """A view of a block as JSON: ``html``, ``resources`` (pairs of a name and what to load) and a CSRF token."""
    if usage.course_key != visitor.run.key:
        raise AccessDenied(_("This block is not part of this course."), "not_found")
    page = courseware.view(visitor, ref_of(usage), view)
    resources = [
        [str(index), {"kind": one.kind, "data": one.data, "mimetype": one.mimetype, "placement": one.placement}]
        for index, one in enumerate(dict.fromkeys(page.resources))
    ]
    token = get_token(request)
    return JsonResponse({"html": with_token(page.html, token), "resources": resources, "csrf_token": token})


def _is_for_scripts(reply: HandlerReply) -> bool:
    kind = next((value for name, value in reply.headers.items() if name.lower() == "content-type"), "")
    return not reply.body or kind.startswith("application/json")


def _back_to_unit(request: HttpRequest, visitor: Visitor, usage: str, reply: HandlerReply) -> HttpResponse:
    if reply.status >= HTTPStatus.BAD_REQUEST:
        messages.error(request, _words(reply))
    try:
        there = unit_url(visitor.outline, ref_of(parse_usage(usage)))
    except BadKey:  # an aside: it has no place of its own
        there = way_back(request)
    response = HttpResponseRedirect(there)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _words(reply: HandlerReply) -> str:
    """What a block said went wrong (``{"error": "..."}``), or that it did not say."""
    try:
        told = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        told = None
    said = told.get("error") if isinstance(told, dict) else None
    return said if isinstance(said, str) and said else _("That did not work. Nothing was saved; try again.")
