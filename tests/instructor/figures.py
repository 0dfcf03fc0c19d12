"""What tests of analytics' pages ask alike."""

from __future__ import annotations

from lxml import html

from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator

AT = now()


def content_places(run: CourseLocator) -> tuple[str, str]:
    """The ids of the first section and the first subsection."""
    outline = content.outline(run)
    return tuple(next(block.id for block in outline.blocks if block.depth == depth) for depth in (1, 2))  # type: ignore[return-value]


def rows(page: bytes) -> list[list[str]]:
    """The cells of the last table of a page, without its head."""
    found = html.fromstring(page.decode()).xpath("(//table)[last()]//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in found]
