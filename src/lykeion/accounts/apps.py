"""Where Django finds ``accounts``."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their roles, and how they get in."""

    name = "lykeion.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Registers the jobs of this package and listens to allauth."""
        from lykeion.accounts import listeners, tasks  # noqa: F401  # models must be loaded first
