"""The rows of the outline: what is said of each block, in words and with an icon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lykeion.authoring.api import outline as rules
from lykeion.authoring.api.outline import Item
from lykeion.authoring.types import Author
from lykeion.core.clock import now

MOST: Final = 400  # rows that come at once; further lists load as one gets to them
_KINDS: Final[Mapping[str, Any]] = {
    "chapter": gettext_lazy("Section"),
    "sequential": gettext_lazy("Subsection"),
    "vertical": gettext_lazy("Unit"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A word about a block with its icon. ``tone`` is a colour that says the same again (``good``, ``warn``, '')."""

    text: str
    icon: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with those below it (None: they are not loaded)."""

    item: Item
    status: Mark
    marks: tuple[Mark, ...]
    notes: tuple[Mark, ...]
    rows: tuple[Row, ...] | None

    @property
    def kind(self) -> str:
        """What it is, for people who do not see how far it is indented."""
        return str(_KINDS.get(self.item.type) or self.item.type)


def rows(author: Author, ref: str, opened: frozenset[str] | None = frozenset()) -> tuple[Row, ...]:
    """The rows below ``ref``; with them those below what is ``opened`` (None: everything), up to ``MOST`` rows."""
    return _rows(ref, rules.tree(author, ref, opened, most=MOST))


def row(item: Item) -> Row:
    """The row of one block alone."""
    return _row(item, {})


def _rows(ref: str, tree: Mapping[str, Sequence[Item]]) -> tuple[Row, ...]:
    return tuple(_row(item, tree) for item in tree[ref])


def _row(item: Item, tree: Mapping[str, Sequence[Item]]) -> Row:
    below = _rows(item.ref, tree) if item.ref in tree else None
    at = now()
    return Row(item, status_of(item, at), _marks(item), _notes(item), below)


def status_of(item: Item, at: datetime) -> Mark:
    """How far learners have it at ``at``."""
    if item.status == "new":
        return Mark(_("Never published"), "edit")
    if item.status == "changed":
        return Mark(_("Unpublished changes"), "warning", "warn") if item.own else _below()
    if item.sight == "staff":
        return Mark(_("Published, for the team only"), "check")
    if item.opens is not None and item.opens > at:
        return Mark(_("Published, not released yet"), "clock")
    return Mark(_("Published and live"), "check-circle", "good")


def _below() -> Mark:
    return Mark(_("Unpublished changes below"), "down", "warn")


def _marks(item: Item) -> tuple[Mark, ...]:
    """Who does not see it, whatever is published."""
    held = item.held or {}
    found = []
    if held.get("visible_to_staff_only"):
        found.append(Mark(_("Staff only"), "lock"))
    elif item.fields.get("hide_from_toc") is True:
        found.append(Mark(_("Not in the table of contents"), "eye"))
    if held.get("group_access"):
        found.append(Mark(_("Some groups only"), "people"))
    return tuple(found)


def _notes(item: Item) -> tuple[Mark, ...]:
    """What its settings say, for those who plan the course."""
    held, fields = item.held or {}, item.fields
    found = []
    if "start" in fields and held.get("start") is not None:
        found.append(Mark(_("Released {date}").format(date=_day(held["start"])), "calendar"))
    if "due" in fields and held.get("due") is not None:
        found.append(Mark(_("Due {date}").format(date=_day(held["due"])), "clock"))
    if weeks := fields.get("relative_weeks_due"):
        found.append(
            Mark(ngettext("Due after {weeks} week", "Due after {weeks} weeks", weeks).format(weeks=weeks), "clock")
        )
    if fields.get("graded") is True and fields.get("format"):
        found.append(Mark(_("Graded as {kind}").format(kind=fields["format"]), "chart"))
    if fields.get("is_time_limited") is True:
        minutes = fields.get("default_time_limit_minutes")
        found.append(Mark(_("Timed exam, {minutes} minutes").format(minutes=minutes or "?"), "clock"))
    if fields.get("required_prereq"):
        found.append(Mark(_("Has a prerequisite"), "lock"))
    if fields.get("hide_after_due") is True:
        found.append(Mark(_("Hidden after the due date"), "eye"))
    return tuple(found)


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
