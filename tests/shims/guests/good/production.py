"""Its settings in production."""

from typing import Any


def plugin_settings(settings: Any) -> None:
    """Builds on what the common ones have set."""
    settings.GOOD_WORD = f"production after {settings.GOOD_WORD}"
