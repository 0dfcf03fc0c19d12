"""The files of a draft as a list: found, chosen, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lykeion.authoring.api import files
from lykeion.authoring.filedates import uploaded
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.content.types import StoredFile

__all__ = ["SHOWN", "SORTED", "Listing", "Wanted", "folder_of", "listing", "uploaded"]

_KEYS: Final[dict[str, Callable[[StoredFile], tuple[object, ...]]]] = {
    "name": lambda file: (file.path.rpartition("/")[2].casefold(), file.path),
    "folder": lambda file: (file.path.casefold(),),
    "size": lambda file: (-file.size, file.path),
    "type": lambda file: (file.content_type, file.path),
}
SORTED: Final = tuple(_KEYS)
SHOWN: Final = ("all", "images", "documents", "media", "locked", "unused")
_DOCUMENTS: Final = ("text/", "application/")
_MEDIA: Final = ("video/", "audio/")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: a part of the path, a folder, a kind (``SHOWN``), and an order (``SORTED``)."""

    text: str = ""
    folder: str | None = None
    show: str = "all"
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class Listing:
    """Files that were found, how many the draft has, and its folders with the number of files right in each."""

    files: list[StoredFile]
    total: int
    size: int
    folders: list[tuple[str, int]]


def listing(author: Author, wanted: Wanted) -> Listing:
    """The files of the draft that fit. Costs two reads; to find those that are not used costs as much as the course
    is large, the first time."""
    every = content.files(author.root)
    words = wanted.text.casefold().split()
    is_shown = _shown(author, wanted.show)
    found = [
        file
        for file in every.values()
        if (wanted.folder is None or folder_of(file.path) == wanted.folder)
        and all(word in file.path.casefold() for word in words)
        and is_shown(file)
    ]
    folders = Counter(folder_of(path) for path in every)
    found.sort(key=_KEYS.get(wanted.sort, _KEYS["name"]))
    return Listing(found, len(every), sum(file.size for file in every.values()), sorted(folders.items()))


def folder_of(path: str) -> str:
    """The folder that a file is in; '' at the top."""
    return path.rpartition("/")[0]


def _shown(author: Author, show: str) -> Callable[[StoredFile], bool]:
    if show == "unused":
        found = files.used(author)
        return lambda file: not found.count(file.path)
    kinds: dict[str, Callable[[StoredFile], bool]] = {
        "images": lambda file: file.content_type.startswith("image/"),
        "documents": lambda file: file.content_type.startswith(_DOCUMENTS),
        "media": lambda file: file.content_type.startswith(_MEDIA),
        "locked": lambda file: file.locked,
    }
    return kinds.get(show, lambda _file: True)
