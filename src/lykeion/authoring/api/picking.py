"""What authors choose from while they write: files of the draft, and places in the course to link to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lykeion.authoring.api.outline import Item, items
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.content.types import StoredFile

__all__ = ["KINDS", "Choice", "files", "places"]

SHOWN: Final = 60
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("",),
    "image": ("image/",),
    "video": ("video/", "audio/", "application/vnd.apple.mpegurl", "application/x-mpegurl"),
}
"""What a chooser may ask for: the beginnings of content types."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Files to choose from, by name; ``more``: there are others."""

    files: tuple[StoredFile, ...]
    more: bool


def files(author: Author, text: str = "", *, kind: str = "", first: str = "") -> Choice:
    """Files of the draft whose path holds ``text``, of a kind of :data:`KINDS`; ``first`` stands at the top.

    Reads the table of files once, whatever their number.
    """
    wanted = text.casefold().strip()
    begins = KINDS.get(kind, KINDS[""])
    found = [
        file
        for path, file in content.files(author.root).items()
        if wanted in path.casefold() and file.content_type.startswith(begins)
    ]
    found.sort(key=lambda file: (file.path != first, file.path.casefold()))
    return Choice(tuple(found[:SHOWN]), len(found) > SHOWN)


def places(author: Author, parent: str) -> list[Item]:
    """What lies right below ``parent`` and can be linked to. Raises ``ContentError`` when there is no such block."""
    return items(author, parent)
