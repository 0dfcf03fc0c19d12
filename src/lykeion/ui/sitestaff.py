"""Pages for those who run the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from lykeion.ui.answers import KEPT_NOWHERE, ask_to_sign_in

P = ParamSpec("P")


def for_site_staff(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Sends visitors to the sign-in page and refuses everybody who does not run the site."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if not (request.user.is_staff or request.user.is_superuser):
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = KEPT_NOWHERE
        return response

    return guarded
