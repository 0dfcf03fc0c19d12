"""Text that authors write as HTML: every byte that nobody changed stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final

from django.utils.translation import gettext as _

from lykeion.authoring.api import components
from lykeion.authoring.types import Author, AuthoringError
from lykeion.authoring.versions import fields_at
from lykeion.content.types import Json, ObjectId

__all__ = ["MODES", "as_typed", "changes", "mode_of", "save", "with_endings_of"]

MODES: Final = ("visual", "raw")
LARGEST: Final = 4 << 20  # characters
_END: Final = re.compile(r"(\r\n|\r|\n)")


def mode_of(fields: Mapping[str, Json]) -> str:
    """How a text wants to be edited: ``visual``, or ``raw`` for those whose source is to be kept by hand."""
    return "raw" if fields.get("editor") == "raw" else "visual"


def as_typed(value: Json) -> str:
    """A text as a form shows it: browsers know one kind of line end."""
    return (value if isinstance(value, str) else "").replace("\r\n", "\n").replace("\r", "\n")


def save(author: Author, ref: str, form: Mapping[str, str], *, base: ObjectId | None, at: datetime) -> ObjectId:
    """Saves what a form says of a text: ``data``, ``display_name`` and ``editor``, each if it is there and says
    something else than the version ``base`` does; the version the text then has.

    Raises :class:`~lykeion.content.types.ChangedMeanwhile`, :class:`AuthoringError` for what cannot be.
    """
    seen = fields_at(author, ref, base)
    return components.save(author, ref, changes(seen, form), base=base, at=at)


def changes(seen: Mapping[str, Json], form: Mapping[str, str]) -> dict[str, Json]:
    """What ``form`` says otherwise than the fields that its author saw. Raises :class:`AuthoringError`."""
    values: dict[str, Json] = {}
    if "data" in form and as_typed(form["data"]) != as_typed(seen.get("data")):
        values["data"] = _checked(with_endings_of(seen.get("data"), form["data"]))
    if "display_name" in form and form["display_name"] != (seen.get("display_name") or ""):
        values["display_name"] = form["display_name"].strip()
    if "editor" in form and form["editor"] != mode_of(seen):
        if form["editor"] not in MODES:
            raise AuthoringError(
                _("A text is edited as “visual” or “raw”, not as “{mode}”.").format(mode=form["editor"])
            )
        values["editor"] = form["editor"]
    return values


def _checked(text: str) -> str:
    if len(text) > LARGEST:
        words = _("This text is too long: {most} characters are the most. Put what is large into files.")
        raise AuthoringError(words.format(most=LARGEST))
    if "\0" in text:
        raise AuthoringError(_("This text holds a NUL character, which cannot be stored. Take it out."))
    return text


def with_endings_of(before: Json, typed: str) -> str:
    """``typed``, as a browser sends it, with the line ends that its lines had in ``before``; new ones get the usual."""
    text, old = as_typed(typed), before if isinstance(before, str) else ""
    if "\r" not in old:
        return text
    were, are = _lines(old), text.split("\n")
    usual = max(("\r\n", "\n", "\r"), key=[end for _, end in were].count)
    ends = [usual] * len(are)
    matcher = SequenceMatcher(None, [line for line, _ in were], are, autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            ends[block.b + step] = were[block.a + step][1] or usual
    return "".join(line + end for line, end in zip(are[:-1], ends, strict=False)) + are[-1]


def _lines(text: str) -> list[tuple[str, str]]:
    """Lines with their ends; the last has none."""
    parts = [*_END.split(text), ""]
    return list(zip(parts[::2], parts[1::2], strict=True))
