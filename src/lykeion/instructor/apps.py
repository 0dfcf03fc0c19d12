from django.apps import AppConfig


class InstructorConfig(AppConfig):
    """The pages of those who run a course. No tables."""

    name = "lykeion.instructor"
    label = "instructor"
