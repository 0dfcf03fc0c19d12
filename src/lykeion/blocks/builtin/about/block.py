"""A text of the course's about page."""

from __future__ import annotations

from xblock.completable import XBlockCompletionMode

from lykeion.blocks.builtin.html.block import HtmlBlock


class AboutBlock(HtmlBlock):
    """A text of the course's about page: HTML outside of the units, so it is never completed."""

    completion_mode = XBlockCompletionMode.EXCLUDED
