"""A subsection: units in a sequence."""

from __future__ import annotations

from lykeion.blocks.builtin.container import Container


class SequentialBlock(Container):
    """A subsection: units in a sequence."""
