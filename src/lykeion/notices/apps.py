"""Where Django finds ``notices``."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Mail of course teams to many: who gets it, sending, who wants none, what came back; no pages."""

    name = "lykeion.notices"
    label = "notices"

    def ready(self) -> None:
        """Registers its jobs; listens to people who confirm an address or leave."""
        from lykeion.notices import listeners, tasks  # noqa: F401  # models must be loaded first
