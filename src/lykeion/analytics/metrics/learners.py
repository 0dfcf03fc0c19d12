"""Each learner's last week, where they stand among the others, and who may need help (analytics.md §1.5, §1.6)."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.columns import RANGED
from lykeion.analytics.metrics.engagement import POSTS, USED
from lykeion.analytics.metrics.enrolment import ACTIVATED, standing
from lykeion.analytics.metrics.grades import latest_grades
from lykeion.analytics.metrics.tables import Params, Tables, before

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LEARNER = ("course_id", "user_id")
_PER = "attempts_per_completed"
_WHOLE = tuple(name for name in RANGED if name != _PER)
_ENDS = (("low", 15), ("high", 85))
COUNTS = (
    "problem_attempts",
    "problems_attempted",
    "problems_completed",
    "videos_viewed",
    "discussion_contributions",
    "days_active",
)
EVER = tuple(f"{name}_ever" for name in COUNTS)


def engagement(tables: Tables, params: Params) -> ir.Table:
    """Course, learner: what they did in the seven days before the end. Only those who did anything.
    ``attempts_per_completed`` is none without attempts, and infinite for who completed nothing."""
    done = _done(tables, params)
    sums = _sums(done.filter(done.day >= params.week))
    per = (sums.problem_attempts.cast("float64") / sums.problems_completed.nullif(0)).fill_null(math.inf)
    return sums.mutate(attempts_per_completed=ibis.ifelse(sums.problem_attempts > 0, per, ibis.null("float64")))


def engagement_ever(tables: Tables, params: Params) -> ir.Table:
    """Course, learner: what they did up to the end. Only those who did anything."""
    return _sums(_done(tables, params))


def _done(tables: Tables, params: Params) -> ir.Table:
    done = before(tables.engagement, params)
    return done.filter(done.kind.isin(list(USED)))


def _sums(done: ir.Table) -> ir.Table:
    is_problem = done.kind == "problem"
    return done.group_by(*_LEARNER).agg(
        problem_attempts=done.times.sum(where=is_problem).coalesce(0).cast("int64"),
        problems_attempted=done.entity.nunique(where=is_problem),
        problems_completed=done.entity.nunique(where=is_problem & (done.well > 0)),
        videos_viewed=done.entity.nunique(where=done.kind == "video"),
        discussion_contributions=done.times.sum(where=done.kind.isin(list(POSTS))).coalesce(0).cast("int64"),
        days_active=done.day.nunique(),
    )


def ranges(tables: Tables, params: Params) -> ir.Table:
    """Course: for each measure the 15th and the 85th percentile (``NAME_low``, ``NAME_high``) of those active, between
    two of them as near to the upper one as its place says (as numpy's ``linear``); infinite above an infinite one.

    Engines differ in the last digit of what they say. Percentiles of whole numbers have two decimals: rounding mends
    it. Those of the others are made of sorted values here, which takes longer."""
    week = engagement(tables, params)
    shares = [hundredths / 100 for _end, hundredths in _ENDS]
    told = {name: week[name].quantile(shares) for name in _WHOLE}
    held = week.group_by("course_id").agg(**told, **{_PER: week[_PER].collect().sort()})
    found = {
        f"{name}_{end}": held[name][place].round(2) for name in _WHOLE for place, (end, _hundredths) in enumerate(_ENDS)
    }
    last = held[_PER].length() - 1
    found |= {f"{_PER}_{end}": _between(held[_PER], last, hundredths) for end, hundredths in _ENDS}
    return held.select("course_id", **found)


def _between(ordered: ir.ArrayValue, last: ir.IntegerValue, hundredths: int) -> ir.Value:
    """A percentile of sorted values, the ``last`` of which is at this place; from whole numbers as far as it goes."""
    place = last * hundredths // 100
    below, above = ordered[place.cast("int32")], ordered[ibis.least(place + 1, last).cast("int32")]
    share = (last * hundredths % 100).cast("float64") / 100
    between = below + (above - below) * share  # no number, where both are infinite or no share of one is taken
    return ibis.ifelse((share == 0) | (below == above), below, between)


def learners(tables: Tables, params: Params) -> ir.Table:
    """Course, learner enrolled at the end: :func:`engagement`, :func:`engagement_ever` (``NAME_ever``), ``last``
    activity, ``percent`` and ``passed`` of the latest grade, and what they are:

    ``highly_engaged``: among the upper 15 in 100 of any count; ``struggling``: needs more attempts for each problem
    than 85 in 100; ``disengaging``: active in the week before the last, not in the last; ``inactive``: in neither;
    ``at_risk``: has not passed, was here, and not in the last seven days.
    """
    known = _enrolled(tables, params)
    ever = engagement_ever(tables, params)
    ever = ever.select(*_LEARNER, **{f"{name}_ever": ever[name] for name in COUNTS})
    for more in (_activity(tables, params), latest_grades(tables, params), engagement(tables, params), ever):
        known = known.left_join(more, list(_LEARNER)).drop("course_id_right", "user_id_right")
    bounds = ranges(tables, params)
    known = known.left_join(bounds, "course_id").drop("course_id_right")
    known = known.mutate(**{name: known[name].coalesce(0) for name in (*COUNTS, *EVER, "this_week", "week_before")})
    high = [_is_high(known, name) for name in COUNTS[1:5]]
    here = known.this_week > 0
    return known.select(
        *_LEARNER, "mode", "enrolled_on", "last", "percent", *COUNTS, *EVER, "attempts_per_completed",
        passed=known.passed.fill_null(False),
        highly_engaged=ibis.or_(*high),
        struggling=_is_high(known, _PER),
        disengaging=~here & (known.week_before > 0),
        inactive=~here & (known.week_before == 0),
        at_risk=~known.passed.fill_null(False) & ~here & known["last"].notnull(),
    )  # fmt: skip


def _is_high(known: ir.Table, name: str) -> ir.BooleanValue:
    """At or above the upper bound, where that is above the lower one, or infinite."""
    value, low, high = known[name], known[f"{name}_low"], known[f"{name}_high"]
    found: ir.BooleanValue = ((value >= high) & ((high > low) | (high == math.inf))).fill_null(False)
    return found


def _enrolled(tables: Tables, params: Params) -> ir.Table:
    """Who is enrolled at the end, in which mode, since when."""
    now = standing(tables, params)
    now = now.filter(now.enrolled == 1).select(*_LEARNER, "mode")
    told = tables.enrol.filter(tables.enrol.event_type == ACTIVATED)
    since = told.group_by(*_LEARNER).agg(enrolled_on=told.time.min().date())
    return now.join(since, list(_LEARNER)).select(*_LEARNER, "mode", "enrolled_on")


def _activity(tables: Tables, params: Params) -> ir.Table:
    """When each was last seen, and how much they did in the last two weeks."""
    seen = before(tables.activity, params)
    start = params.week - timedelta(days=7)
    return seen.group_by(*_LEARNER).agg(
        last=seen["last"].max(),
        this_week=(seen.day >= params.week).sum(),
        week_before=((seen.day >= start) & (seen.day < params.week)).sum(),
    )
