"""What all events of a tracking log have: type, source, time, course, person (analytics.md §1.0). Pure, see
:mod:`~lykeion.analytics.parse`."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec

MOST_NAME: Final = 512
HALF: Final = 1 << 63
_RUN: Final = r"[^/+\s?#&]+\+[^/+\s?#&]+\+[^/+\s?#&]+"
_KEY: Final = rf"(?:course-v1:{_RUN}|ccx-v1:{_RUN}\+ccx@\d+)"
"""A course by its new key, or what a coach made of one for some learners (``ccx``)."""
_COURSE: Final = re.compile(rf"(?:{_KEY}|[^/+\s:?#&]+/[^/+\s:?#&]+/[^/+\s:?#&]+)\Z")
_IN_BLOCK: Final = re.compile(rf"/xblock/(?:(ccx)-)?block-v1:({_RUN}(?(1)\+ccx@\d+))\+type@")
_IN_PATH: Final = re.compile(rf"/courses/({_KEY})")
_IN_FRONT_END: Final = re.compile(rf"/courses?/({_KEY})")
"""Of the learning front end too, whose pages are ``/learning/course/KEY/...``. Servers' own addresses of that kind are
those of Studio, where authors work."""
_OLD: Final = r"(?!v\d+/|(?:course|ccx)-v1)"
_IN_OLD_PATH: Final = re.compile(
    r"(?:https?://[^/?#]*)?(?:/api/[\w-]+/v\d+)?"
    rf"/courses/({_OLD}[^/+\s:?#&]+/[^/+\s:?#&]+/[^/+\s:?#&]+)(?=[/?#]|\Z)"
)
_IN_COURSE: Final = rf"/courses/(?:(?:course|ccx)-v1:[^/]+|{_OLD}[^/]+/[^/]+/[^/]+)"
_OF_PLACE: Final = re.compile(rf"{_IN_COURSE}/(?:courseware|jump_to|jump_to_id)(?:/|\Z)")
_BEGINNING: Final = re.compile(rf"(?:{_IN_COURSE})?(?:/[\w.-]*/?)?")
_PERSONAL: Final = "account|api|certificates|courses|dashboard|profile|u"
_OURS: Final = re.compile(rf"(?:(?:https?:)?//[^/?#]*)?(?=/(?:{_PERSONAL})(?:[/?#]|\Z))", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(
    r"(?!https?:|(?:asset|block|ccx|ccx-block|course|library)-v1:|i4x:)[a-z][a-z0-9+.-]*:", re.IGNORECASE
)
_from_iso: Final = datetime.fromisoformat
Person = int | float | str | None
"""How events number people; :func:`whole` says which number it is."""
NOT_AS_PROMISED: Final = (msgspec.DecodeError, UnicodeDecodeError, ValueError, TypeError, RecursionError)
"""What reading raises on a line or a payload that is not what it should be (the last: thousands of brackets)."""


class Unreadable(Exception):
    """A line that is no event; ``reason`` is a word to count by."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Module(msgspec.Struct, gc=False):
    """``context.module``."""

    display_name: str | None = None


class Context(msgspec.Struct, gc=False):
    """``context``, as far as the lake keeps it."""

    course_id: str | None = None
    user_id: Person = None
    module: Module | None = None
    asides: msgspec.Raw = msgspec.Raw(b"null")
    received_at: msgspec.Raw = msgspec.Raw(b"null")
    job: Any = None


class Envelope(msgspec.Struct, gc=False):
    """What all events have; the payload stays as it is until its kind is known."""

    event_type: str = ""
    event_source: str = ""
    time: str = ""
    context: Context | None = None
    page: str | None = None
    event: msgspec.Raw = msgspec.Raw(b"null")


NO_CONTEXT: Final = Context()
decode: Final = msgspec.json.Decoder(Envelope).decode
decode_any: Final = msgspec.json.Decoder().decode
_decode_text: Final = msgspec.json.Decoder(str).decode


def of_server(event: Envelope) -> Any:
    """The payload as JSON: servers send it as it is."""
    return event.event


def of_page(event: Envelope) -> Any:
    """The payload as JSON: browsers send it as a text."""
    return _decode_text(event.event) or "{}"


def moment(text: str) -> datetime:
    """When an event was, in UTC without a zone. Raises :class:`Unreadable`: ``no-time``."""
    try:
        at = _from_iso(text[:-6]) if text.endswith("+00:00") else _in_utc(text)
    except (ValueError, OverflowError) as error:
        raise Unreadable("no-time") from error
    if not 2000 <= at.year < 2100:
        raise Unreadable("no-time")
    return at


def _in_utc(text: str) -> datetime:
    at = _from_iso(text)
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)


def second_look(line: bytes) -> Envelope:
    """A line with something before its JSON, or fields of other types than they should be. Raises :class:`Unreadable`:
    ``not-json``, ``not-an-event``, ``no-type``."""
    start, whole_line = line.find(b"{"), line.rstrip()
    if start < 0 or not whole_line.endswith(b"}"):
        raise Unreadable("not-an-event" if _is_json(whole_line) else "not-json")
    try:  # the library's own reader takes halves of characters, which browsers send, and NaN, which Python writes
        found = json.loads(whole_line[start:], parse_constant=_nothing)
        text = json.dumps(found, ensure_ascii=False)
        known = decode_any(text.encode("utf-8", "replace"))
        payload = msgspec.json.encode(known.get("event"))
    except NOT_AS_PROMISED as error:
        raise Unreadable("not-json") from error
    if not isinstance(known.get("event_type"), str):
        raise Unreadable("no-type" if "time" in known else "not-an-event")
    return Envelope(
        event_type=known["event_type"],
        event_source=_string(known.get("event_source")),
        time=_string(known.get("time")),
        context=_context(known.get("context")),
        page=_string(known.get("page")),
        event=msgspec.Raw(payload),
    )


def _nothing(_name: str) -> None:
    """What NaN and infinities are, which are no JSON."""


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except NOT_AS_PROMISED:
        return False
    return True


def _context(known: Any) -> Context:
    if not isinstance(known, dict):
        return NO_CONTEXT
    module, user = known.get("module"), known.get("user_id")
    return Context(
        course_id=_string(known.get("course_id")),
        user_id=user if isinstance(user, int | float | str) and not isinstance(user, bool) else None,
        module=Module(_string(module.get("display_name"))) if isinstance(module, dict) else None,
        asides=msgspec.Raw(msgspec.json.encode(known.get("asides"))),
        received_at=msgspec.Raw(msgspec.json.encode(known.get("received_at"))),
        job=known.get("job"),
    )


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def course_of(event: Envelope, context: Context) -> str | None:
    """The course that its context names; else that of its address."""
    return valid_course(context.course_id) if context.course_id else course_of_address(event)


def course_of_address(event: Envelope) -> str | None:
    """The course of an event that names none: that of its address. Not where the site that wrote it looked and left it
    out (``received_at`` says so): whoever caused it may not see that course."""
    if event.context is not None and bytes(event.context.received_at) != b"null":
        return None
    if event.event_source == "server":
        return _course_of(event.event_type)
    return _course_of(event.page or "", is_page=True) if event.event_source == "browser" else None


def source_of(event: Envelope) -> str:
    """Where an event comes from: ``task`` too when a job of this site caused it (``context.job``), for whoever is named
    in it did nothing then, and is not active by it."""
    context = event.context
    if context is not None and context.job is True and event.event_source == "server":
        return "task"
    return event.event_source


@lru_cache(8_192)
def valid_course(text: str) -> str | None:
    """``text`` as the key of a course; None when it is none."""
    text = text.rstrip("\r\n")
    return text if len(text) <= 255 and _COURSE.match(text) else None


@lru_cache(8_192)
def _course_of(address: str, *, is_page: bool = False) -> str | None:
    """The course that an address names: by a block, else by its own path. Three words of an old key could be any: they
    are one where a path begins, and where one of the API is of courses."""
    address = address.replace("%2B", "+").replace("%3A", ":").replace("%40", "@")
    found = _IN_BLOCK.search(address)
    if found:
        return f"{found[1] or 'course'}-v1:{found[2]}"
    found = _IN_OLD_PATH.match(address) or (_IN_FRONT_END if is_page else _IN_PATH).search(address)
    return found[1] if found else None


def kept_type(name: str) -> str:
    """A type of event as the lake keeps it: see :func:`kept_path`."""
    return (kept_path(name) if name.startswith("/") else name)[:MOST_NAME]


def kept_path(path: str) -> str:
    """A path as far as it names nobody: whole where it is that of a place in a course, else its first word (in a course
    the one after its key), for later ones may be numbers and names of people (``/courses/KEY/progress/7``)."""
    return path if _OF_PLACE.match(path) else _BEGINNING.match(path)[0]  # type: ignore[index]  # at least nothing


def kept_target(link: str) -> str:
    """Where a link leads, as far as it names nobody: as :func:`kept_path` where sites like this one have courses and
    people (``/courses/``, ``/u/``, ...); of letters, calls and whatever else is no page the first word, ``mailto:``."""
    link = "".join(link.split())  # as browsers read it
    other = _OTHER_SCHEME.match(link)
    if other:
        return other[0][:MOST_NAME]
    ours = _OURS.match(link)
    return (link[: ours.end()] + kept_path(link[ours.end() :]) if ours else link)[:MOST_NAME]


def whole(value: Any) -> int | None:
    """The number of a person, whole, from a number or its text; None without one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
    return value if isinstance(value, int) and 0 < value < HALF else None
