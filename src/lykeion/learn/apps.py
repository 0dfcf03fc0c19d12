from django.apps import AppConfig


class LearnConfig(AppConfig):
    """The pages of learners: catalog, courses, files of courses. No tables."""

    name = "lykeion.learn"
    label = "learn"
