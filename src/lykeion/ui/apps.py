from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, template tags and the style page."""

    name = "lykeion.ui"
    label = "ui"
