"""One line of a tracking log -> one row of the lake. Pure: no Django, no Arrow; executors of a cluster import it alone.

Rules and traps: analytics.md §1.0 (Open edX's own readers). Nothing that is an event is dropped: one whose payload is
not what its type promises becomes a row of ``other``, so that it still counts as activity. What is no event raises
:class:`Unreadable` with the reason. Names, addresses and IPs of learners are not taken over: rows know a number,
and what they typed into problems.
"""

from __future__ import annotations

from xxhash import xxh3_64_intdigest

from lykeion.analytics.envelope import (
    HALF,
    NO_CONTEXT,
    NOT_AS_PROMISED,
    Context,
    Envelope,
    Unreadable,
    course_of,
    decode,
    kept_type,
    moment,
    of_page,
    of_server,
    second_look,
    source_of,
    valid_course,
    whole,
)
from lykeion.analytics.payloads import PAGES, TELLING, Row, reading_of

Parsed = tuple[str, str, Row]
"""Kind, day (``2026-11-27``, UTC), values in the order of :data:`~lykeion.analytics.kinds.KINDS`."""


def parse(line: bytes) -> Parsed:
    """The row of one line. Raises :class:`Unreadable`: ``not-json``, ``not-an-event``, ``no-type``, ``no-time``.

    This says what a line is. Most lines are read by :mod:`~lykeion.analytics.columnar`, many at once; here come those
    that are in any way unusual.
    """
    try:
        event = decode(line)
    except NOT_AS_PROMISED:
        event = second_look(line)
    if not event.event_type:
        raise Unreadable("no-type")
    at = moment(event.time)
    day, context = at.isoformat()[:10], event.context or NO_CONTEXT
    event_id, course, user = id_of(line), course_of(event, context), whole(context.user_id)
    kind, own = _own(event, context)
    if kind in TELLING:
        course, user = about(course, user, own)
        own = own[2:]
    return kind, day, (event_id, at, course, user, kept_type(event.event_type), source_of(event), *own)


def id_of(line: bytes) -> int:
    """The number of an event: that of its line, so that what is delivered twice has one."""
    digest = xxh3_64_intdigest(line)
    return digest if digest < HALF else digest - 2 * HALF


def about(course: str | None, user: int | None, own: Row) -> tuple[str | None, int | None]:
    """Course and person that the payload tells; those of the envelope where it tells none."""
    told, person = own[0], own[1]
    return valid_course(told) if told else course, whole(person) or user


def _own(event: Envelope, context: Context) -> tuple[str, Row]:
    """The kind of an event, and what its kind alone has. A payload that is not what its type promises, also when it is
    taken the other way (as a text from a server, as an object from a browser), makes it a row of ``other``."""
    known = reading_of(event.event_type, event.event_source)
    for payload_of in (of_page, of_server) if event.event_source in PAGES else (of_server, of_page):
        try:
            own = known.read(payload_of(event), context, event.event_type)
        except NOT_AS_PROMISED:
            continue
        return (known.kind, own) if own is not None else ("other", ())
    return "other", ()
