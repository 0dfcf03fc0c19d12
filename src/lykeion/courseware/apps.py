"""Courseware: what learners do in a course."""

from __future__ import annotations

from django.apps import AppConfig


class CoursewareConfig(AppConfig):
    """The app ``courseware``."""

    name = "lykeion.courseware"

    def ready(self) -> None:
        """Registers jobs, and listens to what changes grades: new policies, new enrolment tracks."""
        from lykeion.courseware import listeners, tasks  # noqa: F401  # models must be loaded first
