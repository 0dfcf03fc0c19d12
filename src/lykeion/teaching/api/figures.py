"""Figures of a course, each by one read however many take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lykeion.catalog import api as catalog
from lykeion.courseware import api as courseware
from lykeion.teaching.types import Teacher

__all__ = ["CourseFigures", "course"]


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """``enrolled``: active enrolments by mode; ``cutoffs``: the least fraction of each grade, best first."""

    enrolled: Mapping[str, int]
    cutoffs: tuple[tuple[str, float], ...]

    @property
    def total(self) -> int:
        """All who take the course now."""
        return sum(self.enrolled.values())


def course(teacher: Teacher) -> CourseFigures:
    """The figures of the teacher's course."""
    return CourseFigures(catalog.enrolled_by_mode(teacher.run.id), courseware.policy(teacher.run.key).cutoffs)
