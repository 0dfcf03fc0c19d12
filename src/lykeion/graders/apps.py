"""Where Django finds ``graders``."""

from __future__ import annotations

from django.apps import AppConfig


class GradersConfig(AppConfig):
    """Work for programs elsewhere that grade."""

    name = "lykeion.graders"
    label = "graders"

    def ready(self) -> None:
        """Registers the jobs that bring work to graders, and forgets people who are gone."""
        from lykeion.graders import listeners, tasks  # noqa: F401  # models must be loaded first
