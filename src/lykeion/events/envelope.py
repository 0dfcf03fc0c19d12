"""The envelope of a tracking event, byte for byte what Open edX's readers expect (openedx.md §9.1, §9.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from lykeion.events.context import without_secrets
from lykeion.events.types import BrowserEvent, Payload, RequestFacts

_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS


def server_line(
    name: str,
    event: Payload | str,
    facts: RequestFacts,
    *,
    at: datetime,
    context: Mapping[str, Any],
    event_type: str = "",
    page: str | None = None,
) -> bytes:
    """A line for something that happened on the server, in a job too (``task`` in Open edX is what its log of
    instructors' tasks says, not what it tracks in one); ``context`` adds to and overrides the request's."""
    return _line(name, event_type or name, event, facts, at, _context(facts, **context), "server", page)


def browser_line(
    sent: BrowserEvent, facts: RequestFacts, *, at: datetime, course: tuple[str, str], skew: float | None = None
) -> bytes:
    """A line for an event a page sent, in ``course`` (its key and its organisation; two empty texts for none).

    Its time is the site's: when it arrived (``received_at``) less how long it had waited to be sent. ``skew`` is by how
    many seconds the browser's clock is ahead of the site's, the way included; kept, and not relied on.
    """
    page = without_secrets(sent.page)
    course_id, org_id = course
    context = _context(facts, course_id=course_id, org_id=org_id, received_at=at.isoformat(timespec="microseconds"))
    if skew is not None:
        context["clock_skew"] = skew
    happened = at - timedelta(seconds=sent.age)
    return _line(sent.name, sent.event_type, sent.event, facts, happened, context, "browser", page)


def _context(facts: RequestFacts, **known: Any) -> dict[str, Any]:
    context: dict[str, Any] = {
        "course_id": facts.course_id,
        "org_id": facts.org_id,
        "user_id": facts.user_id,
        "path": facts.path,
    }
    context.update(known)
    if context["course_id"]:
        context.setdefault("course_user_tags", {})
    return context


def _line(
    name: str,
    event_type: str,
    event: Payload | str,
    facts: RequestFacts,
    at: datetime,
    context: dict[str, Any],
    source: str,
    page: str | None,
) -> bytes:
    username = context.pop("username", facts.username)
    envelope = {
        "name": name,
        "event_type": event_type,
        "event_source": source,
        "time": at.isoformat(timespec="microseconds"),
        "username": username,
        "context": context,
        "session": facts.session,
        "ip": facts.ip,
        "agent": facts.agent,
        "host": facts.host,
        "referer": facts.referer,
        "accept_language": facts.accept_language,
        "page": page,
        "event": event,
    }
    try:
        return orjson.dumps(envelope, default=_plain, option=_OPTIONS)
    except orjson.JSONEncodeError:  # half a surrogate pair from a browser, a whole number past 64 bits
        return _clumsy_line(envelope)


def _clumsy_line(envelope: dict[str, Any]) -> bytes:
    return json.dumps(envelope, default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return str(value)
