"""Where Django finds ``analytics``."""

from __future__ import annotations

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """What learners did, counted: the lake, metrics, and their results for pages."""

    name = "lykeion.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Registers its job; forgets people who are gone."""
        from lykeion.analytics import listeners, tasks  # noqa: F401  # models must be loaded first
