"""Where Django finds ``catalog``."""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Organisations, runs as offered, enrolment."""

    name = "lykeion.catalog"
    label = "catalog"

    def ready(self) -> None:
        """Listens to published runs, and to people who confirm their address or leave."""
        if find_spec("lykeion.content.api") is None:  # still being written
            return
        from lykeion.catalog import listeners  # noqa: F401  # models must be loaded first
