"""What frames every page of a run: its title and its tabs."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf.locale import LANG_INFO
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lykeion.content import api as content
from lykeion.content.types import Json, ObjectId, Outline
from lykeion.core.lru import WeightedCache
from lykeion.courseware import api as courseware
from lykeion.courseware.types import Visitor
from lykeion.learn.addresses import course_url, home_url, unit_url
from lykeion.learn.textbooks import Textbook, read_textbooks
from lykeion.ui.types import Link

_BOOKMARKS = '{"tool_name": "edx.bookmarks"}'
# Kinds of tabs in a course's ``tabs`` field that are pages of ours; courseware and course_info are course home.
PAGES = ("progress", "dates")
TEXTBOOKS = "pdf_textbooks"


@dataclass(frozen=True, slots=True)
class CourseTab:
    """One entry of the ``tabs`` of a course that has a page here."""

    kind: str
    name: str
    slug: str = ""
    staff_only: bool = False


_TABS: WeightedCache[ObjectId, tuple[CourseTab, ...]] = WeightedCache(256)
_HEADS: WeightedCache[tuple[Hashable, ...], SafeString] = WeightedCache(8_000_000, weigh=len)


def frame(visitor: Visitor, current: str) -> dict[str, Any]:
    """The context that ``learn/base.html`` needs; ``current`` is a page's name (home, unit, progress, dates, bookmarks)
    or a static tab's slug."""
    run = visitor.run
    return {
        "run": run,
        "visitor": visitor,
        "home_url": home_url(run.key),
        "course_head": _course_head(visitor, current),
        "in_words_of_course": language_attributes(run.language),
        **exam_bar(visitor),
        "course_notice": courseware.notice(visitor),
        **mask_bar(visitor),
    }


def exam_bar(visitor: Visitor) -> dict[str, Any]:
    """What the bar of a running exam needs; nothing while none runs."""
    clock = courseware.exam_clock(visitor)
    return {} if clock is None else {"exam_clock": clock, "exam_url": unit_url(visitor.outline, clock.ref)}


def mask_bar(visitor: Visitor) -> dict[str, Any]:
    """What the bar above a run's pages needs, with which the team looks as a learner; learners have none."""
    if not visitor.is_staff and visitor.mask is None:
        return {}
    name = courseware.mask_name(visitor, visitor.mask) if visitor.mask else ""
    is_person = visitor.mask is not None and visitor.mask.kind == "person"
    return {"can_mask": True, "mask_name": name, "is_person": is_person, "run_key": visitor.run.key}


def _course_head(visitor: Visitor, current: str) -> SafeString:
    """Title and tabs: the same for every learner of a version of the course, so made once for all of them."""
    run, kind = visitor.run, (visitor.is_staff, visitor.viewer.user_id is None)
    key = (run.key, visitor.outline.root, run.title, current, kind, get_language(), get_script_prefix())
    found = _HEADS.get(key)
    if found is None:
        tabs = course_links(visitor, "home" if current == "unit" else current)
        context = {"run": run, "home_url": home_url(run.key), "is_home": current == "home", "tabs": tabs}
        found = render_to_string("learn/parts/head.html", context)
        _HEADS.put(key, found)
    return found


@lru_cache(maxsize=256)
def language_attributes(code: str) -> SafeString:
    """``lang`` and ``dir`` for authors' text, whatever the language of the page around it; '' when nobody said."""
    if not code:
        return mark_safe("")
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.lower().partition("-")[0]) or {}
    return format_html(' lang="{}" dir="{}"', code, "rtl" if known.get("bidi") else "ltr")


def course_links(visitor: Visitor, current: str) -> list[Link]:
    """The tabs of a run for ``visitor``, in the order the authors gave them."""
    run = visitor.run.key
    words = {"progress": _("Progress"), "dates": _("Dates")}
    links = [Link(_("Course"), home_url(run), current=current == "home")]
    for tab in tabs_of(visitor.outline):
        if tab.staff_only and not visitor.is_staff:
            continue
        if tab.kind == "static_tab":
            links.append(Link(tab.name, course_url(run, f"{tab.slug}/"), current=current == tab.slug))
        elif tab.kind == TEXTBOOKS:
            address = course_url(run, f"pdfbook/{tab.slug}/")
            links.append(Link(tab.name, address, current=current == f"pdfbook/{tab.slug}"))
        elif visitor.viewer.user_id is not None:
            links.append(Link(words[tab.kind], course_url(run, tab.kind), current=current == tab.kind))
    if visitor.viewer.user_id is not None:
        here, address = current == "bookmarks", course_url(run, "bookmarks/")
        links.append(Link(_("Bookmarks"), address, here, event="edx.course.tool.accessed", event_detail=_BOOKMARKS))
    return links


def tabs_of(outline: Outline) -> tuple[CourseTab, ...]:
    """The tabs of the course at this root that have a page here (remembered: a root never changes)."""
    found = _TABS.get(outline.root)
    if found is None:
        course = content.nodes([outline.course.object_id])[outline.course.object_id]
        books = read_textbooks(course.fields.get("pdf_textbooks"))
        found = with_textbooks(read_tabs(course.fields.get("tabs")), course.fields.get("tabs"), books)
        _TABS.put(outline.root, found)
    return found


def read_tabs(listed: Json) -> tuple[CourseTab, ...]:
    """The entries of a ``tabs`` field that are pages of ours and not hidden; all of ours when the field is missing."""
    if not isinstance(listed, list):
        return tuple(CourseTab(kind, "") for kind in PAGES)
    entries = [entry for entry in listed if isinstance(entry, dict) and not entry.get("is_hidden")]
    return tuple(tab for entry in entries for tab in [_tab(entry)] if tab)


def with_textbooks(tabs: tuple[CourseTab, ...], listed: Json, books: tuple[Textbook, ...]) -> tuple[CourseTab, ...]:
    """``tabs`` with one for each textbook, where the authors put them; last if they said nothing about them."""
    own = tuple(CourseTab(TEXTBOOKS, book.title, str(place)) for place, book in enumerate(books))
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    place = next((place for place, one in enumerate(entries) if one.get("type") == TEXTBOOKS), None)
    if place is None:
        return (*tabs, *own)
    if entries[place].get("is_hidden"):
        return tabs
    before = len(read_tabs(entries[:place]))
    return (*tabs[:before], *own, *tabs[before:])


def _tab(entry: dict[str, Any]) -> CourseTab | None:
    kind, staff_only = str(entry.get("type", "")), bool(entry.get("course_staff_only"))
    slug = str(entry.get("url_slug") or "")
    if kind == "static_tab" and slug:
        return CourseTab(kind, str(entry.get("name") or slug), slug, staff_only)
    return CourseTab(kind, "", "", staff_only) if kind in PAGES else None
