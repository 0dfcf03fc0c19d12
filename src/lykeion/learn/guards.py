"""Who may come in: typed guards that hand a view its visitor, or answer in its place.

A refusal reads the same everywhere: a page for people who followed a link, JSON with the same words for scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.events import api as events
from lykeion.learn.masks import Worn, apart, put_on, remember, take_back, worn
from lykeion.ui.answers import KEPT_NOWHERE, ask_to_sign_in, is_background, told

P = ParamSpec("P")
CourseView = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]

# Refusals that the about page answers: it says when the course starts and how to enrol.
ABOUT = frozenset({"enrollment_required", "course_not_started"})
# Refusals that do not tell what is hidden from what is not there.
MISSING = frozenset({"not_found", "not_visible_to_user"})


def visitor_of(request: HttpRequest, run: CourseLocator, *, noauth: bool = False, under: Worn | None = None) -> Visitor:
    """The person of ``request`` (``noauth``: nobody, whatever the session says) in ``run`` now, ``under`` a mask.

    Raises :class:`AccessDenied`; 404 when there is no such run.
    """
    mask, copy = (under.mask, under.copy) if under is not None else (None, None)
    try:
        visitor = courseware.enter(request.user, run, now(), noauth=noauth, mask=mask, copy=copy)
    except RunMissing as error:
        raise Http404(str(error)) from error
    if visitor.mask is not mask:  # they are not of the team any more
        put_on(request, run, None)
    return visitor


def in_course(view: CourseView[P]) -> Callable[..., HttpResponse]:
    """Turns ``view(request, visitor, ...)`` into a view of ``(request, run, ...)`` that answers refusals itself."""

    @wraps(view)
    def guarded(request: HttpRequest, run: CourseLocator, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        under = worn(request, run)
        try:
            with apart(under):
                visitor = visitor_of(request, run, under=under)
                response = view(request, visitor, *args, **kwargs)
                take_back(visitor)
            remember(request, run, under)
        except AccessDenied as denied:
            response = refuse(request, run, denied, masked=under is not None)
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


def refuse(
    request: HttpRequest, run: CourseLocator | None, denied: AccessDenied, *, masked: bool = False
) -> HttpResponse:
    """Answers a refusal: the way to sign in, the about page, the survey, or a page (JSON for scripts) with the reason.

    Somebody ``masked`` stays on the page, which has the button that takes the mask off.
    """
    events.leave_out_course(request)
    if denied.code == "authentication_required":
        return ask_to_sign_in(request)
    status = 404 if denied.code in MISSING else 403
    if is_background(request):
        return told(request, str(denied), denied.code, status)
    if denied.code == "survey_required" and run is not None:
        return HttpResponseRedirect(reverse("survey", args=[run]))
    if denied.code in ABOUT and run is not None and not masked:
        messages.info(request, str(denied))
        return HttpResponseRedirect(reverse("about", args=[run]))
    first = reverse("jump_to", args=[run, usage_text(run, denied.ref)]) if run is not None and denied.ref else ""
    return refusal_page(request, str(denied), status=status, run=run, masked=masked, first=first)


def refusal_page(
    request: HttpRequest,
    reason: str,
    *,
    status: int,
    run: CourseLocator | None = None,
    masked: bool = False,
    first: str = "",
) -> HttpResponse:
    """The page of ``status`` (400, 403 or 404) with ``reason`` in its own words; ``first`` is the address of what must
    be done before."""
    page = f"{int(status)}.html"
    context = {"error_page": page, "reason": reason, "run_key": run, "masked": masked, "first": first}
    return render(request, "learn/refusal.html", context, status=status)
