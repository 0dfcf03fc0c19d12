"""A page of a course beside its outline."""

from __future__ import annotations

from xblock.completable import XBlockCompletionMode

from lykeion.blocks.builtin.html.block import HtmlBlock


class StaticTabBlock(HtmlBlock):
    """A page of a course beside its outline: HTML outside of the units, so it is never completed."""

    completion_mode = XBlockCompletionMode.EXCLUDED
