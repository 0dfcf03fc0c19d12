"""A section of a course."""

from __future__ import annotations

from lykeion.blocks.builtin.container import Container


class ChapterBlock(Container):
    """A section of a course."""
