"""Who takes a course, day by day (analytics.md §1.1). Only what changes is added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from lykeion.analytics.metrics.grades import latest_grades
from lykeion.analytics.metrics.tables import Params, Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LEARNER = ("course_id", "user_id")
ACTIVATED = "edx.course.enrollment.activated"
DEACTIVATED = "edx.course.enrollment.deactivated"
TRAITS: Final = ("gender", "birth_year", "education", "country")
_GENDERS: Final = ("f", "m", "o")
_EDUCATION: Final = ("none", "el", "jhs", "hs", "a", "b", "m", "p", "other")
_DOCTORATES: Final = ("p_se", "p_oth")  # of before 2013


def enrolment(tables: Tables, params: Params) -> ir.Table:
    """Course, day, mode: learners enrolled at the end of the day (``count``), and those who ever were
    (``cumulative``: their latest mode is this one). From the first event of a mode to the last day."""
    return _daily(end_of_days(tables, params), "mode", params)


def enrolment_by_gender(tables: Tables, params: Params) -> ir.Table:
    """Course, day, gender (``f``, ``m``, ``o``; '' for those who did not tell): as :func:`enrolment`."""
    return _daily(_with_traits(end_of_days(tables, params), params), "gender", params)


def demography(tables: Tables, params: Params) -> ir.Table:
    """Course, ``trait`` (``gender``, ``birth_year``, ``education``, ``country``), ``value`` ('' for not told): learners
    enrolled at the end (``count``) and those who ever were (``cumulative``)."""
    told = _with_traits(standing(tables, params), params)
    each = ibis.array([ibis.struct({"trait": trait, "value": told[trait]}) for trait in TRAITS])
    one = told.select("course_id", "enrolled", told=each.unnest())
    one = one.select("course_id", "enrolled", trait=one.told["trait"], value=one.told["value"])
    return one.group_by("course_id", "trait", "value").agg(
        count=one.enrolled.sum().cast("int64"), cumulative=one.count().cast("int64")
    )


def summary(tables: Tables, params: Params) -> ir.Table:
    """Course, mode: learners enrolled at the end (``count``), how many more than a week before (``change``), those who
    ever were (``cumulative``), and how many of the latter pass now (``passing``). A course has at least one row; a
    track that all have left since has one too, so that changes add up."""
    ends = end_of_days(tables, params)
    before = _latest(ends.filter(ends.day < params.week))
    then = before.group_by("course_id", "mode").agg(before=before.enrolled.sum())
    then = then.filter(then.before > 0)
    graded = latest_grades(tables, params)
    people = _latest(ends).left_join(graded.select(*_LEARNER, "passed"), list(_LEARNER))
    now = people.group_by("course_id", "mode").agg(
        count=people.enrolled.sum().cast("int64"),
        cumulative=people.count().cast("int64"),
        passing=people.passed.fill_null(False).sum().cast("int64"),
    )
    both = now.outer_join(then, ["course_id", "mode"])
    counts = {name: both[name].coalesce(0) for name in ("count", "cumulative", "passing")}
    return both.select(
        course_id=both.course_id.coalesce(both.course_id_right),
        mode=both.mode.coalesce(both.mode_right),
        change=(counts["count"] - both.before.coalesce(0)).cast("int64"),
        **counts,
    )


def standing(tables: Tables, params: Params) -> ir.Table:
    """Course, learner who ever enrolled: whether they are ``enrolled`` (1 or 0) at the end, and their ``mode``."""
    told = _switches(tables, params)
    return told.group_by(*_LEARNER).agg(
        mode=told.mode.argmax(told.place), enrolled=(told.switch.max() % 2).cast("int64")
    )


def enrolments(tables: Tables, params: Params) -> ir.Table:
    """Course, learner who ever enrolled: whether they are ``enrolled`` (1 or 0); the ``mode`` that they were last in
    while enrolled; when they first came (``first_at``) and in which mode, when they last left (``last_left``), when
    they were first in the modes ``verified`` and ``credit``. Who enrols where they are enrolled, or leaves where they
    are not, changes nothing."""
    told = _switches(tables, params)
    earlier = ibis.window(group_by=_LEARNER, order_by=told.place, rows=(None, -1))
    told = told.mutate(was=told.switch.max().over(earlier).coalesce(0) % 2)
    came = (told.event_type == ACTIVATED) & (told.was == 0)
    left = (told.event_type == DEACTIVATED) & (told.was == 1)
    told = told.mutate(
        came=came, left=left, chose=came | (~told.event_type.isin([ACTIVATED, DEACTIVATED]) & (told.was == 1))
    )
    found = told.group_by(*_LEARNER).agg(
        enrolled=(told.switch.max() % 2).cast("int64"),
        mode=told.mode.argmax(told.place, where=told.chose),
        first_mode=told.mode.argmin(told.place, where=told.came),
        first_at=told.time.min(where=told.came),
        last_left=told.time.max(where=told.left),
        first_verified=told.time.min(where=told.chose & (told.mode == "verified")),
        first_credit=told.time.min(where=told.chose & (told.mode == "credit")),
    )
    return found.filter(found.first_at.notnull())


def _latest(ends: ir.Table) -> ir.Table:
    """How the last day left each."""
    return ends.group_by(*_LEARNER).agg(mode=ends.mode.argmax(ends.day), enrolled=ends.enrolled.argmax(ends.day))


def _with_traits(ends: ir.Table, params: Params) -> ir.Table:
    """With what learners told of themselves, as text: one of the codes that there are, or ''."""
    known = ends.left_join(params.people, "user_id").drop("user_id_right")
    education = ibis.ifelse(known.education.isin(_DOCTORATES), "p", known.education)
    return known.mutate(
        gender=ibis.ifelse(known.gender.isin(_GENDERS), known.gender, "").fill_null(""),
        birth_year=known.year_of_birth.cast("string").fill_null(""),
        education=ibis.ifelse(education.isin(_EDUCATION), education, "").fill_null(""),
        country=known.country.fill_null(""),
    )


def _daily(ends: ir.Table, kind: str, params: Params) -> ir.Table:
    """Learners by day and ``kind``, a column of ``ends``."""
    ends = ends.mutate(kind=ends[kind])
    before = ibis.window(group_by=_LEARNER, order_by="day")
    moved = ends.mutate(old_kind=ends.kind.lag().over(before), old_state=ends.enrolled.lag().over(before))
    came = moved.select("course_id", "day", "kind", change=moved.enrolled, ever=ibis.literal(1, "int64"))
    went = moved.filter(moved.old_kind.notnull()).select(
        "course_id", "day", kind=moved.old_kind, change=-moved.old_state, ever=ibis.literal(-1, "int64")
    )
    return _every_day(ibis.union(came, went), params).rename({kind: "kind"})


def end_of_days(tables: Tables, params: Params) -> ir.Table:
    """Course, learner, day on which something happened: whether they are ``enrolled`` (1 or 0) and their ``mode`` after
    the last event of the day. A change of mode changes no state, and any event tells the mode."""
    told = _switches(tables, params)
    ends = told.group_by(*_LEARNER, day=told.time.date()).agg(
        mode=told.mode.argmax(told.place), switch=told.switch.max()
    )
    so_far = ibis.cumulative_window(group_by=_LEARNER, order_by=ends.day)
    return ends.select(*_LEARNER, "day", "mode", enrolled=ends.switch.max().over(so_far).cast("int64") % 2)


def _switches(tables: Tables, params: Params) -> ir.Table:
    """Events with their ``place`` among those of the learner and the course; ``switch`` is greater the later it is, odd
    where somebody enrolled, even where they left or never came, and 0 where nothing of that changed. A track with two
    names has one of them. Whoever is gone is nobody: who is not told apart would be one learner."""
    told = tables.enrol.filter(tables.enrol.time < params.until, tables.enrol.user_id.notnull())
    order = [told.time, told.event_type, told.mode, told.event_id]
    told = told.mutate(place=ibis.row_number().over(ibis.window(group_by=_LEARNER, order_by=order)).cast("int64"))
    switch = ibis.cases(
        (told.event_type == ACTIVATED, told.place * 2 + 1), (told.event_type == DEACTIVATED, told.place * 2), else_=0
    )
    mode = ibis.ifelse(told.mode == "no-id-professional", "professional", told.mode)
    return told.select(*_LEARNER, "time", "event_type", "place", mode=mode, switch=switch)


def _every_day(changes: ir.Table, params: Params) -> ir.Table:
    """Changes added up, with a row for each day since the first."""
    days = changes.group_by("course_id", "kind", "day").agg(change=changes.change.sum(), ever=changes.ever.sum())
    so_far = ibis.cumulative_window(group_by=("course_id", "kind"), order_by="day")
    by_day = ibis.window(group_by=("course_id", "kind"), order_by="day")
    sums = days.select(
        "course_id",
        "kind",
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
    return spread.select("course_id", "kind", "count", "cumulative", day=day)
