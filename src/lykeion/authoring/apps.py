from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    """What authors do to courses: rules and what search knows; no pages."""

    name = "lykeion.authoring"
    label = "authoring"

    def ready(self) -> None:
        """Listens to published runs; registers its jobs."""
        from lykeion.authoring import listeners, tasks  # noqa: F401  # models must be loaded first
