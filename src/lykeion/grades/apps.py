"""Grades: scores of problems, subsection and course grades, their rules."""

from __future__ import annotations

from django.apps import AppConfig


class GradesConfig(AppConfig):
    """The app ``grades``."""

    name = "lykeion.grades"
