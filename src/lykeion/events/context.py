"""What an event can know of the request it happens in."""

from __future__ import annotations

import hmac
import re
from contextvars import ContextVar
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest

from lykeion.events.types import RequestFacts

_COURSE = re.compile(r"/courses/(course-v1:([^/+]+)\+[^/+]+\+[^/+]+)(?:/|\Z)")
_BLOCK = re.compile(r"/xblock/block-v1:(([^/+]+)\+[^/+]+\+[^/+]+)\+type@")
_SECRET_PATH = re.compile(r"/account/(?:confirm-email|password/reset/key)/|/mail/unsubscribe/")
_NOTHING = RequestFacts()
_AWAY = "_lykeion_turned_away"

_request: ContextVar[HttpRequest | None] = ContextVar("lykeion_events_request", default=None)


def enter(request: HttpRequest | None) -> None:
    """From here on events of this thread or task belong to ``request`` (None: to no request)."""
    _request.set(request)


def facts() -> RequestFacts:
    """The facts of the present request; empty ones outside a request (jobs, commands)."""
    request = _request.get()
    return _NOTHING if request is None else facts_of(request)


def facts_of(request: HttpRequest) -> RequestFacts:
    """The facts of ``request``. Never loads the user: who was not asked for is not named."""
    meta = request.META
    user = getattr(request, "_cached_user", None)
    course_id, org_id = course_of(request.path_info)
    return RequestFacts(
        username="" if user is None else user.get_username(),
        user_id=None if user is None else user.pk,
        session=session_digest(request.session.session_key or "") if hasattr(request, "session") else "",
        ip=client_ip(request),
        agent=meta.get("HTTP_USER_AGENT", ""),
        host=meta.get("HTTP_HOST", ""),
        referer=without_secrets(meta.get("HTTP_REFERER", "")),
        accept_language=meta.get("HTTP_ACCEPT_LANGUAGE", ""),
        path=without_secrets(request.path_info),
        course_id=course_id,
        org_id=org_id,
    )


def turn_away(request: HttpRequest) -> None:
    """Notes that ``request`` is not let into the course that it names."""
    setattr(request, _AWAY, True)


def is_turned_away(request: HttpRequest) -> bool:
    """Whether somebody noted that."""
    return hasattr(request, _AWAY)


def client_ip(request: HttpRequest) -> str:
    """Where a request came from; behind our own proxy, what the proxy saw (the last entry it added)."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if forwarded and settings.ENV["LYKEION_TRUST_PROXY"]:
        return str(forwarded.rpartition(",")[2].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def course_of(path: str) -> tuple[str, str]:
    """``(course_id, org_id)`` named by a decoded path below ``/courses/``, else two empty texts."""
    found = _COURSE.match(path)
    return (found[1], found[2]) if found else ("", "")


def course_of_page(address: str) -> tuple[str, str]:
    """As :func:`course_of`, for the full address of a page; also that of a block by itself."""
    path = unquote(urlsplit(address).path)
    block = _BLOCK.match(path)
    return (f"course-v1:{block[1]}", block[2]) if block else course_of(path)


def session_digest(key: str) -> str:
    """32 hex digits that tell sessions apart and do not open them (openedx.md §9.1)."""
    if not key:
        return ""
    return hmac.digest(settings.SECRET_KEY.encode(), key.encode(), "md5").hex()


def without_secrets(address: str) -> str:
    """``address`` without the keys of links from mails (they would let a reader of the log reset passwords, or
    act as who got the mail)."""
    found = _SECRET_PATH.search(address)
    return address if found is None else address[: found.end()] + "********"
