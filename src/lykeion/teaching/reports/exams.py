"""Attempts at special exams. Source: ``upload_proctored_exam_results_report`` of Open edX
(``instructor_task/tasks_helper/misc.py``) for the names of columns. Nobody is watched here, so there is no provider and
nothing to review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.courseware import api as courseware
from lykeion.teaching.reports.types import CHUNK, Asked, Column, Row, Table, text_columns


def table(asked: Asked) -> Table:
    """A row for each attempt of somebody who still has an account."""
    columns = (
        *text_columns("course_id", "provider", "track", "exam_name", "username", "email", "attempt_code"),
        Column("allowed_time_limit_mins", "whole"),
        *text_columns("is_sample_attempt", "started_at", "completed_at", "status", "review_status"),
    )
    return Table(columns, courseware.count_exam_attempts(asked.run.id), _parts(asked))


def _parts(asked: Asked) -> Iterator[tuple[int, list[Row]]]:
    outline, done, last = content.outline(asked.run.key), 0, 0
    while found := courseware.exam_attempts(asked.run.id, after=last, limit=CHUNK):
        ids = [user_id for user_id, _attempt in found]
        people, taken = accounts.people(ids), catalog.enrolments_among(asked.run.id, ids)
        rows: list[Row] = []
        for user_id, one in found:
            if user_id not in people:
                continue
            exam, who, track = outline.get(one.ref), people[user_id], taken.get(user_id)
            rows.append([
                str(asked.run.key), "", track.mode if track else "", exam.title if exam else one.ref, who.username,
                who.email, one.code, one.allowed_minutes, "False", _moment(one.started), _moment(one.completed),
                one.status, "",
            ])  # fmt: skip
        done, last = done + len(found), found[-1][1].id
        yield done, rows


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
