"""The door of ``events``: say what happened; one line in the tracking log, after the change is committed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from lykeion.core.clock import now
from lykeion.events import context as request_context
from lykeion.events.browser import MAX_COURSES, parse_browser_events
from lykeion.events.browser import clock as browser_clock
from lykeion.events.context import course_of_page
from lykeion.events.envelope import browser_line, server_line
from lykeion.events.limiting import seconds_to_wait
from lykeion.events.lost import Lost, file_of, read_lost
from lykeion.events.sink import TrackingLog
from lykeion.events.types import Payload, RequestFacts

__all__ = [
    "client_ip",
    "emit",
    "emit_browser",
    "facts",
    "leave_out_course",
    "lost",
    "lost_by_all",
    "lost_file",
    "parse_browser_events",
    "seconds_to_wait",
]

logger = logging.getLogger(__name__)
_log = TrackingLog()

client_ip = request_context.client_ip
facts = request_context.facts


def emit(
    name: str,
    event: Payload | str,
    *,
    course_id: object = None,
    org_id: str | None = None,
    user_id: int | None = None,
    username: str | None = None,
    context: Mapping[str, Any] | None = None,
    event_type: str = "",
    page: str | None = None,
    at: datetime | None = None,
) -> None:
    """Writes one server event once the present transaction commits (at once without one; never if it rolls back).

    What is not given comes from the request: who, which course (from the address), session, ip. ``context`` holds
    further items such as ``module`` or ``asides``; ``page`` is ``"x_module"`` for what a block published. Where there
    is no request (in a job, in a command), ``context.job`` is true: whoever the event names did nothing just then.
    Never raises, never blocks on more than one ``write`` to a local file.
    """
    seen = request_context.facts()
    given = {"course_id": course_id and str(course_id), "org_id": org_id, "user_id": user_id, "username": username}
    known = {key: value for key, value in given.items() if value is not None}
    if course_id is not None and org_id is None:
        known["org_id"] = getattr(course_id, "org", None) or seen.org_id
    known.update(context or {})
    if not seen.path:
        known["job"] = True
    _after_commit(server_line(name, event, seen, at=at or now(), context=known, event_type=event_type, page=page))


def emit_browser(
    body: Sequence[Mapping[str, Any]],
    *,
    sees: Callable[[str], bool],
    sent: object = None,
    at: datetime | None = None,
) -> int:
    """Writes events that a page sent (see :mod:`events.browser`); returns how many. ``sent``: when, by its clock.

    A page may name any course: one that whoever sends it may not see (``sees``, asked once for each) is left out of the
    context, and nobody who reads the log counts the event for it. Raises :class:`BadEvent` before writing any when one
    of them has a shape or size that is not allowed.
    """
    clock = browser_clock(sent)
    found = parse_browser_events(body, clock)
    seen, at = request_context.facts(), at or now()
    skew = None if clock is None else round(clock / 1000 - at.timestamp(), 3)
    seen_courses: dict[str, bool] = {"": False}
    for event in found:
        course, org = course_of_page(event.page)
        if course not in seen_courses:
            seen_courses[course] = len(seen_courses) <= MAX_COURSES and sees(course)
        named = (course, org) if seen_courses[course] else ("", "")
        _after_commit(browser_line(event, seen, at=at, course=named, skew=skew))
    return len(found)


def leave_out_course(request: HttpRequest) -> None:
    """Whoever makes ``request`` is turned away from the course that its address names, though the answer's status does
    not say so: its implicit event counts for no course."""
    request_context.turn_away(request)


def emit_request(request: HttpRequest, seen: RequestFacts, event: str, *, at: datetime, refused: bool) -> None:
    """Writes the implicit event of a request (for the middleware); of one that was ``refused`` in no course."""
    context = {"course_id": "", "org_id": "", "received_at": at.isoformat(timespec="microseconds")} if refused else {}
    _write(server_line(seen.path, event, seen, at=at, context=context))


def lost() -> int:
    """How many events this process could not write since it started."""
    return _log.lost


def lost_by_all() -> Lost | None:
    """What all processes could not write since somebody removed the file in which it is counted; None for nothing."""
    return read_lost(settings.LYKEION_TRACKING_LOG)


def lost_file() -> Path:
    """The file in which lost events are counted."""
    return file_of(settings.LYKEION_TRACKING_LOG)


def _after_commit(line: bytes) -> None:
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(lambda: _write(line), robust=True)
    else:
        _write(line)


def _write(line: bytes) -> None:
    _log.write(settings.LYKEION_TRACKING_LOG, line, settings.LYKEION_TRACKING_MB << 20)
