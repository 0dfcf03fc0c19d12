"""The problem grade report: points earned and possible in every graded problem.

Source: ``ProblemGradeReport`` of Open edX (``instructor_task/tasks_helper/grades.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from lykeion.catalog import api as catalog
from lykeion.courseware.api import Crowd, One
from lykeion.grades import api as grades
from lykeion.grades.api import Scorable
from lykeion.teaching.reports.assignments import by_type
from lykeion.teaching.reports.types import NOT_ATTEMPTED, NOT_AVAILABLE, Asked, Cell, Column, Row, Table, chunk_for

_HEAD: Final = (
    Column("Student ID", "whole"),
    Column("Email"),
    Column("Username"),
    Column("Enrollment Status"),
    Column("Grade", "number"),
)
_ABSENT: Final[tuple[Cell, Cell]] = (NOT_AVAILABLE, NOT_AVAILABLE)


def table(asked: Asked) -> Table:
    """The report. Two columns for each problem; the wider, the fewer learners are read at once."""
    crowd = Crowd(asked.run.key, asked.at)
    known = {one.ref: one for line in crowd.everything.lines for one in line.scorables}
    assignments = [one for kind in by_type(crowd.everything) for one in kind.all]
    blocks = [(f"{one.name} - {title}", known[ref]) for one in assignments for ref, title in one.scorables]
    columns = [Column(f"{name} ({what})", "mixed") for name, _block in blocks for what in ("Earned", "Possible")]
    parts = _parts(crowd, [block for _name, block in blocks], chunk_for(len(columns)))
    return Table((*_HEAD, *columns), catalog.roll_size(crowd.run), parts)


def _parts(crowd: Crowd, blocks: list[Scorable], limit: int) -> Iterator[tuple[int, list[Row]]]:
    untouched = {one.ref: _untouched(one) for one in blocks}
    done = last = 0
    while learners := crowd.part(last, limit):
        ids = [one.enrolled.user_id for one in learners]
        marks, scores = grades.marks(crowd.run.id, ids), grades.scores_of(crowd.run.id, ids)
        rows: list[Row] = []
        for one in learners:
            user_id = one.enrolled.user_id
            status = "enrolled" if one.enrolled.is_active else "unenrolled"
            percent = marks.get(user_id, grades.NO_MARK).percent
            row: Row = [user_id, one.person.email, one.person.username, status, percent]
            _add_cells(row, one, blocks, untouched, scores.pop(user_id, {}))
            rows.append(row)
        done, last = done + len(learners), ids[-1]
        yield done, rows


def _add_cells(
    row: Row,
    one: One,
    blocks: list[Scorable],
    untouched: Mapping[str, tuple[Cell, Cell]],
    scores: Mapping[str, tuple[float, float]],
) -> None:
    there = one.sheet.line_of
    for block in blocks:
        raw = scores.get(block.ref)
        if block.ref not in there:
            row.extend(_ABSENT)
        elif raw is None:
            row.extend(untouched[block.ref])
        else:
            score = block.score((*raw, None))
            row.extend(_ABSENT if score is None else (score.earned, score.possible))


def _untouched(block: Scorable) -> tuple[Cell, Cell]:
    score = block.score(None)
    return _ABSENT if score is None else (NOT_ATTEMPTED, score.possible)
