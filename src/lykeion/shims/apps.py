"""The app that blocks of others stand on."""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import AppConfig


class ShimsConfig(AppConfig):
    """The app ``shims``; installed only where blocks of others are."""

    name = "lykeion.shims"

    def ready(self) -> None:
        """Connects what packages of others tell with what it means here."""
        if find_spec("celery"):
            from lykeion.shims import background

            background.take_tasks()
        if find_spec("submissions"):
            from lykeion.shims import submitted

            submitted.listen()
        if find_spec("codejail"):
            from lykeion.shims import jailing

            jailing.take_over()
