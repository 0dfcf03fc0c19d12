"""Stand-in for Open edX's module of this name: learners' state of blocks."""

from __future__ import annotations

from django.apps import apps

StudentModule = apps.get_model("courseware", "StudentModule")

__all__ = ["StudentModule"]
