"""The course itself: the top of the tree."""

from __future__ import annotations

from lykeion.blocks.builtin.container import Container


class CourseBlock(Container):
    """The course itself: the top of the tree."""
