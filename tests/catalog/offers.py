"""Runs to enrol in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lykeion.catalog.types import Run
from lykeion.content.types import Node
from lykeion.core.keys import CourseLocator
from tests.accounts.people import NOW
from tests.factories import RUN, course, store_course

BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)


def offer(run: CourseLocator = RUN, *, about: dict[str, str] | None = None, **fields: Any) -> Run:
    """A published run with these course fields and about pages; it started long ago and enrolment is open."""
    parts = {f"about/{name}": Node("about", {"data": data}) for name, data in (about or {}).items()}
    return store_course(course(**fields), run, parts=parts)
