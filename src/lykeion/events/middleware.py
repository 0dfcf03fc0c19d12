"""Tells events which request they belong to, and writes the implicit event of every request."""

from __future__ import annotations

import re
from collections.abc import Callable

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict

from lykeion.core.clock import now
from lykeion.events import context
from lykeion.events.api import emit_request

# What says nothing of learning, and what carries secrets in its address or form (openedx.md §9.1).
_IGNORED = re.compile(
    r"/(?:event|heartbeat|ready|static|assets|asset-v1:|xblock/resource|i18n|favicon|ui(?:/|\Z)"
    r"|xqueue/|courses/[^/]+/xqueue/"
    r"|account/(?:login|signup|reauthenticate|password|confirm-email|2fa))"
)
_SECRET = re.compile(r"pass|secret|token|otp|\bcode\b|\bkey\b", re.IGNORECASE)
_REFUSED = frozenset({401, 403, 404})
_MAX_CHARACTERS = 2_048
_SHORT = 64


def tracking(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django middleware; belongs after the session's and the user's."""

    def track(request: HttpRequest) -> HttpResponse:
        context.enter(request)
        try:
            response = get_response(request)
            if not _IGNORED.match(request.path_info):
                refused = response.status_code in _REFUSED or context.is_turned_away(request)
                emit_request(request, context.facts_of(request), _implicit(request), at=now(), refused=refused)
            return response
        finally:
            context.enter(None)

    return track


def _implicit(request: HttpRequest) -> str:
    """``{"GET": {...}, "POST": {...}}`` as text, secrets masked; long values are cut so that it stays JSON."""
    posted = getattr(request, "_post", None)  # only what the view parsed: a raw body may be an upload
    fields = {"GET": _shown(request.GET), "POST": {} if posted is None else _shown(posted)}
    text = orjson.dumps(fields, option=orjson.OPT_NON_STR_KEYS).decode()
    return text if len(text) <= _MAX_CHARACTERS else _cut(fields)


def _shown(values: QueryDict) -> dict[str, list[str]]:
    return {
        _clean(key): ["********"] if _SECRET.search(key) else [_clean(value) for value in found]
        for key, found in values.lists()
    }


def _clean(text: object) -> str:
    return str(text).encode("utf-8", "replace").decode()


def _cut(fields: dict[str, dict[str, list[str]]]) -> str:
    short = {
        kind: {key[:_SHORT]: [value[:_SHORT] for value in values[:5]] for key, values in list(found.items())[:20]}
        for kind, found in fields.items()
    }
    return orjson.dumps(short).decode()
