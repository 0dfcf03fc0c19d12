"""What learners answered to the survey of a course.

Source: ``upload_course_survey_report`` of Open edX (``instructor_task/tasks_helper/misc.py``) for names of columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from lykeion.accounts import api as accounts
from lykeion.catalog.types import Run
from lykeion.surveys import api as surveys
from lykeion.teaching.reports.types import Asked, Column, Row, Table, text_columns


def table(asked: Asked) -> Table:
    """A row for everybody who answered in this course and still has an account."""
    labels = surveys.labels(asked.run.id)
    columns = (Column("User ID", "whole"), *text_columns("User Name", "Email", *labels))
    return Table(columns, surveys.count(asked.run.id), _parts(asked.run, labels))


def _parts(run: Run, labels: tuple[str, ...]) -> Iterator[tuple[int, list[Row]]]:
    done = last = 0
    while page := surveys.answers(run.id, after=last):
        people = accounts.people([one.user_id for one in page])
        known = [(people[one.user_id], one.given) for one in page if one.user_id in people]
        rows: list[Row] = [
            [who.id, who.username, who.email, *(", ".join(given.get(label, ())) for label in labels)]
            for who, given in known
        ]
        done, last = done + len(page), page[-1].id
        yield done, rows
