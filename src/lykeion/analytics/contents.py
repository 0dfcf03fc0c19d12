"""What there is in a course to be opened, tried and played. Pure: pages read this without any engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import usage_text

SUBSECTION: Final = 2
"""The depth of subsections."""


def subsections(outline: Outline) -> Iterator[tuple[OutlineBlock, OutlineBlock]]:
    """Each subsection after its section."""
    section = outline.blocks[0]
    for block in outline.blocks:
        if block.depth == SUBSECTION - 1:
            section = block
        elif block.depth == SUBSECTION:
            yield section, block


def there(outline: Outline, section: OutlineBlock, part: OutlineBlock) -> Iterator[tuple[str, str]]:
    """The units (``page``), problems and videos of a subsection: kind, and how ``engagement`` calls it."""
    for position in range(1, len(part.children) + 1):
        yield "page", f"{section.id}/{part.id}/{position}"
    for block in outline.subtree(part):
        if block.type == "problem":
            yield "problem", usage_text(outline.run, block.ref)
        elif block.type == "video":
            yield "video", block.id


def player(outline: Outline, video: str) -> OutlineBlock | None:
    """The block that events call ``video``. They hold the last part of its key alone, and blocks of several types may
    share that: a video comes first, then (players of other packages) the first that has the name."""
    found = outline.get(f"video@{video}")
    if found is None and video in outline.by_id:
        found = outline.blocks[outline.by_id[video]]
    return found
