"""Bookmarks of units."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.core.errors import LykeionError
from lykeion.core.keys import usage_text
from lykeion.core.prepared import Prepared
from lykeion.core.upsert import upsert
from lykeion.courseware.access import wall_refusal
from lykeion.courseware.entering import check_taking_part, plan
from lykeion.courseware.models import Bookmark
from lykeion.courseware.places import unit_holding
from lykeion.courseware.types import BookmarkLine, Visitor
from lykeion.events.api import emit
from lykeion.events.types import BookmarkPayload

MOST: Final = 100
_MARKS = Prepared(
    Bookmark, lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list("ref"), write=True
)


class TooManyBookmarks(LykeionError):
    """A learner has as many bookmarks in a run as there may be."""


def marked(visitor: Visitor) -> frozenset[str]:
    """The refs of the visitor's bookmarks in the run. One read (at most 100 rows)."""
    if visitor.viewer.user_id is None:
        return frozenset()
    return frozenset(row[0] for row in _MARKS(visitor.viewer.user_id, visitor.run.id))


def bookmark(visitor: Visitor, ref: str, on: bool) -> None:
    """Sets or takes away a bookmark; see :func:`lykeion.courseware.api.bookmark`."""
    user_id = check_taking_part(visitor)
    if on:
        _add(visitor, user_id, ref)
    else:
        gone, _rows = Bookmark.objects.filter(user_id=user_id, run_id=visitor.run.id, ref=ref).delete()
        if gone:
            _tell("removed", visitor, ref)


def _add(visitor: Visitor, user_id: int, ref: str) -> None:
    unit = visitor.outline.get(ref)
    if unit is None or unit_holding(visitor.outline, plan(visitor), ref) != ref:
        raise wall_refusal("staff_only", visitor.outline.course, beta=False)
    way = [block.title for block in visitor.outline.ancestors(unit)[1:]]
    row = Bookmark(user_id=user_id, run_id=visitor.run.id, ref=ref, title=unit.title[:255], way=way, created=visitor.at)
    with transaction.atomic():
        marks = marked(visitor)
        if ref in marks:
            return
        if len(marks) >= MOST:
            raise TooManyBookmarks(_("You have {count} bookmarks in this course; remove one first.").format(count=MOST))
        upsert([row], ["title", "way"])
        _tell("added", visitor, ref)


def _tell(what: str, visitor: Visitor, ref: str) -> None:
    emit(f"edx.bookmark.{what}", event_of(visitor, ref), course_id=visitor.run.key, at=visitor.at)


def event_of(visitor: Visitor, ref: str) -> BookmarkPayload:
    """What the tracking log is told of a bookmark; see :func:`lykeion.courseware.api.bookmark_event`."""
    run = visitor.run.key
    return {
        "course_id": str(run),
        "bookmark_id": f"{visitor.viewer.username},{usage_text(run, ref)}",
        "component_type": ref.partition("@")[0],
        "component_usage_id": usage_text(run, ref),
    }


def bookmarks(visitor: Visitor) -> tuple[BookmarkLine, ...]:
    """The visitor's bookmarks, newest first; see :func:`lykeion.courseware.api.bookmarks`."""
    if visitor.viewer.user_id is None:
        return ()
    rows = Bookmark.objects.filter(user_id=visitor.viewer.user_id, run_id=visitor.run.id).order_by("-created", "ref")
    return tuple(_line(visitor, *row) for row in rows.values_list("ref", "title", "way", "created"))


def _line(visitor: Visitor, ref: str, title: str, way: list[str], created: object) -> BookmarkLine:
    outline = visitor.outline
    unit = outline.get(unit_holding(outline, plan(visitor), ref))
    if unit is None or unit.ref != ref:
        return BookmarkLine(None, title, tuple(way), created)  # type: ignore[arg-type]  # a datetime column
    return BookmarkLine(ref, unit.title, tuple(one.title for one in outline.ancestors(unit)[1:]), created)  # type: ignore[arg-type]
