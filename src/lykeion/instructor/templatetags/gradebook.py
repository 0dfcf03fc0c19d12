"""The cells of the gradebook: a page has thousands of them, so they are written without a template for each."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lykeion.core.whole import whole as read_whole
from lykeion.teaching.api.gradebook import BookLine
from lykeion.ui.templatetags.ui import icon, short_number

register = template.Library()


@register.filter
def whole(text: str) -> int | None:
    """The whole number that ``text`` says; none where it says none."""
    return read_whole(text or "")


@register.simple_tag
def grade_cells(line: BookLine) -> SafeString:
    """Write the cells of one learner's line, each a link to what it is made of: beside the page, so a short one."""
    start, language = f'<td><a href="gradebook/{line.learner.user_id}/', get_language()
    return mark_safe(  # noqa: S308  numbers, and texts escaped in what is called
        "".join(
            f'{start}{_address(column.ref)}"{_words(cell.earned, cell.possible, cell.overridden, language)}</a></td>'
            if cell is not None and cell.possible
            else f'{start}{_address(column.ref)}"{_nothing(language)}</a></td>'
            for column, cell in line.cells
        )
    )


@lru_cache(maxsize=4096)
def _address(ref: str) -> str:
    return escape(quote(ref, safe="@"))


@lru_cache(maxsize=4096)
def _words(earned: float, possible: float, overridden: bool, language: str | None) -> str:
    """The rest of a link: the same points stand in many cells."""
    points = "/".join(short_number(round(number, 2), language) for number in (earned, possible))
    return f">{points}" + (f" {icon('edit', _('overridden'))}" if overridden else "")


@lru_cache(maxsize=64)
def _nothing(_language: str | None) -> str:
    return f' aria-label="{escape(_("not attempted"))}">&ndash;'
