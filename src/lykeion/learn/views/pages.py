"""Authors' own pages of a run, and the learner's bookmarks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from lykeion.blocks.api import placed_html
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, BookmarkLine, Visitor
from lykeion.events import api as events
from lykeion.events.types import BookmarksListedPayload
from lykeion.learn.addresses import bookmark_url, unit_url
from lykeion.learn.frame import frame, tabs_of
from lykeion.learn.guards import in_course, signed_in

HEADING = re.compile(r"<h[1-6][^<>]*>(.{1,200}?)</h[1-6]", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class BookmarkRow:
    """A bookmark with its addresses ('' when the unit is gone)."""

    line: BookmarkLine
    url: str
    remove_url: str
    event: str = ""


@in_course
def static_tab(request: HttpRequest, visitor: Visitor, slug: str) -> HttpResponse:
    """A page of the authors."""
    tab = next((tab for tab in tabs_of(visitor.outline) if tab.slug == slug), None)
    if tab is None or (tab.staff_only and not visitor.is_staff):
        raise AccessDenied(_("This course has no page of that name."), "not_found")
    page = courseware.page(visitor, slug)
    context = {**frame(visitor, slug), "title": tab.name, "titled": has_title(page.html, tab.name), "page": page}
    return render(
        request, "learn/page.html", {**context, "head": placed_html(page, "head"), "foot": placed_html(page, "foot")}
    )


def has_title(html: str, title: str) -> bool:
    """Whether the first heading of an author's page says its name already: then the page needs no other."""
    found = HEADING.search(html)
    return found is not None and strip_tags(found.group(1)).strip().casefold() == title.strip().casefold()


@in_course
@signed_in
def bookmarks(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The learner's bookmarks in this run, newest first."""
    rows = [bookmark_row(line, visitor) for line in courseware.bookmarks(visitor)]
    _tell_listed(visitor, len(rows))
    return render(request, "learn/bookmarks.html", {**frame(visitor, "bookmarks"), "rows": rows})


def bookmark_row(line: BookmarkLine, visitor: Visitor) -> BookmarkRow:
    """``line`` with the addresses of its unit and of taking the bookmark away, and what is told of a click."""
    if line.ref is None:
        return BookmarkRow(line, "", "")
    outline, event = visitor.outline, json.dumps(courseware.bookmark_event(visitor, line.ref))
    return BookmarkRow(line, unit_url(outline, line.ref), bookmark_url(outline.run, line.ref), event)


def _tell_listed(visitor: Visitor, count: int) -> None:
    """All are on one page here, so the page is as large as there may be bookmarks."""
    run = visitor.run.key
    event: BookmarksListedPayload = {
        "course_id": str(run),
        "list_type": "per_course",
        "bookmarks_count": count,
        "page_number": 1,
        "page_size": courseware.MOST_BOOKMARKS,
    }
    events.emit("edx.bookmark.listed", event, course_id=run, at=visitor.at)
