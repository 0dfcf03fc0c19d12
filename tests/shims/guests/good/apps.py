"""A plug-in of Open edX that does everything right."""

from django.apps import AppConfig


class GoodConfig(AppConfig):
    """Its app."""

    name = "tests.shims.guests.good"
    plugin_app = {
        "settings_config": {
            "lms.djangoapp": {
                "common": {"relative_path": "settings"},
                "production": {"relative_path": "production"},
                "test": {"relative_path": "nowhere"},
            },
            "cms.djangoapp": {"common": {"relative_path": "nowhere"}},
        },
        "url_config": {"lms.djangoapp": {"namespace": "good", "regex": "^api/", "relative_path": "addresses"}},
    }
