"""Stand-in for Open edX's module of this name: courses given to people."""

from __future__ import annotations

from typing import Any

from openedx.core.lib.courses import get_course_by_id

from lms.djangoapps.courseware.access import has_access

__all__ = ["check_course_access", "get_course_by_id"]


def check_course_access(course: Any, user: Any, action: str, *args: Any, **more: Any) -> bool:
    """Whether ``user`` takes the course, or is of its team."""
    return bool(has_access(user, action, course, course.id))
