from django.apps import AppConfig


class StudioConfig(AppConfig):
    """The pages of authors. No tables."""

    name = "lykeion.studio"
    label = "studio"
