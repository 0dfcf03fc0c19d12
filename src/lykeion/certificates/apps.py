"""Where Django finds ``certificates``."""

from __future__ import annotations

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Certificates: who gets one, what it says, how others can be sure of it."""

    name = "lykeion.certificates"
    label = "certificates"

    def ready(self) -> None:
        """Listens to grades, enrolment and people who leave; registers its jobs."""
        from lykeion.certificates import listeners, tasks  # noqa: F401  # models must be loaded first
