"""A PDF textbook, read in the browser: ``/courses/RUN/pdfbook/BOOK/chapter/CHAPTER/PAGE``, as in Open edX."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lykeion.content import api as content
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.learn.frame import TEXTBOOKS, frame, tabs_of
from lykeion.learn.guards import in_course
from lykeion.learn.textbooks import Chapter, Textbook, read_textbooks


@in_course
def textbook(
    request: HttpRequest, visitor: Visitor, book: int, chapter: int = 1, page: int | None = None
) -> HttpResponse:
    """One chapter (from 1) of a textbook (from 0), opened at ``page``, and the list of all its chapters."""
    courseware.check_reading(visitor)
    found = _book(visitor, book)
    if found is None or not 1 <= chapter <= len(found.chapters):
        raise AccessDenied(_("This course has no such textbook or chapter."), "not_found")
    context = shown_context(visitor, found, book, chapter, page)
    return render(request, "learn/textbook.html", {**frame(visitor, f"pdfbook/{book}"), **context})


def shown_context(visitor: Visitor, book: Textbook, number: int, chapter: int, page: int | None) -> dict[str, Any]:
    """What the page of a chapter shows: that of textbook ``number``, opened at ``page``."""
    shown = book.chapters[chapter - 1]
    return {
        "book": book,
        "number": number,
        "chapters": [(place, one, _told(visitor, one)) for place, one in enumerate(book.chapters, start=1)],
        "chapter": shown,
        "place": chapter,
        "address": shown.address(visitor.run.key, page),
        "page": page,
        "turned": _turned(visitor, shown, page),
    }


def _told(visitor: Visitor, chapter: Chapter) -> str:
    """What the log is told of somebody who goes to a chapter (openedx.md §9.2)."""
    name = "textbook.pdf.chapter.navigated"
    return json.dumps({"name": name, "chapter": chapter.address(visitor.run.key), "chapter_title": chapter.title})


def _turned(visitor: Visitor, chapter: Chapter, page: int | None) -> str:
    """What the log is told of somebody who comes to a page of a chapter by its address."""
    name = "textbook.pdf.page.navigated"
    return json.dumps({"name": name, "chapter": chapter.address(visitor.run.key), "page": page})


def _book(visitor: Visitor, number: int) -> Textbook | None:
    """The textbook, unless the authors hide them all."""
    if not any(tab.kind == TEXTBOOKS and tab.slug == str(number) for tab in tabs_of(visitor.outline)):
        return None
    course = content.nodes([visitor.outline.course.object_id])[visitor.outline.course.object_id]
    return read_textbooks(course.fields.get(TEXTBOOKS))[number]
