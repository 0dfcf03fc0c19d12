"""A problem bank: blocks of the course itself, of which each learner gets some."""

from __future__ import annotations

from xblock.fields import Scope, String

from lykeion.blocks.builtin.library_content.block import LibraryContentBlock


class ItemBankBlock(LibraryContentBlock):
    """Source: ``item_bank_block.py`` of Open edX: draws as ``library_content`` does."""

    display_name = String(default="Problem Bank", scope=Scope.settings)
