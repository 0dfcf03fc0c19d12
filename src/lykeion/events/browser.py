"""Events that pages send: which shapes and sizes are let in (openedx.md §9.1, §9.3). All of it is hostile input."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import orjson

from lykeion.events.types import VIDEO_NAMES, BadEvent, BrowserEvent

MAX_EVENTS = 100
MAX_COURSES = 5  # in a batch, which is of one page: who names more is no browser, and the others are left out
MAX_EVENT_CHARACTERS = 50_000
MAX_PAGE_CHARACTERS = 2_000
MAX_AGE = 24 * 3600.0  # seconds; a laptop sleeps with a page open
MAX_CLOCK = 8.64e15  # milliseconds: what JavaScript calls a date
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/ -]{0,254}\Z")
_NEXT, _PREVIOUS, _TAB = (f"edx.ui.lms.sequence.{way}_selected" for way in ("next", "previous", "tab"))
_SEQUENCE = {_NEXT: "seq_next", _PREVIOUS: "seq_prev", _TAB: "seq_goto"}


def parse_browser_events(body: Sequence[Mapping[str, Any]], sent: float | None = None) -> list[BrowserEvent]:
    """``[{"event_type", "event", "page", "time"}, ...]`` as values; ``time`` and ``sent`` are milliseconds of the
    browser's clock, and may be missing. Raises :class:`BadEvent` saying what is wrong."""
    if len(body) > MAX_EVENTS:
        raise BadEvent(f"At most {MAX_EVENTS} events at once; these are {len(body)}.")
    return [_parse(item, sent) for item in body]


def clock(value: object) -> float | None:
    """Milliseconds of a browser's clock, as it sent them; None for none. Raises :class:`BadEvent`."""
    if value is None or value == "":
        return None
    try:
        said = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        said = math.nan
    if not 0 <= said <= MAX_CLOCK:
        raise BadEvent("A time is a number of milliseconds since 1970.")
    return said


def _parse(item: Mapping[str, Any], sent: float | None) -> BrowserEvent:
    if not isinstance(item, Mapping):
        raise BadEvent("An event is an object with event_type, event and page.")
    name = item.get("event_type")
    if not isinstance(name, str) or not _NAME.match(name):
        raise BadEvent("event_type is missing, longer than 255 characters or holds other signs than letters and _.:/-")
    event_type, event = _with_legacy_name(name, _text(item.get("event", "")))
    page, age = _page(item.get("page", "")), _age(clock(item.get("time")), sent)
    return BrowserEvent(name=name, event_type=event_type, event=event, page=page, age=age)


def _age(happened: float | None, sent: float | None) -> float:
    """Seconds between two readings of one clock; 0 where it was set in between, or says what cannot be."""
    age = 0.0 if happened is None or sent is None else (sent - happened) / 1000
    return age if 0 <= age <= MAX_AGE else 0.0


def _text(event: Any) -> str:
    text = event if isinstance(event, str) else _written(event)
    if len(text) > MAX_EVENT_CHARACTERS:
        raise BadEvent(f"An event has at most {MAX_EVENT_CHARACTERS} characters; this one has {len(text)}.")
    return text


def _written(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError as error:
        raise BadEvent(f"An event is JSON that is not nested too deep: {error}.") from error


def _page(page: Any) -> str:
    if not isinstance(page, str) or len(page) > MAX_PAGE_CHARACTERS:
        raise BadEvent(f"page is the address of the page, at most {MAX_PAGE_CHARACTERS} characters.")
    try:
        return page if urlsplit(page).scheme in {"http", "https", ""} else ""
    except ValueError:  # such as http://[
        return ""


def _with_legacy_name(name: str, event: str) -> tuple[str, str]:
    if name in VIDEO_NAMES:
        return VIDEO_NAMES[name], event
    if name not in _SEQUENCE:
        return name, event
    payload = _payload(event)
    move = _move(name, payload)
    if move is None:
        return name, event
    return _SEQUENCE[name], _written(payload | {"old": move[0], "new": move[1]})


def _payload(event: str) -> dict[str, Any]:
    try:
        payload = orjson.loads(event)
    except orjson.JSONDecodeError:
        return {}
    return payload if isinstance(payload, dict) else {}


def _move(name: str, payload: Mapping[str, Any]) -> tuple[int, int] | None:
    """From which tab to which, or None when the step leaves the sequence (then the name stays as it is)."""
    here, count, there = (payload.get(key) for key in ("current_tab", "tab_count", "target_tab"))
    if not isinstance(here, int):
        return None
    if name == _TAB:
        return (here, there) if isinstance(there, int) else None
    if name == _NEXT:
        return (here, here + 1) if isinstance(count, int) and here < count else None
    return (here, here - 1) if here > 1 else None
