"""A new run of a course: the same tree under another name, but for what belongs to a run alone."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lykeion.content.announce import announce
from lykeion.content.editing import TOP, Draft
from lykeion.content.roots import head_of, moved
from lykeion.content.types import LogEntry, ObjectId, ObjectStore, RefMoved, RunExists
from lykeion.core.keys import CourseLocator

# When a run is given is said of it anew (course_reruns.rst of Open edX; ``start`` then is far in the future).
OF_ONE_RUN: Final = (
    "start",
    "end",
    "enrollment_start",
    "enrollment_end",
    "certificate_available_date",
    "announcement",
    "advertised_start",
)


def rerun(
    store: ObjectStore, source: CourseLocator, run: CourseLocator, *, title: str, author: str, at: datetime
) -> ObjectId:
    """See :func:`lykeion.content.api.rerun`. A handful of objects are written, whatever the size of the course."""
    published = _without_dates(store, source, head_of(store, source, "published"), title)
    draft = _without_dates(store, source, head_of(store, source, "draft"), title)
    entry = LogEntry("", None, None, author, at, f"Made as a new run of {source}")
    try:
        store.compare_and_set_refs(moved(run, {"published": (None, published), "draft": (None, draft)}, entry))
    except RefMoved as error:
        raise RunExists(f"There is a course run {run} already.") from error
    announce(run, None, published, author, at)
    return published


def _without_dates(store: ObjectStore, run: CourseLocator, root: ObjectId, title: str) -> ObjectId:
    draft = Draft(store, run, root)
    draft.update(TOP, {"display_name": title}, unset=OF_ONE_RUN)
    return draft.write()
