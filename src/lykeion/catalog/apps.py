"""Where Django finds ``catalog``."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Organisations, runs as offered, enrolment."""

    name = "lykeion.catalog"
    label = "catalog"

    def ready(self) -> None:
        """Listens to published runs and to people who confirm their address or leave; registers its jobs."""
        from lykeion.catalog import listeners, tasks  # noqa: F401  # models must be loaded first
