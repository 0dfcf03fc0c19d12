"""Where Django finds ``surveys``."""

from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """What a course asks its learners before they enter."""

    name = "lykeion.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Forgets people who are gone."""
        from lykeion.surveys import listeners  # noqa: F401  # models must be loaded first
