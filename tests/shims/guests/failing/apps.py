"""A plug-in of Open edX that does everything wrong."""

from django.apps import AppConfig


class FailingConfig(AppConfig):
    """Its app."""

    name = "tests.shims.guests.failing"
    plugin_app = {
        "settings_config": {"lms.djangoapp": {"common": {"relative_path": "settings"}}},
        "url_config": {"lms.djangoapp": {"namespace": "failing", "regex": "^api/"}},
    }

    def ready(self) -> None:
        """Fails."""
        raise RuntimeError("not ready")
