"""Updates or handouts of a course."""

from __future__ import annotations

from xblock.completable import XBlockCompletionMode

from lykeion.blocks.builtin.html.block import HtmlBlock


class CourseInfoBlock(HtmlBlock):
    """Updates or handouts of a course: HTML outside of the units, so it is never completed."""

    completion_mode = XBlockCompletionMode.EXCLUDED
