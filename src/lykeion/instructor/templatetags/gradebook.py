"""Rows of the gradebook and of a learner's scores: a page has hundreds of them with thousands of cells, so they are
written without a template for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lykeion.core.whole import whole as read_whole
from lykeion.grades.types import Score
from lykeion.teaching.api.gradebook import Book, BookLine
from lykeion.teaching.api.work import Problem
from lykeion.ui.templatetags.ui import icon, percent, short_number

register = template.Library()


@register.filter
def whole(text: str) -> int | None:
    """The whole number that ``text`` says; none where it says none."""
    return read_whole(text or "")


@register.simple_tag
def grade_heads(book: Book) -> SafeString:
    """Write the heads of the columns of a page: of graded subsections, then of a teacher's own."""
    graded = (
        f'<th scope="col" class="number"><abbr title="{escape(one.title)}">{escape(one.label or one.title)}</abbr>'
        f'<span class="grades-title">{escape(one.title)}</span></th>'
        for one in book.columns
    )
    own = (f'<th scope="col">{escape(one.name)}</th>' for one in book.manual)
    return mark_safe("".join([*graded, *own]))  # noqa: S308  texts escaped above


@register.simple_tag
def grade_rows(book: Book, here: str) -> SafeString:
    """Write a row for each learner of a page; ``here`` is the address of the course's dashboard."""
    language = get_language()
    addresses = [_address(column.ref) for column in book.columns]
    places = {
        column.ref: (place, address)
        for place, (column, address) in enumerate(zip(book.columns, addresses, strict=True))
    }
    empty = [f'{address}"{_nothing(language)}</a></td>' for address in addresses]
    return mark_safe("".join(_row(line, places, empty, here, language) for line in book.lines))  # noqa: S308  escaped


@register.simple_tag
def score_rows(lines: Iterable[tuple[Problem, Score | None]], here: str) -> SafeString:
    """Write a row for each problem with its score; ``here`` is the address of the learner's work."""
    nothing, language = f'<p class="soft small">{escape(_("not answered"))}</p>', get_language()
    rows = (
        f'<li class="score-row"><div class="score-words"><a href="{here}/{_address(problem.ref)}">'
        f"{escape(problem.title)}</a></div>{_sum(score, language) if score else nothing}</li>"
        for problem, score in lines
    )
    return mark_safe("".join(rows))  # noqa: S308  numbers, and texts escaped above


def _sum(score: Score, language: str | None) -> str:
    return f'<p class="score-sum numbers"><strong>{_points(score.earned, score.possible, language)}</strong></p>'


def _row(
    line: BookLine, places: Mapping[str, tuple[int, str]], empty: list[str], here: str, language: str | None
) -> str:
    who = line.learner
    name = f'<span class="grades-name">{escape(who.full_name)}</span>' if who.full_name else ""
    letter = f" {escape(line.letter)}" if line.letter else ""
    return (
        f'<tr><th scope="row"><a href="{here}work/{who.user_id}">{escape(who.username)}</a>{name}</th>'
        f'<td class="number"><strong>{percent(line.percent)} %</strong>{letter}</td>'
        f"{_cells(line, places, empty, language)}{_own_cells(line, here)}</tr>"
    )


def _cells(line: BookLine, places: Mapping[str, tuple[int, str]], empty: list[str], language: str | None) -> str:
    """Each a link to what it is made of: beside the page, so a short one. Most are empty: only others are written."""
    ends = empty.copy()
    for ref, cell in line.cells.items():
        if cell.possible and ref in places:
            place, address = places[ref]
            ends[place] = _end(address, cell.earned, cell.possible, cell.overridden, language)
    start = f'<td><a href="gradebook/{line.learner.user_id}/'
    return start + start.join(ends) if ends else ""


def _own_cells(line: BookLine, here: str) -> str:
    start = f'<td class="grades-own"><a href="{here}gradebook/{line.learner.user_id}"'
    empty = f' aria-label="{escape(_("empty"))}">&ndash;' if line.manual else ""
    return "".join(f"{start}{f'>{escape(text)}' if text else empty}</a></td>" for text in line.manual)


@lru_cache(maxsize=4096)
def _address(ref: str) -> str:
    return escape(quote(ref, safe="@"))


@lru_cache(maxsize=16384)
def _end(address: str, earned: float, possible: float, overridden: bool, language: str | None) -> str:
    """The rest of a cell behind whose it is: the same points stand in many."""
    mark = f" {icon('edit', _('overridden'))}" if overridden else ""
    return f'{address}">{_points(earned, possible, language)}{mark}</a></td>'


@lru_cache(maxsize=4096)
def _points(earned: float, possible: float, language: str | None) -> str:
    return "/".join(short_number(round(number, 2), language) for number in (earned, possible))


@lru_cache(maxsize=64)
def _nothing(_language: str | None) -> str:
    return f' aria-label="{escape(_("not attempted"))}">&ndash;'
