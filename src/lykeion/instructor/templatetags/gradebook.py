"""The cells of the gradebook: a page has thousands of them, so they are written without a template for each."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lykeion.core.keys import CourseLocator
from lykeion.grades.types import BookCell
from lykeion.teaching.api.gradebook import BookLine
from lykeion.ui.templatetags.ui import icon, short_number

register = template.Library()


@register.simple_tag
def grade_cells(run: CourseLocator, line: BookLine) -> SafeString:
    """Write the cells of one learner's line, each a link to what it is made of."""
    start = reverse("instructor:grade_marks", args=[run, line.learner.user_id])  # each cell's address begins so
    language, absent = get_language(), escape(_("not attempted"))
    nothing = f'<span aria-hidden="true">&ndash;</span><span class="visually-hidden">{absent}</span>'
    return mark_safe(  # noqa: S308  numbers, and texts escaped here
        "".join(
            f'<td class="number"><a class="grades-cell" href="{start}/{_address(column.ref)}">'
            f"{_points(cell, language) if cell is not None and cell.possible else nothing}</a></td>"
            for column, cell in line.cells
        )
    )


@lru_cache(maxsize=4096)
def _address(ref: str) -> str:
    return escape(quote(ref, safe="@"))


def _points(cell: BookCell, language: str | None) -> str:
    earned, possible = (short_number(round(number, 2), language) for number in (cell.earned, cell.possible))
    return f"{earned}/{possible}" + (f" {icon('edit', _('overridden'))}" if cell.overridden else "")
