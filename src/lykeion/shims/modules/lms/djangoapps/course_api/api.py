"""Stand-in for Open edX's module of this name: who is in a course."""

from __future__ import annotations

from typing import Any

from common.djangoapps.student.models import CourseAccessRole, CourseEnrollment
from django.conf import settings

from lms.djangoapps.course_api.exceptions import OverEnrollmentLimitException

LIMIT = 1000
"""People who are told at once, unless ``COURSE_MEMBER_API_ENROLLMENT_LIMIT`` says otherwise (Open edX's default)."""


def get_course_members(course_key: Any) -> dict[int, dict[str, Any]]:
    """All who take the run or have a role in it, by id, with their ``roles``. Raises
    :class:`OverEnrollmentLimitException`."""
    taken = CourseEnrollment.objects.filter(course_id=course_key, is_active=True)
    if taken.count() > getattr(settings, "COURSE_MEMBER_API_ENROLLMENT_LIMIT", LIMIT):
        raise OverEnrollmentLimitException(str(course_key))
    members: dict[int, dict[str, Any]] = {}
    for one in taken.select_related("user"):
        _member(members, one.user)["roles"].append("student")
        members[one.user_id]["enrollment_mode"] = one.mode
    for role in CourseAccessRole.objects.filter(course_id=str(course_key)).select_related("user"):
        _member(members, role.user)["roles"].append(role.role)
    return members


def _member(members: dict[int, dict[str, Any]], user: Any) -> dict[str, Any]:
    return members.setdefault(
        user.pk,
        {"id": user.pk, "username": user.username, "email": user.email, "name": user.get_full_name(), "roles": []},
    )
