"""Dates as courses write them.

Forms found in real exports: ``2013-02-05T05:00:00Z``, the same in JSON quotes or with an offset, without seconds or
zone, ``Nov 9 23:00 EST 2012``, milliseconds since 1970. As in Open edX (``xmodule/fields.py``, ``Date``) a date without
a zone is in UTC, and one that leaves out its year, month or day is no date.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from dateutil import parser

from lykeion.content.types import Json
from lykeion.core.clock import within_reach

# Zones of mail: RFC 5322, 4.3
_HOURS: Final = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}  # RFC 5322, 4.3
_ZONES: Final = {name: hours * 3600 for name, hours in _HOURS.items()} | {"UTC": 0, "GMT": 0, "UT": 0, "Z": 0}
_SEEDS: Final = (datetime(2000, 5, 25), datetime(2004, 6, 20))  # told apart by what a text leaves out
_LONGEST: Final = 100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class BadDate(ValueError):
    """A value that should be a date and is not one."""


def parse_date(value: Json) -> datetime | None:
    """The moment that ``value`` names, aware and in UTC; None for no date (None, ``""``). Raises :class:`BadDate`.

    One before the year 1000 or after 9000, which authors write for "always" and "never", is the nearest in between.
    """
    found = _parse(value)
    return None if found is None else within_reach(found)


def _parse(value: Json) -> datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_milliseconds(value)
    raise BadDate(f"{value!r} is not a date")


@lru_cache(maxsize=4096)
def _parse_text(text: str) -> datetime | None:
    bare = text.strip().strip('"').strip()
    if not bare:
        return None
    try:
        found = datetime.fromisoformat(bare) if len(bare) > 8 else _parse_loosely(bare)
    except ValueError:
        found = _parse_loosely(bare)
    return _in_utc(found, text)


def _parse_loosely(text: str) -> datetime:
    if len(text) > _LONGEST:
        raise BadDate(f"{text[:40]!r}... is not a date")
    try:
        one, other = (parser.parse(text, default=seed, tzinfos=_zone) for seed in _SEEDS)
    except (ValueError, OverflowError, TypeError) as error:
        raise BadDate(f"{text!r} is not a date") from error
    if one != other:
        raise BadDate(f"{text!r} leaves out the year, the month or the day")
    assert isinstance(one, datetime)  # noqa: S101  # the library has no types
    return one


def _zone(name: str | None, offset: int | None) -> int:
    """Seconds from UTC: of the offset, else of a zone that mail knows; other names count as UTC."""
    return offset if offset is not None else _ZONES.get(name or "", 0)


def _in_utc(found: datetime, text: str) -> datetime:
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError as error:
        raise BadDate(f"{text!r} is out of range") from error


def _from_milliseconds(number: float) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=number)
    except (OverflowError, ValueError) as error:
        raise BadDate(f"{number!r} is out of range") from error
