"""Its settings fail half way."""

from typing import Any


def plugin_settings(settings: Any) -> None:
    """Sets something, then fails."""
    settings.GIVEN.append("failing")
    settings.HALF = "set"
    settings.FEATURES_THAT_ARE_NOT_THERE["x"] = True
