"""The course and the people of ``tests/instructor``."""

from __future__ import annotations

from tests.instructor.conftest import run, teacher

__all__ = ["run", "teacher"]
