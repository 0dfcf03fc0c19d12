"""The graded subsections of a course by assignment type, as columns.

Source: ``graded_assignments`` and ``_graded_scorable_blocks_to_header`` of Open edX's grade reports
(``instructor_task/tasks_helper/grades.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lykeion.grades import api as grades
from lykeion.grades.api import Sheet
from lykeion.teaching.reports.types import Column


@dataclass(frozen=True, slots=True)
class Assignment:
    """A graded subsection: its ref and title, and its place among those of its type (from 1)."""

    ref: str
    kind: str
    number: int
    title: str
    scorables: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The name of its column."""
        return f"{self.kind} {self.number}: {self.title}"


@dataclass(frozen=True, slots=True)
class Assignments:
    """Those of one type, in course order. ``averages``: they have an average beside them, else the one is called as
    its type."""

    kind: str
    all: tuple[Assignment, ...]
    averages: bool


def by_type(sheet: Sheet) -> tuple[Assignments, ...]:
    """The assignments of a course: types in the order in which they first come."""
    found: dict[str, list[Assignment]] = {}
    for line in sheet.lines:
        if line.graded and line.scorables:
            same = found.setdefault(line.format, [])
            blocks = tuple((one.ref, one.title) for one in line.scorables)
            same.append(Assignment(line.ref, line.format, len(same) + 1, line.title, blocks))
    return tuple(
        Assignments(kind, tuple(same), len(same) > 1 and grades.average(sheet.policy, kind, ()) is not None)
        for kind, same in found.items()
    )


def columns(types: tuple[Assignments, ...]) -> Iterator[Column]:
    """The columns of a grade report."""
    for one in types:
        if len(one.all) == 1:
            yield Column(one.kind, "mixed")
            continue
        yield from (Column(assignment.name, "mixed") for assignment in one.all)
        if one.averages:
            yield Column(f"{one.kind} (Avg)", "number")
