"""Grades of courses (analytics.md §1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.metrics.tables import Params, Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LEARNER = ("course_id", "user_id")
CALCULATED = "edx.grades.course.grade_calculated"
PASSED = "edx.course.grade.now_passed"
FAILED = "edx.course.grade.now_failed"


def latest_grades(tables: Tables, params: Params) -> ir.Table:
    """Course, learner: the latest grade (``percent``, 0 to 1) and whether it is a pass: as the latest word on it says,
    else whether the grade has a letter."""
    told = tables.grade
    told = told.filter(told.course_id.notnull(), told.user_id.notnull(), told.time < params.until)
    graded = told.filter(told.event_type == CALCULATED, told.percent.notnull())
    percent = _last(graded, "percent", "letter")
    word = _last(told.filter(told.event_type.isin([PASSED, FAILED])), "event_type")
    both = percent.outer_join(word, list(_LEARNER))
    lettered = (both.letter.coalesce("") != "").fill_null(False)
    return both.select(
        course_id=both.course_id.coalesce(both.course_id_right),
        user_id=both.user_id.coalesce(both.user_id_right),
        percent=both.percent,
        passed=ibis.ifelse(both.event_type.notnull(), both.event_type == PASSED, lettered),
    )


def _last(told: ir.Table, *columns: str) -> ir.Table:
    latest = ibis.window(group_by=_LEARNER, order_by=[told.time.desc(), told.event_id.desc()])
    numbered = told.mutate(back=ibis.row_number().over(latest))
    return numbered.filter(numbered.back == 0).select(*_LEARNER, *columns)


def grade_distribution(tables: Tables, params: Params) -> ir.Table:
    """Course, tenth (0: below 10 %, 9: from 90 %): how many learners have their latest grade there, how many passed."""
    latest = latest_grades(tables, params)
    latest = latest.filter(latest.percent.notnull())
    tenth = ibis.least((latest.percent * 10).floor().cast("int64"), 9)
    return latest.group_by(course_id=latest.course_id, tenth=tenth).agg(
        learners=latest.count(), passed=latest.passed.sum().cast("int64")
    )
