"""News of a course, newest first, and its handouts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.api.text import with_endings_of
from lykeion.authoring.codecs import entries
from lykeion.authoring.saving import check, edited, meanwhile, part_at, part_value, version
from lykeion.authoring.types import Author, AuthoringError, Capability, FieldError
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json, Node

__all__ = ["Update", "add", "handouts", "remove", "save_handouts", "save_update", "updates"]

UPDATES: Final = "info/updates"
HANDOUTS: Final = "info/handouts"
_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Update:
    """One piece of news. ``date`` is as learners read it, ``day`` the same as a date if it is one."""

    id: int
    date: str
    day: dt.date | None
    html: str
    base: str


def updates(author: Author) -> list[Update]:
    """The updates of the draft, newest first."""
    node = part_at(author.root, UPDATES)
    shown = [one for one in _items(node.fields if node else {}) if one.get("status") != "deleted"]
    return [_update(one) for one in sorted(shown, key=lambda one: -_number(one))]


def add(author: Author, *, day: dt.date, html: str, at: datetime) -> int:
    """A new update; its id."""
    require(author, Capability.EDIT)
    _check_text(html)

    def change(draft: Draft) -> int:
        items = _present(draft)
        new = max((_number(one) for one in items), default=0) + 1
        _set(draft, [*items, {"id": new, "date": words_of(day), "content": _clean(html), "status": "visible"}])
        return new

    return edited(author, change, at=at, why=f"Added: {UPDATES}").value


def save_update(author: Author, number: int, *, day: dt.date | None, html: str, base: str, at: datetime) -> Edited[str]:
    """Gives an update another date (None: the one it has) and text; its value is the version that it then has."""
    require(author, Capability.EDIT)
    _check_text(html)

    def change(draft: Draft) -> str:
        items = _present(draft)
        place = _place(items, number)
        wanted = {**items[place], "content": with_endings_of(items[place].get("content"), html)}
        if day is not None:
            wanted["date"] = words_of(day)
        if items[place] != wanted:
            check(UPDATES, "content", items[place], base)
        _set(draft, [*items[:place], wanted, *items[place + 1 :]])
        return version(wanted)

    return edited(author, change, at=at, why=f"Edited: {UPDATES}")


def remove(author: Author, number: int, *, at: datetime) -> Edited[None]:
    """Marks an update as deleted, as Open edX does. ``settings.take_back`` brings it back."""
    require(author, Capability.EDIT)

    def change(draft: Draft) -> None:
        items = _present(draft)
        place = _place(items, number)
        _set(draft, [*items[:place], {**items[place], "status": "deleted"}, *items[place + 1 :]])

    return edited(author, change, at=at, why=f"Removed: {UPDATES}")


def handouts(author: Author) -> tuple[str, str]:
    """The handouts of the draft as HTML, and their version."""
    node = part_at(author.root, HANDOUTS)
    html = str(node.fields.get("data") or "") if node else ""
    return html, version(html)


def save_handouts(author: Author, html: str, *, base: str, at: datetime) -> Edited[str]:
    """Gives the handouts another text; its value is the version that they then have."""
    require(author, Capability.EDIT)

    def change(draft: Draft) -> str:
        present = str(part_value(draft, HANDOUTS, "data") or "")
        wanted = with_endings_of(present, html)
        if base and version(present) != base and present != wanted:
            raise meanwhile(HANDOUTS, ["data"], version(present))
        node = draft.part(HANDOUTS) or Node("course_info", {})
        draft.set_part(HANDOUTS, Node(node.type, {**node.fields, "data": wanted}, node.children))
        return version(wanted)

    return edited(author, change, at=at, why=f"Edited: {HANDOUTS}")


def words_of(day: dt.date) -> str:
    """A date as Open edX writes it into updates: ``November 26, 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.day:02d}, {day.year}"


def day_of(words: str) -> dt.date | None:
    """The date that :func:`words_of` wrote; None for anything else."""
    month, _space, rest = words.strip().partition(" ")
    number, _comma, year = rest.partition(",")
    try:
        return dt.date(int(year), _MONTHS.index(month.capitalize()) + 1, int(number))
    except ValueError:
        return None


def _items(fields: Mapping[str, Json]) -> list[dict[str, Any]]:
    """The items of an updates page. Old courses have one HTML text instead: that is one item."""
    stored = fields.get("items")
    if isinstance(stored, list):
        return [dict(one) for one in entries(stored)]
    data = str(fields.get("data") or "").strip()
    return [{"id": 1, "date": "", "content": data, "status": "visible"}] if data and data != "<ol></ol>" else []


def _present(draft: Draft) -> list[dict[str, Any]]:
    node = draft.part(UPDATES)
    return _items(node.fields if node else {})


def _set(draft: Draft, items: list[dict[str, Any]]) -> None:
    node = draft.part(UPDATES) or Node("course_info", {})
    draft.set_part(UPDATES, Node(node.type, {**node.fields, "data": "", "items": items}, node.children))


def _place(items: list[dict[str, Any]], number: int) -> int:
    for place, one in enumerate(items):
        if _number(one) == number:
            return place
    raise AuthoringError(_("This update is not there any more."))


def _number(item: Mapping[str, Any]) -> int:
    number = item.get("id")
    return number if isinstance(number, int) else 0


def _update(item: Mapping[str, Any]) -> Update:
    words = str(item.get("date") or "")
    return Update(_number(item), words, day_of(words), str(item.get("content") or ""), version(item))


def _check_text(html: str) -> None:
    if not html.strip():
        raise FieldError(_("Write something: an update cannot be empty."), "html")


def _clean(html: str) -> str:
    return html.replace("\r\n", "\n").strip()
