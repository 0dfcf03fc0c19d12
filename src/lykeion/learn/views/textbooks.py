"""A PDF textbook, read in the browser: ``/courses/RUN/pdfbook/BOOK/chapter/CHAPTER/PAGE``, as in Open edX."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lykeion.content import api as content
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.learn.frame import TEXTBOOKS, frame, tabs_of
from lykeion.learn.guards import in_course
from lykeion.learn.textbooks import Textbook, read_textbooks


@in_course
def textbook(
    request: HttpRequest, visitor: Visitor, book: int, chapter: int = 1, page: int | None = None
) -> HttpResponse:
    """One chapter (from 1) of a textbook (from 0), opened at ``page``, and the list of all its chapters."""
    courseware.check_reading(visitor)
    found = _book(visitor, book)
    if found is None or not 1 <= chapter <= len(found.chapters):
        raise AccessDenied(_("This course has no such textbook or chapter."), "not_found")
    shown = found.chapters[chapter - 1]
    context = {
        "book": found,
        "number": book,
        "chapters": list(enumerate(found.chapters, start=1)),
        "chapter": shown,
        "place": chapter,
        "address": shown.address(visitor.run.key, page),
    }
    return render(request, "learn/textbook.html", {**frame(visitor, f"pdfbook/{book}"), **context})


def _book(visitor: Visitor, number: int) -> Textbook | None:
    """The textbook, unless the authors hide them all."""
    if not any(tab.kind == TEXTBOOKS and tab.slug == str(number) for tab in tabs_of(visitor.outline)):
        return None
    course = content.nodes([visitor.outline.course.object_id])[visitor.outline.course.object_id]
    return read_textbooks(course.fields.get(TEXTBOOKS))[number]
