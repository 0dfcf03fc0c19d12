"""Where Django finds ``jobs``."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Durable background jobs."""

    name = "lykeion.jobs"
    label = "jobs"
