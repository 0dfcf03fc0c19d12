"""Who may come in: a guard that hands a view its author, or answers in its place.

Every refusal and every failed change reads alike: a page for people who followed a link, JSON with the same words and a
``code`` for scripts (htmx shows the words, and leaves the form as it is).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.authoring.api import courses
from lykeion.authoring.types import Author, AuthoringError, Capability, NotAllowed, is_library
from lykeion.content.types import ChangedMeanwhile, ContentError, RefMoved, RunMissing
from lykeion.core.errors import LykeionError
from lykeion.core.keys import BadKey, Home
from lykeion.ui.answers import KEPT_NOWHERE, ask_to_sign_in, is_background, told

P = ParamSpec("P")
PersonView = Callable[Concatenate[HttpRequest, Person, P], HttpResponseBase]
AuthorView = Callable[Concatenate[HttpRequest, Author, P], HttpResponseBase]

_ANSWERS: Final[tuple[tuple[type[LykeionError], str, HTTPStatus], ...]] = (
    (NotAllowed, "not_allowed", HTTPStatus.FORBIDDEN),
    (RunMissing, "not_found", HTTPStatus.NOT_FOUND),
    (RefMoved, "busy", HTTPStatus.CONFLICT),
    (AuthoringError, "refused", HTTPStatus.UNPROCESSABLE_ENTITY),
    (ContentError, "not_found", HTTPStatus.NOT_FOUND),
    (BadKey, "not_found", HTTPStatus.NOT_FOUND),
)


def signed_in(view: PersonView[P]) -> Callable[..., HttpResponseBase]:
    """Turns ``view(request, person, ...)`` into a view that sends visitors to the sign-in page and answers errors."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person = accounts.person(request.user)
        if person is None:
            return ask_to_sign_in(request)
        return _answered(request, lambda: view(request, person, *args, **kwargs))

    return guarded


def in_course(
    needs: Capability = Capability.VIEW, *, libraries: bool = False
) -> Callable[[AuthorView[P]], Callable[..., HttpResponseBase]]:
    """Turns ``view(request, author, ...)`` into a view of ``(request, run, ...)`` for those who have ``needs``; with
    ``libraries`` it is a page of libraries, too."""

    def decorate(view: AuthorView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, run: Home, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = accounts.person(request.user)
            if person is None:
                return ask_to_sign_in(request)

            def enter_and_view() -> HttpResponseBase:
                if is_library(run) and not libraries:
                    raise ContentError(_("Libraries have no such page."))
                author = courses.enter(person, run)
                courses.require(author, needs)
                return view(request, author, *args, **kwargs)

            return _answered(request, enter_and_view)

        return guarded

    return decorate


def _answered(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        response = view()
    except ChangedMeanwhile as clash:
        response = _clash(request, clash)
    except (NotAllowed, RunMissing, RefMoved, AuthoringError, ContentError, BadKey) as error:
        code, status = next((code, status) for kind, code, status in _ANSWERS if isinstance(error, kind))
        response = refusal(request, str(error), code, status, field=getattr(error, "field", ""))
    if "Cache-Control" not in response:
        response["Cache-Control"] = KEPT_NOWHERE
    return response


def refusal(request: HttpRequest, words: str, code: str, status: int, *, field: str = "") -> HttpResponse:
    """A page, or JSON for scripts, with ``words``; ``field`` is the one of the form that they are about."""
    if is_background(request):
        return _also(told(request, words, code, status), {"error": words, "code": code, "field": field})
    return render(request, "studio/refusal.html", {"reason": words, "status": int(status)}, status=status)


def _clash(request: HttpRequest, clash: ChangedMeanwhile) -> HttpResponse:
    """Tells what somebody else changed meanwhile: ``fields``, and ``base``, the version to merge with. The dialog of
    ``views/clash.py`` tells who it was."""
    words = _("Somebody else changed this while you did: {fields}. Nothing was overwritten.").format(
        fields=", ".join(clash.fields)
    )
    if not is_background(request):
        return render(request, "studio/refusal.html", {"reason": words, "status": 409}, status=HTTPStatus.CONFLICT)
    more: dict[str, Any] = {"ref": clash.ref, "fields": clash.fields, "base": clash.present}
    response = told(request, words, "changed_meanwhile", HTTPStatus.CONFLICT)
    return _also(response, {"error": words, "code": "changed_meanwhile", **more})


def _also(response: HttpResponse, payload: dict[str, Any]) -> HttpResponse:
    """``response`` with ``payload`` in the place of its JSON."""
    response.content = JsonResponse(payload).content
    return response
