"""When files of a draft were uploaded, as the log of the draft tells it: one read, however many files there are."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from lykeion.authoring.types import Author
from lykeion.content import api as content

_READ: Final = 1000  # moves of the draft
_SEVERAL: Final = re.compile(r"\d+ files \((.*)")
_OTHERWISE: Final = ("Imported", "Pulled", "Restored", "Rolled back", "Undid", "Discarded changes")
"""After these a path may hold another file: what was known of all paths is forgotten."""


def uploaded(author: Author) -> dict[str, datetime]:
    """The day of the last upload of each path. Files that are older than the log, came along with an import or were
    moved since have none."""
    found: dict[str, datetime] = {}
    for entry in reversed(content.history(author.run, "draft", limit=_READ)):
        verb, _colon, what = entry.why.partition(": ")
        if verb in _OTHERWISE:
            found.clear()
        elif verb == "Uploaded":
            found |= dict.fromkeys(_paths(what), entry.at)
        elif verb in ("Deleted", "Moved"):
            for path in _paths(what):
                found.pop(path, None)
    return found


def _paths(what: str) -> list[str]:
    """The paths that a move names; of very many the last may be cut short, and those behind it are missing."""
    several = _SEVERAL.match(what)
    if several is None:
        return [what.removeprefix("files/")] if what.startswith("files/") else []
    return several[1].removesuffix(")").split(", ")
