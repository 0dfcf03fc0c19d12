"""Figures of a course, each by one read however many take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.courseware import api as courseware
from lykeion.surveys import api as surveys
from lykeion.surveys.types import Asked
from lykeion.teaching.types import Teacher

__all__ = ["CourseFigures", "course"]


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """``enrolled``: active enrolments by mode; ``cutoffs``: the least fraction of each grade, best first;
    ``survey``: what the course asks its learners, ``surveyed`` how many answered here."""

    enrolled: Mapping[str, int]
    cutoffs: tuple[tuple[str, float], ...]
    survey: Asked
    surveyed: int

    @property
    def total(self) -> int:
        """All who take the course now."""
        return sum(self.enrolled.values())


def course(teacher: Teacher) -> CourseFigures:
    """The figures of the teacher's course."""
    run = teacher.run
    survey = surveys.asked(content.outline(run.key).course.own)
    cutoffs = courseware.policy(run.key).cutoffs
    return CourseFigures(catalog.enrolled_by_mode(run.id), cutoffs, survey, surveys.count(run.id) if survey.name else 0)
