"""The grade report: a row for everybody who takes or took the course, a column for each graded subsection.

Source: ``CourseGradeReport`` of Open edX (``instructor_task/tasks_helper/grades.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.content import api as content
from lykeion.content.types import Json
from lykeion.courseware.api import Crowd, One
from lykeion.grades import api as grades
from lykeion.grades.types import BookCell
from lykeion.teaching.reports.assignments import Assignments, by_type
from lykeion.teaching.reports.assignments import columns as graded_columns
from lykeion.teaching.reports.certified import NONE, certified
from lykeion.teaching.reports.types import NOT_ATTEMPTED, NOT_AVAILABLE, Asked, Cell, Column, Row, Table, chunk_for

VERIFIED: Final = frozenset({"verified", "credit", "professional", "masters", "executive-education"})
"""Tracks in which Open edX asks who somebody is; nobody is asked here, so nobody is verified."""

_SET_ID: Final = re.compile(r"[A-Za-z0-9_. -]+")
UNTOUCHED: Final = BookCell(0.0, 0.0, attempted=False, overridden=False)


def table(asked: Asked) -> Table:
    """The report. Reads 500 learners at once; six to eleven reads for them, whatever the course."""
    crowd = Crowd(asked.run.key, asked.at)
    types, teams = by_type(crowd.everything), _has_teams(asked.run)
    columns = (
        Column("Student ID", "whole"),
        Column("Email"),
        Column("Username"),
        Column("Grade", "number"),
        *graded_columns(types),
        *((Column("Cohort Name"),) if crowd.run.cohorted else ()),
        *(Column(f"Experiment Group ({one.name})") for one in crowd.experiments),
        *((Column("Team Name"),) if teams else ()),
        Column("Enrollment Track"),
        Column("Verification Status"),
        Column("Certificate Eligible"),
        Column("Certificate Delivered"),
        Column("Certificate Type"),
        Column("Enrollment Status"),
    )
    return Table(columns, catalog.roll_size(crowd.run), _parts(crowd, types, teams, chunk_for(len(columns))))


def _has_teams(run: Run) -> bool:
    """Whether the course says that it has teams: nobody is in one here, but programs look for the column."""
    course = content.outline(run.key).course.object_id
    return says_teams(content.nodes([course])[course].fields.get("teams_configuration"))


def says_teams(config: Json) -> bool:
    """Whether the field ``teams_configuration`` of a course means teams: ``enabled`` decides; where it is not there,
    whether there is a set of teams (old courses: a topic) with an id. Source: ``TeamsConfig`` of Open edX
    (``openedx/core/lib/teams_config.py``)."""
    if not isinstance(config, dict):
        return False
    enabled, sets = config.get("enabled"), config.get("team_sets", config.get("topics"))
    if enabled is not None:
        return bool(enabled)
    return isinstance(sets, list) and any(isinstance(one, dict) and _has_id(one.get("id")) for one in sets)


def _has_id(value: Json) -> bool:
    return isinstance(value, str | int) and _SET_ID.fullmatch(str(value)) is not None


def _parts(crowd: Crowd, types: tuple[Assignments, ...], teams: bool, limit: int) -> Iterator[tuple[int, list[Row]]]:
    done = last = 0
    while learners := crowd.part(last, limit):
        ids = [one.enrolled.user_id for one in learners]
        book = grades.book(crowd.run.id, ids)
        papers = certified(crowd.run, ids)
        rows: list[Row] = []
        for one in learners:
            user_id = one.enrolled.user_id
            paper, grade = papers.get(user_id, NONE), book.get(user_id)
            rows.append(
                [
                    user_id,
                    one.person.email,
                    one.person.username,
                    grade.percent if grade else 0.0,
                    *_cells(one, types, grade.cells if grade else {}),
                    *([one.enrolled.cohort] if crowd.run.cohorted else []),
                    *(_group(one, experiment.id, experiment.groups) for experiment in crowd.experiments),
                    *([""] if teams else []),
                    one.enrolled.mode,
                    "Not ID Verified" if one.enrolled.mode in VERIFIED else "N/A",
                    paper.eligible,
                    paper.delivered,
                    paper.type,
                    "enrolled" if one.enrolled.is_active else "unenrolled",
                ]
            )
        done, last = done + len(learners), ids[-1]
        yield done, rows


def _group(one: One, partition: int, names: Mapping[int, str]) -> str:
    return names.get(one.groups.get(partition, -1), "")


def _cells(one: One, types: tuple[Assignments, ...], earned: Mapping[str, BookCell]) -> list[Cell]:
    """The cells of the graded subsections, with averages: of percents, the lowest dropped, not weighted."""
    cells: list[Cell] = []
    for kind in types:
        percents: list[float] = []
        for assignment in kind.all:
            if assignment.ref not in one.sheet.line_of:
                cells.append(NOT_AVAILABLE)
                continue
            cell = earned.get(assignment.ref, UNTOUCHED)
            percent = grades.fraction(cell.earned, cell.possible)
            percents.append(percent)
            cells.append(percent if cell.attempted or cell.overridden else NOT_ATTEMPTED)
        if kind.averages:
            cells.append((grades.average(one.sheet.policy, kind.kind, percents) or 0.0) if earned else 0.0)
    return cells
