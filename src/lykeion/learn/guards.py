"""Who may come in: typed guards that hand a view its visitor, or answer in its place.

A refusal reads the same everywhere: a page for people who followed a link, JSON with the same words for scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Visitor

P = ParamSpec("P")
CourseView = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]

# Refusals that the about page answers: it says when the course starts and how to enrol.
ABOUT = frozenset({"enrollment_required", "course_not_started"})
# Refusals that do not tell what is hidden from what is not there.
MISSING = frozenset({"not_found", "not_visible_to_user"})
# The browser's way back shows answers and attempts as they are now, and nothing at all after signing out.
KEPT_NOWHERE = "private, no-store"


def visitor_of(request: HttpRequest, run: CourseLocator, *, noauth: bool = False) -> Visitor:
    """The person of ``request`` (``noauth``: nobody, whatever the session says) in ``run`` now.

    Raises :class:`AccessDenied`; 404 when there is no such run.
    """
    try:
        return courseware.enter(request.user, run, now(), noauth=noauth)
    except RunMissing as error:
        raise Http404(str(error)) from error


def in_course(view: CourseView[P]) -> Callable[..., HttpResponse]:
    """Turns ``view(request, visitor, ...)`` into a view of ``(request, run, ...)`` that answers refusals itself."""

    @wraps(view)
    def guarded(request: HttpRequest, run: CourseLocator, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            visitor = visitor_of(request, run)
            response = view(request, visitor, *args, **kwargs)
        except AccessDenied as denied:
            response = refuse(request, run, denied)
        if "Cache-Control" in response:
            patch_cache_control(response, private=True)
        else:
            response["Cache-Control"] = KEPT_NOWHERE
        return response

    return guarded


def signed_in(view: CourseView[P]) -> Callable[..., HttpResponse]:
    """Below :func:`in_course`: pages about one person, which a visitor of a public course cannot have."""

    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if visitor.viewer.user_id is None:
            raise AccessDenied(_("Sign in to see this page."), "authentication_required")
        return view(request, visitor, *args, **kwargs)

    return guarded


def refuse(request: HttpRequest, run: CourseLocator | None, denied: AccessDenied) -> HttpResponse:
    """Answers a refusal: the way to sign in, the about page, or a page (JSON for scripts) with the reason."""
    if denied.code == "authentication_required":
        return ask_to_sign_in(request)
    status = 404 if denied.code in MISSING else 403
    if is_background(request):
        return told(request, str(denied), denied.code, status)
    if denied.code in ABOUT and run is not None:
        messages.info(request, str(denied))
        return HttpResponseRedirect(reverse("about", args=[run]))
    return refusal_page(request, str(denied), status=status, run=run)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sends a person to the sign-in page and back; tells a script (401) where that is, so that what was typed stays."""
    sign_in = f"{reverse('account_login')}?{urlencode({'next': way_back(request)})}"
    if not is_background(request):
        return HttpResponseRedirect(sign_in)
    words = _("You are not signed in. What you typed stays on this page: sign in, then send it again.")
    response = JsonResponse({"error": words, "code": "authentication_required", "sign_in": sign_in}, status=401)
    response["WWW-Authenticate"] = 'Session realm="Lykeion"'  # RFC 9110 §15.5.2 asks for one
    return response


def told(request: HttpRequest, words: str, code: str, status: int) -> HttpResponse:
    """Answers a script: ``{"error", "code"}``; where htmx asks, the page shows the words as well."""
    response = JsonResponse({"error": words, "code": code}, status=status)
    if "HX-Request" in request.headers:
        response["HX-Trigger"] = json.dumps({"toast": {"text": words}})  # ASCII, as headers must be
    return response


def way_back(request: HttpRequest) -> str:
    """The page the person is on: this one, or for what scripts and forms send the page they were sent from."""
    if request.method == "GET" and not is_background(request):
        return request.get_full_path()
    referer = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    there = urlsplit(referer)
    path = escape_leading_slashes(there.path)  # "//name" would be another site
    return path + (f"?{there.query}" if there.query else "")


def is_background(request: HttpRequest) -> bool:
    """Whether a script asks (fetch, htmx, XMLHttpRequest), not a person who follows a link or sends a form."""
    headers = request.headers
    if "HX-Request" in headers:
        return "HX-Boosted" not in headers
    if headers.get("X-Requested-With") == "XMLHttpRequest":
        return True
    mode = headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode != "navigate"
    return "text/html" not in headers.get("Accept", "text/html")


def refusal_page(request: HttpRequest, reason: str, *, status: int, run: CourseLocator | None = None) -> HttpResponse:
    """The page of ``status`` (400, 403 or 404) with ``reason`` in its own words."""
    context = {"error_page": f"{int(status)}.html", "reason": reason, "run_key": run}
    return render(request, "learn/refusal.html", context, status=status)
