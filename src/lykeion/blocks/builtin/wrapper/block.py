"""A plain group of blocks, from old courses."""

from __future__ import annotations

from lykeion.blocks.builtin.container import Container


class WrapperBlock(Container):
    """A plain group of blocks, from old courses."""
