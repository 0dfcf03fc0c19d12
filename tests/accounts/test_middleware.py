"""Pages in the person's own language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from lykeion.accounts.middleware import preferences, zone
from lykeion.accounts.models import User


def seen_by(user: object) -> str:
    """What a view below the middleware would speak and which zone it would use."""
    seen: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(f"{translation.get_language()} {timezone.get_current_timezone_name()}")
        return HttpResponse()

    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = "there is one"
    request.user = user  # type: ignore[assignment]
    run: Callable[[HttpRequest], HttpResponse] = preferences(view)
    with translation.override("en"):
        run(request)
    return seen[0]


def test_a_person_sees_their_language_and_zone(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "German")]

    assert seen_by(User(language="de", time_zone="Europe/Athens")) == "de Europe/Athens"


def test_a_person_without_preferences_and_a_visitor_see_the_site_s() -> None:
    assert seen_by(User()) == "en UTC"
    assert seen_by(AnonymousUser()) == "en UTC"


def test_a_language_the_site_does_not_speak_is_left_alone(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English")]

    assert seen_by(User(language="de")) == "en UTC"


def test_the_zone_ends_with_the_request() -> None:
    seen_by(User(time_zone="Asia/Tokyo"))

    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize("name", ["", "Mars/Base", "../../etc/passwd", "\0"])
def test_an_unknown_zone_is_the_site_s(name: str) -> None:
    assert zone(name) == ZoneInfo("UTC")
