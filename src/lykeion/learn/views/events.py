"""``/event``: what pages tell the tracking log (openedx.md §9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lykeion.events import api as events
from lykeion.events.types import BadEvent

MAX_BYTES = 1_000_000


@never_cache
@require_http_methods(["GET", "POST"])
def event(request: HttpRequest) -> HttpResponse:
    """Writes one event (``event_type``, ``event``, ``page``) or several (``events``: a JSON list of such, each with its
    ``time`` and all with ``sent`` by the browser's clock)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return HttpResponse("Events come from pages of this site only.", status=403, content_type="text/plain")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return HttpResponse("At most 1 MB of events at once.", status=413, content_type="text/plain")
    try:
        events.emit_browser(_sent(request), sent=request.POST.get("sent"))
    except BadEvent as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    return HttpResponse("success", content_type="text/plain")


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
