"""Who may come in: a guard that hands a view its teacher, or answers in its place.

Every refusal and every failed change reads alike: a page for people who followed a link, JSON with the same words and a
``code`` for scripts (htmx shows the words, and leaves the form as it is).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from lykeion.accounts import api as accounts
from lykeion.content.types import RunMissing
from lykeion.core.errors import LykeionError
from lykeion.core.keys import CourseLocator
from lykeion.teaching.api import courses
from lykeion.teaching.types import Capability, NotAllowed, Teacher, TeachingError
from lykeion.ui.answers import KEPT_NOWHERE, ask_to_sign_in, is_background, told

P = ParamSpec("P")
TeacherView = Callable[Concatenate[HttpRequest, Teacher, P], HttpResponseBase]

_ANSWERS: Final[tuple[tuple[type[LykeionError], str, HTTPStatus], ...]] = (
    (NotAllowed, "not_allowed", HTTPStatus.FORBIDDEN),
    (RunMissing, "not_found", HTTPStatus.NOT_FOUND),
    (TeachingError, "refused", HTTPStatus.UNPROCESSABLE_ENTITY),
)


def in_course(needs: Capability = Capability.VIEW) -> Callable[[TeacherView[P]], Callable[..., HttpResponseBase]]:
    """Turns ``view(request, teacher, ...)`` into a view of ``(request, run, ...)`` for those who have ``needs``."""

    def decorate(view: TeacherView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, run: CourseLocator, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = accounts.person(request.user)
            if person is None:
                return ask_to_sign_in(request)
            try:
                teacher = courses.enter(person, run)
                courses.require(teacher, needs)
                response = view(request, teacher, *args, **kwargs)
            except (RunMissing, TeachingError) as error:
                response = refusal(request, error)
            if "Cache-Control" not in response:
                response["Cache-Control"] = KEPT_NOWHERE
            return response

        return guarded

    return decorate


def refusal(request: HttpRequest, error: LykeionError) -> HttpResponse:
    """A page, or JSON for scripts, with the words of ``error``."""
    code, status = next((code, status) for kind, code, status in _ANSWERS if isinstance(error, kind))
    if is_background(request):
        return told(request, str(error), code, status)
    return render(request, "instructor/refusal.html", {"reason": str(error), "status": int(status)}, status=status)
