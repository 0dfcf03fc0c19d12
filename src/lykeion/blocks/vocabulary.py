"""What ``lykeion.olx`` asks about tags, answered from the installed classes."""

from __future__ import annotations

from functools import cache

from lykeion.blocks import registry
from lykeion.blocks.types import BlockProblem
from lykeion.olx.vocabulary import CONTAINERS, LEAVES


class InstalledVocabulary:
    """The tags that hold child blocks: OLX's own, and every installed block that says it has children."""

    def is_container(self, tag: str) -> bool:
        """Whether every child element of ``<tag>`` is a block of its own."""
        return is_container(tag)


@cache
def is_container(tag: str) -> bool:
    """Whether child elements of ``<tag>`` are blocks. A type that is not installed, or broken, is kept whole: no."""
    if tag in CONTAINERS:
        return True
    if tag in LEAVES:
        return False
    try:
        return bool(registry.installed.block_class(tag).has_children)
    except BlockProblem:
        return False


def shows_children(tag: str) -> bool:
    """Whether a block ``<tag>`` shows the blocks in it. Those that choose among them do not yet, and what is not
    installed cannot."""
    try:
        return bool(getattr(registry.installed.block_class(tag), "shows_children", True))
    except BlockProblem:
        return False
