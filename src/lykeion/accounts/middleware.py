"""Pages in the person's own language and time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


def preferences(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django middleware; belongs after the user's. Loads the user only where there is a session.

    Dates are rendered in the person's zone; their language wins over the browser's.
    """

    def prefer(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return get_response(request)
        _speak(request.user.language)
        with timezone.override(zone(request.user.time_zone)):
            return get_response(request)

    return prefer


def _speak(language: str) -> None:
    if language and language in dict(settings.LANGUAGES):
        translation.activate(language)  # LocaleMiddleware starts every request afresh


@lru_cache(maxsize=1024)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of this name; the site's own for an empty or unknown one."""
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
