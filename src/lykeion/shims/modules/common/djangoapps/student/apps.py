"""The app that Open edX calls ``student``: people and enrolments by the names that blocks of others use."""

from __future__ import annotations

from django.apps import AppConfig


class StudentConfig(AppConfig):
    """The app ``student``."""

    name = "common.djangoapps.student"
    label = "student"
