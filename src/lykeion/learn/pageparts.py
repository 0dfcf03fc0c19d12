"""HTML of blocks put together without the template engine: a unit page is mostly this."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lykeion.content.types import Outline
from lykeion.courseware.types import UnitBlock, UnitPage, UnitTab
from lykeion.grades.types import Score
from lykeion.learn.addresses import unit_url
from lykeion.learn.templatetags.learn import points
from lykeion.ui.formtokens import with_token
from lykeion.ui.icons import icon_svg

TAB_SELECTED = "edx.ui.lms.sequence.tab_selected"
ICONS = {"problem": "problem", "video": "video", "other": "text"}


def unit_html(page: UnitPage, completion_url: str, token: str) -> SafeString:
    """The blocks of a unit in order, each in a frame; those that seeing completes tell ``completion_url``.

    ``token`` is for their forms, see :func:`with_token`.
    """
    seen = f' data-controller="completion" data-completion-url-value="{escape(completion_url)}"'
    html = with_token("".join(_framed(block, seen) for block in page.blocks), token)
    return mark_safe(html)  # noqa: S308  blocks write HTML; that is what they are for


def _framed(block: UnitBlock, seen: str) -> str:
    name, usage = escape(block.ref), escape(block.usage)
    if block.instead:
        ours = f'lang="{escape(get_language() or "")}" dir="auto"'  # around it is the language of the course
        words = f'<p class="unit-gate" {ours}>{icon_svg("lock")}<span>{escape(block.instead)}</span></p>'
        return f'<div class="unit-block" id="{name}">{words}</div>'
    counts = f'{seen} data-completion-usage-value="{usage}"' if block.view_completes and not block.complete else ""
    return f'<div class="unit-block" id="{name}"{counts}>{block.html}</div>'


def strip_html(tabs: Sequence[UnitTab], outline: Outline, event: Mapping[str, Any]) -> SafeString:
    """The units of a subsection as items of a list: icon, title, bookmark and tick, said in words as well.

    ``event`` is what the tracking log is told of a click, without ``target_tab``.
    """
    marked = f'<span class="sequence-bookmark">{icon_svg("bookmarked")}{_unseen(_("bookmarked"))}</span>'
    tick = f'<span class="sequence-tick" data-label="{escape(_("complete"))}">{icon_svg("check")}'
    said = tuple(event.items())
    html = "".join(
        _tab(tab, unit_url(outline, tab.ref), marked if tab.bookmarked else "", tick, (*said, ("target_tab", place)))
        for place, tab in enumerate(tabs, 1)
    )
    return mark_safe(html)  # noqa: S308  everything in it is escaped where it is put in


@lru_cache(maxsize=4096)
def _tab(tab: UnitTab, address: str, marked: str, tick: str, event: tuple[tuple[str, Any], ...]) -> str:
    title = escape(tab.title)
    state = (' aria-current="page"' if tab.current else "") + (" data-complete" if tab.complete else "")
    done = _unseen(_("complete")) if tab.complete else '<span class="visually-hidden"></span>'
    state += f' data-event="{TAB_SELECTED}" data-event-detail="{escape(json.dumps(dict(event)))}"'
    return (
        f'<li><a class="sequence-tab" href="{escape(address)}" title="{title}" data-sequence-target="tab"{state}>'
        f'{icon_svg(ICONS[tab.icon])}<span class="sequence-label">{title}</span>'
        f"{marked}{tick}{done}</span></a></li>"
    )


def _unseen(word: str) -> str:
    return f'<span class="visually-hidden">, {escape(word)}</span>'


def scores_html(scores: Iterable[tuple[str, Score]]) -> SafeString:
    """Scores of problems as items of a list, each with the title of its problem; '' for none."""
    language = get_language()
    html = "".join(
        _score(title, one.earned, one.possible, one.first_attempted is not None, language) for title, one in scores
    )
    return mark_safe(html)  # noqa: S308  titles are escaped, the rest is ours


@lru_cache(maxsize=8192)
def _score(title: str, earned: float, possible: float, attempted: bool, language: str | None) -> str:
    title, quiet = escape(title), "" if attempted else ' class="soft"'
    return (
        f'<li{quiet} title="{title}"><span class="visually-hidden">{title}: </span>'
        f"{escape(points(earned))}/{escape(points(possible))}</li>"
    )
