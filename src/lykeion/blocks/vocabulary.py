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

    def is_known(self, tag: str) -> bool:
        """Whether some installed package brings ``<tag>``, be it broken."""
        try:
            registry.installed.block_class(tag)
        except registry.UnknownType:
            return False
        except BlockProblem:
            return True
        return True


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


def chooses(tag: str) -> bool:
    """Whether a block ``<tag>`` shows a learner only those of its children that were chosen for them. What is not
    installed shows none to anybody."""
    try:
        cls = registry.installed.block_class(tag)
    except BlockProblem:
        return True
    return bool(getattr(cls, "chooses", False)) or not getattr(cls, "shows_children", True)
