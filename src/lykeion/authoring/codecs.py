"""Settings as the texts of a form: what a field shows, and what its text means.

``show`` turns a stored value into the text of a form, ``read`` the text into what is stored; it raises ``ValueError``
with words for the author. What Open edX stores is what is stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.authoring.saving import UNSET, Unset
from lykeion.content import api as content
from lykeion.content.types import Json

_LOCAL: Final = "%Y-%m-%dT%H:%M"
_UNITS: Final = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
_DURATION: Final = re.compile(r"(\d+)\s*(day|hour|minute|second)s?")


@dataclass(frozen=True, slots=True)
class Codec:
    """How one kind of value is shown and read. ``zone`` is the author's."""

    show: Callable[[Json, tzinfo], str]
    read: Callable[[str, tzinfo], Json | Unset]


def _show_text(value: Json, _zone: tzinfo) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _show_date(value: Json, zone: tzinfo) -> str:
    try:
        moment = content.parse_date(value)
    except content.BadDate:
        return ""
    return "" if moment is None else moment.astimezone(zone).strftime(_LOCAL)


def _read_date(text: str, zone: tzinfo) -> Json | Unset:
    if not text.strip():
        return UNSET
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(_("“{text}” is no date with a time, such as 2027-03-01T09:00.").format(text=text)) from error
    return stored_date(local if local.tzinfo else local.replace(tzinfo=zone))


def stored_date(moment: datetime) -> str:
    """A moment as courses keep it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _show_truth(value: Json, _zone: tzinfo) -> str:
    return "true" if value is True or str(value).lower() == "true" else ""


def _read_truth(text: str, _zone: tzinfo) -> Json:
    return text.strip().lower() in {"true", "on", "1"}


def number(*, whole: bool = False, least: float | None = None, most: float | None = None) -> Codec:
    """Numbers, perhaps within bounds; an empty text is not set."""

    def read(text: str, _zone: tzinfo) -> Json | Unset:
        if not text.strip():
            return UNSET
        try:
            found = int(text) if whole else float(text.replace(",", "."))
        except ValueError as error:
            words = _("“{text}” is no whole number.") if whole else _("“{text}” is no number.")
            raise ValueError(words.format(text=text)) from error
        if (least is not None and found < least) or (most is not None and found > most) or found != found:
            raise ValueError(_bounds(least, most))
        return int(found) if found == int(found) and not _is_huge(found) else found

    return Codec(lambda value, _zone: "" if value is None else str(value), read)


def _is_huge(found: float) -> bool:
    return abs(found) > 1e15


def _bounds(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return _("This must be a number from {least} to {most}.").format(least=f"{least:g}", most=f"{most:g}")
    if least is not None:
        return _("This must be a number from {least} up.").format(least=f"{least:g}")
    return _("This must be a number up to {most}.").format(most=f"{most or 0:g}")


def text(*, most: int | None = None, needed: bool = False) -> Codec:
    """Text on one line or more. An empty one is not set."""

    def read(given: str, _zone: tzinfo) -> Json | Unset:
        found = given.strip().replace("\r\n", "\n")
        if needed and not found:
            raise ValueError(_("This cannot be empty."))
        if most is not None and len(found) > most:
            words = _("This has {count} characters; it may have {most}.")
            raise ValueError(words.format(count=len(found), most=most))
        return found or UNSET

    return Codec(_show_text, read)


def choice(*values: str) -> Codec:
    """One of a few words; '' is not set."""

    def read(given: str, _zone: tzinfo) -> Json | Unset:
        if given and given not in values:
            raise ValueError(_("“{text}” is none of: {values}.").format(text=given, values=", ".join(values)))
        return given or UNSET

    return Codec(_show_text, read)


def of_shape(wanted: type[list[Any]] | type[dict[str, Any]]) -> Codec:
    """JSON lists or objects. What is no JSON is told with its line."""

    def show(value: Json, _zone: tzinfo) -> str:
        return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)

    def read(given: str, _zone: tzinfo) -> Json | Unset:
        if not given.strip():
            return UNSET
        found = read_json(given)
        if not isinstance(found, wanted):
            words = _("This must be a list: [ … ].") if wanted is list else _("This must be an object: { … }.")
            raise ValueError(words)
        return found

    return Codec(show, read)


def read_json(given: str) -> Json:
    """JSON, without NaN and infinity. Raises ``ValueError`` with the line."""

    def refuse(name: str) -> Json:
        raise ValueError(_("{name} is no number to count with.").format(name=name))

    try:
        return json.loads(given, parse_constant=refuse)
    except json.JSONDecodeError as error:
        words = _("Line {line}, column {column}: this is no JSON ({why}).")
        raise ValueError(words.format(line=error.lineno, column=error.colno, why=error.msg)) from error
    except RecursionError as error:
        raise ValueError(_("This is nested too deeply.")) from error


def read_duration(given: str, _zone: tzinfo) -> Json | Unset:
    """``2 days 3 hours``, or ``3:30`` in hours and minutes."""
    found = given.strip().lower()
    if not found:
        return UNSET
    clock = re.fullmatch(r"(\d{1,5}):([0-5]\d)", found)
    if clock:
        return duration(int(clock[1]) * 3600 + int(clock[2]) * 60) or UNSET
    if _DURATION.sub("", found).strip(" ,"):
        raise ValueError(_("“{text}” is no length of time, such as “2 days 3 hours” or “51:00”.").format(text=given))
    return duration(seconds_of(found)) or UNSET


def duration(seconds: int) -> str:
    """A length of time as courses keep it: ``1 days 2 hours``; '' for none."""
    words = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count} {unit}s")
    return " ".join(words)


def seconds_of(stored: Json) -> int:
    """How long a stored length of time is."""
    sizes = dict(_UNITS)
    return sum(int(count) * sizes[unit] for count, unit in _DURATION.findall(str(stored or "").lower()))


DATE: Final = Codec(_show_date, _read_date)
TRUTH: Final = Codec(_show_truth, _read_truth)
DURATION: Final = Codec(_show_text, read_duration)
TEXT: Final = text()
LIST: Final = of_shape(list)
OBJECT: Final = of_shape(dict)


def lines(value: Json) -> Sequence[str]:
    """A stored list of texts, without what is none."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def entries(value: Json) -> list[Mapping[str, Json]]:
    """A stored list of objects, without what is none."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
