from django.apps import AppConfig


class TeachingConfig(AppConfig):
    """What the team of a running course does to it and to its learners: rules, long work, the audit log; no pages."""

    name = "lykeion.teaching"
    label = "teaching"

    def ready(self) -> None:
        """Registers its jobs; listens to people who delete their account."""
        from lykeion.teaching import listeners, reporting, tasks  # noqa: F401  # models must be loaded first
