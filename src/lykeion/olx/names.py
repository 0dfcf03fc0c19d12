"""Names of blocks: what a node is called, which file that is, and how names stay unique."""

import hashlib
import re
from typing import Final

from lykeion.olx.markup import Node, serialise

LITTER: Final = re.compile(r"\._.*|.*~|\.DS_Store|Thumbs\.db|\.git|\.svn|\.hg|__MACOSX|__pycache__")
"""File and folder names that editors and systems leave behind; they are never part of a course."""
_OUTSIDE: Final = re.compile(r"[^\w\-~.:]")
_LONGEST: Final = 180  # bytes; file systems end at 255, with room for `.html` and a prefix
_NAMING: Final = ("url_name", "slug", "name", "display_name")


def given_name(node: Node) -> str:
    """The name an author gave a node, or "": url_name, else the old `slug` and `name`, else the display name."""
    return next((text for key in _NAMING if (text := node.get(key, "").strip())), "")


def clean(name: str) -> str:
    """A name that can be part of a usage key and of a path; characters that cannot become `_`.

    Raises nothing; a name that would climb out of its folder (`..`, empty parts between colons) or
    hide there loses its colons.
    """
    name = _OUTSIDE.sub("_", name)
    if ":" in name and any(part in ("", ".", "..") or LITTER.fullmatch(part) for part in name.split(":")):
        name = name.replace(":", "_")
    if name.startswith("._"):  # as a file it would be taken for litter
        name = "_" + name[2:]
    if len(name.encode()) > _LONGEST:
        digest = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:12]
        name = name.encode()[: _LONGEST - 13].decode(errors="ignore") + "_" + digest
    return name


def tag_of(node: Node) -> str:
    """The tag of a node as a block type: without a namespace, fit for a usage key and a path."""
    return clean(str(node.tag).rpartition("}")[2])


def fallback_name(node: Node, name: str = "") -> str:
    """A name from the content, as Open edX makes it: `tag_<sha1[:12]>` or `tag_name_<sha1[:12]>`."""
    digest = hashlib.sha1(serialise(node).encode(), usedforsecurity=False).hexdigest()[:12]
    tag = tag_of(node)
    return f"{tag}_{name}_{digest}" if name else f"{tag}_{digest}"


def path_of(tag: str, name: str, ending: str = ".xml") -> str:
    """The file of a definition, relative to the course folder: colons are folders."""
    return f"{tag}/{name.replace(':', '/')}{ending}"


class Names:
    """Which names are taken, by type, in one tree."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()

    def is_taken(self, tag: str, name: str) -> bool:
        """Whether another block of this type has the name."""
        return (tag, name) in self._taken

    def claim(self, tag: str, name: str, fallback: str) -> str:
        """Take `name` if it is free, else `fallback`, else `fallback_2`, and so on. Returns the name taken."""
        if (tag, name) in self._taken:
            name = self._free(tag, fallback)
        self._taken.add((tag, name))
        return name

    def _free(self, tag: str, name: str) -> str:
        if (tag, name) not in self._taken:
            return name
        number = 2
        while (tag, f"{name}_{number}") in self._taken:
            number += 1
        return f"{name}_{number}"
