"""Its settings in every form of site."""

from typing import Any


def plugin_settings(settings: Any) -> None:
    """Sets one, and adds to a list."""
    settings.GOOD_WORD = "common"
    settings.GIVEN.append("good")
