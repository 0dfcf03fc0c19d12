"""Grades of courses (analytics.md §1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.metrics.tables import Params, Tables, before

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LEARNER = ("course_id", "user_id")
_MILLION = 1_000_000
CALCULATED = "edx.grades.course.grade_calculated"
PASSED = "edx.course.grade.now_passed"
FAILED = "edx.course.grade.now_failed"


def daily_marks(tables: Tables) -> ir.Table:
    """Course, learner, day: the latest grade of the day (``percent`` and ``letter``, '' without one), and the latest
    ``word``: whether it was said to be a pass. None where nothing was told of it."""
    told = tables.grade
    told = told.filter(told.course_id.notnull(), told.user_id.notnull())
    when = ibis.struct({"time": told.time, "event_id": told.event_id})
    is_grade = (told.event_type == CALCULATED) & told.percent.notnull()
    is_word = told.event_type.isin([PASSED, FAILED])
    told = told.filter(is_grade | is_word)
    found = told.group_by(day=told.time.date(), course_id=told.course_id, user_id=told.user_id).agg(
        percent=told.percent.argmax(when, where=is_grade),
        letter=told.letter.coalesce("").argmax(when, where=is_grade),
        said=told.event_type.argmax(when, where=is_word),
    )
    return found.mutate(word=found.said == PASSED).drop("said")


def latest_grades(tables: Tables, params: Params) -> ir.Table:
    """Course, learner: the latest grade (``percent``, 0 to 1) and whether it is a pass: as the latest word on it says,
    else whether the grade has a letter."""
    told = before(tables.marks, params)
    graded = told.percent.notnull()
    found = told.group_by(*_LEARNER).agg(
        percent=told.percent.argmax(told.day, where=graded),
        letter=told.letter.argmax(told.day, where=graded),
        word=told.word.argmax(told.day, where=told.word.notnull()),
    )
    lettered = (found.letter != "").fill_null(False)
    return found.select(*_LEARNER, "percent", passed=found.word.coalesce(lettered))


def grade_distribution(tables: Tables, params: Params) -> ir.Table:
    """Course, tenth (0: below 10 %, 9: from 90 %): how many learners have their latest grade there, how many passed."""
    latest = latest_grades(tables, params)
    latest = latest.filter(latest.percent.notnull())
    tenth = ibis.least((latest.percent * 10).floor().cast("int64"), 9)
    return latest.group_by(course_id=latest.course_id, tenth=tenth).agg(
        learners=latest.count(), passed=latest.passed.sum().cast("int64")
    )


def averages(tables: Tables, params: Params) -> ir.Table:
    """Course: how many learners have a grade, how many passed, and the ``average`` and the ``median`` of their latest
    grades (0 to 1). From whole millionths, so that every engine says the same."""
    latest = latest_grades(tables, params)
    latest = latest.filter(latest.percent.notnull())
    latest = latest.mutate(millionths=(latest.percent * _MILLION + 0.5).floor().cast("int64"))
    held = latest.group_by("course_id").agg(
        learners=latest.count(),
        passed=latest.passed.sum().cast("int64"),
        total=latest.millionths.sum().cast("int64"),
        each=latest.millionths.collect().sort(),
    )
    below, above = ((held.learners - 1) // 2).cast("int32"), (held.learners // 2).cast("int32")
    return held.select(
        "course_id",
        "learners",
        "passed",
        average=held.total.cast("float64") / held.learners / _MILLION,
        median=(held.each[below] + held.each[above]).cast("float64") / (2 * _MILLION),
    )
