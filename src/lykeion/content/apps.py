"""The Django app of course content."""

from __future__ import annotations

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Course content: versions, publishing, files."""

    name = "lykeion.content"
    label = "content"
