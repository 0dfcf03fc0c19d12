"""Shows one of its children, picked at random for each learner."""

from __future__ import annotations

from xblock.fields import Integer, Scope

from lykeion.blocks.builtin.choosing import ChoosingBlock


class RandomizeBlock(ChoosingBlock):
    """Source: ``randomize_block.py`` of Open edX."""

    choice = Integer(default=None, scope=Scope.user_state)
    """The place of the picked child, from 0; the host picks."""
