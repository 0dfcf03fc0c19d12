"""``/event``: what pages tell the tracking log (openedx.md §9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import blake2b
from typing import Any, Final

import orjson
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lykeion.core.clock import now
from lykeion.core.keys import BadKey, parse_run
from lykeion.courseware import api as courseware
from lykeion.events import api as events
from lykeion.events.types import BadEvent

MAX_BYTES = 1_000_000
REMEMBERED: Final = 300  # seconds


@never_cache
@require_http_methods(["GET", "POST"])
def event(request: HttpRequest) -> HttpResponse:
    """Writes one event (``event_type``, ``event``, ``page``) or several (``events``: a JSON list of such, each with its
    ``time`` and all with ``sent`` by the browser's clock)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return HttpResponse("Events come from pages of this site only.", status=403, content_type="text/plain")
    size = int(request.META.get("CONTENT_LENGTH") or 0) or len(request.META.get("QUERY_STRING", ""))
    if size > MAX_BYTES:
        return HttpResponse("At most 1 MB of events at once.", status=413, content_type="text/plain")
    at = now()
    try:
        sent = _sent(request)
        wait = events.seconds_to_wait(request.user.pk, events.client_ip(request), count=len(sent), size=size, at=at)
        if wait:
            return _too_many(wait)
        events.emit_browser(sent, sees=partial(_sees, request.user), sent=request.POST.get("sent"), at=at)
    except BadEvent as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    return HttpResponse("success", content_type="text/plain")


def _too_many(wait: int) -> HttpResponse:
    words = f"That were too many events in a minute; none of these was taken. Send the next ones in {wait} seconds."
    return HttpResponse(words, status=429, content_type="text/plain", headers={"Retry-After": str(wait)})


def _sees(user: AbstractBaseUser | AnonymousUser, course: str) -> bool:
    """Whether the course of a page is one that whoever sends its events may read. That they may is remembered for some
    minutes; that they may not is asked anew, for it ends when they enrol."""
    try:
        run = parse_run(course)
    except BadKey:
        return False
    key = blake2b(f"{user.pk} sees {run}".encode(), digest_size=16).hexdigest()
    if caches["events"].get(key):
        return True
    found = courseware.may_read(user, run, now())
    if found:
        caches["events"].set(key, True, REMEMBERED)
    return found


def _sent(request: HttpRequest) -> list[Mapping[str, Any]]:
    if request.method == "POST" and request.content_type == "application/json":
        return _list(request.body)
    fields = request.POST if request.method == "POST" else request.GET
    if "events" in fields:
        return _list(str(fields["events"]))
    return [{name: fields.get(name, "") for name in ("event_type", "event", "page")}]


def _list(text: bytes | str) -> list[Mapping[str, Any]]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadEvent(f"This is not JSON: {error}") from error
    return found if isinstance(found, list) else [found]
