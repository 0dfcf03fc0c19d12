"""Who takes a course, day by day (analytics.md §1.1). Only what changes is added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.metrics.tables import Params, Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LEARNER = ("course_id", "user_id")
ACTIVATED = "edx.course.enrollment.activated"
DEACTIVATED = "edx.course.enrollment.deactivated"


def enrolment(tables: Tables, params: Params) -> ir.Table:
    """Course, day, mode: learners enrolled at the end of the day (``count``), and those who ever were
    (``cumulative``: their latest mode is this one). From the first event of a mode to the last day."""
    ends = end_of_days(tables, params)
    before = ibis.window(group_by=_LEARNER, order_by="day")
    moved = ends.mutate(old_mode=ends.mode.lag().over(before), old_state=ends.enrolled.lag().over(before))
    came = moved.select("course_id", "day", "mode", change=moved.enrolled, ever=ibis.literal(1, "int64"))
    went = moved.filter(moved.old_mode.notnull()).select(
        "course_id", "day", mode=moved.old_mode, change=-moved.old_state, ever=ibis.literal(-1, "int64")
    )
    return _every_day(ibis.union(came, went), params)


def end_of_days(tables: Tables, params: Params) -> ir.Table:
    """Course, learner, day on which something happened: whether they are ``enrolled`` (1 or 0) and their ``mode`` after
    the last event of the day. A change of mode changes no state, and any event tells the mode."""
    told = tables.enrol.filter(tables.enrol.time < params.until)
    order = [told.time, told.event_type, told.mode, told.event_id]
    told = told.mutate(
        day=told.time.date(),
        place=ibis.row_number().over(ibis.window(group_by=_LEARNER, order_by=order)).cast("int64"),
    )
    switch = ibis.cases(
        (told.event_type == ACTIVATED, told.place * 2 + 1), (told.event_type == DEACTIVATED, told.place * 2)
    )
    told = told.mutate(switch=switch.max().over(ibis.cumulative_window(group_by=_LEARNER, order_by=told.place)))
    last = ibis.window(group_by=(*_LEARNER, "day"), order_by=told.place.desc())
    told = told.mutate(back=ibis.row_number().over(last), enrolled=(told.switch.coalesce(0) % 2).cast("int64"))
    return told.filter(told.back == 0).select("course_id", "user_id", "day", "mode", "enrolled")


def _every_day(changes: ir.Table, params: Params) -> ir.Table:
    """Changes added up, with a row for each day since the first."""
    days = changes.group_by("course_id", "mode", "day").agg(change=changes.change.sum(), ever=changes.ever.sum())
    so_far = ibis.cumulative_window(group_by=("course_id", "mode"), order_by="day")
    by_day = ibis.window(group_by=("course_id", "mode"), order_by="day")
    sums = days.select(
        "course_id",
        "mode",
        "day",
        count=days.change.sum().over(so_far).cast("int64"),
        cumulative=days.ever.sum().over(so_far).cast("int64"),
        until=days.day.lead().over(by_day).coalesce(ibis.literal(params.end)),
    )
    sums = sums.filter(sums.cumulative > 0)
    sums = sums.mutate(length=sums.until.delta(sums.day, unit="day").cast("int64"))
    sums = sums.mutate(zero=ibis.literal(0, "int64"))
    spread = sums.mutate(offset=ibis.range(sums.zero, sums.length, 1).unnest())
    day = (spread.day + spread.offset.as_interval("D")).cast("date")
    return spread.select("course_id", "mode", "count", "cumulative", day=day)
