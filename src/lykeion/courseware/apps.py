"""Courseware: what learners do in a course."""

from __future__ import annotations

from django.apps import AppConfig


class CoursewareConfig(AppConfig):
    """The app ``courseware``."""

    name = "lykeion.courseware"
