"""A unit: blocks one below the other."""

from __future__ import annotations

from lykeion.blocks.builtin.container import Container


class VerticalBlock(Container):
    """A unit: blocks one below the other."""
