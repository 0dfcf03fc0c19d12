"""Who was active, and how (analytics.md §1.2); and how long learners stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.metrics.tables import Params, Tables, before

if TYPE_CHECKING:
    import ibis.expr.types as ir

ACTIVE = ("problem", "video", "forum", "nav", "page", "other")
"""Kinds that are somebody's activity. Enrolments, grades and completions tell whose they are, not who caused them."""
SECTION, SUBSECTION = 4, 5
"""Of ``/courses/KEY/courseware/SECTION/SUBSECTION/POSITION/``, the text before the first slash being 0."""
_COLUMNS = ("course_id", "user_id", "event_type", "event_source", "time")


def daily_activity(tables: Tables) -> ir.Table:
    """Who did how much in a course on a day. To be enrolled, graded or told to be done with something is no activity,
    and what jobs do is nobody's."""
    seen = ibis.union(*(getattr(tables, kind).select(*_COLUMNS) for kind in ACTIVE))
    seen = seen.filter(
        seen.course_id.notnull(), seen.user_id.notnull(), seen.event_source != "task",
        ~seen.event_type.startswith("edx.course.enrollment."),
    )  # fmt: skip
    of_server = seen.event_source == "server"
    return seen.group_by(day=seen.time.date(), course_id=seen.course_id, user_id=seen.user_id).agg(
        events=seen.count(),
        attempts=(of_server & (seen.event_type == "problem_check")).sum(),
        posts=(of_server & seen.event_type.startswith("edx.forum.") & seen.event_type.endswith(".created")).sum(),
        plays=(seen.event_source.isin(["browser", "mobile"]) & (seen.event_type == "play_video")).sum(),
        last=seen.time.max(),
    )


def weekly_activity(tables: Tables, params: Params) -> ir.Table:
    """Course, week (its Monday): how many learners were active at all, tried a problem, played a video, wrote in the
    forum. The week that is not over yet counts as far as it has come."""
    seen = before(tables.activity, params)
    return seen.group_by(course_id=seen.course_id, week=seen.day.truncate("W")).agg(
        any=seen.user_id.nunique(),
        attempted=seen.user_id.nunique(where=seen.attempts > 0),
        played=seen.user_id.nunique(where=seen.plays > 0),
        posted=seen.user_id.nunique(where=seen.posts > 0),
    )


def retention(tables: Tables, params: Params) -> ir.Table:
    """Course, week of first enrolment, weeks since: how many of those learners were active in that week (``active``),
    of how many (``size``)."""
    enrolled = tables.enrol.filter(
        tables.enrol.event_type == "edx.course.enrollment.activated",
        tables.enrol.time < params.until,
        tables.enrol.user_id.notnull(),
    )
    first = enrolled.group_by("course_id", "user_id").agg(cohort=enrolled.time.min().date().truncate("W"))
    sizes = first.group_by("course_id", "cohort").agg(size=first.count())
    seen = before(tables.activity, params)
    weeks = seen.select("course_id", "user_id", week=seen.day.truncate("W")).distinct()
    both = weeks.join(first, ["course_id", "user_id"])
    both = both.mutate(since=both.week.delta(both.cohort, unit="day") // 7)
    kept = both.filter(both.since >= 0).group_by("course_id", "cohort", "since").agg(active=both.user_id.nunique())
    return kept.join(sizes, ["course_id", "cohort"]).select("course_id", "cohort", "since", "active", "size")
