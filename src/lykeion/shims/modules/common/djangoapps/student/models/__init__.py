"""Stand-in for Open edX's package of this name."""

from common.djangoapps.student.models.user import (
    CourseAccessRole,
    CourseEnrollment,
    UserProfile,
    anonymous_id_for_user,
    get_user_by_username_or_email,
    user_by_anonymous_id,
)

__all__ = [
    "CourseAccessRole",
    "CourseEnrollment",
    "UserProfile",
    "anonymous_id_for_user",
    "get_user_by_username_or_email",
    "user_by_anonymous_id",
]
