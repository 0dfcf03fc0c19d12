"""How each learner is doing beside the others of the course."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tests.analytics.metrics.definitions.activity import active
from tests.analytics.metrics.definitions.engagement import kind_used, posted
from tests.analytics.metrics.definitions.enrolment import end_of_days
from tests.analytics.metrics.definitions.events import DAY, Row, by, rows_of
from tests.analytics.metrics.definitions.grades import grades


def engagement(lines: Sequence[bytes], end: date) -> list[Row]:
    start = end - timedelta(days=7)
    told = [row for row in rows_of(lines) if start <= row["time"].date() < end and row["user_id"] and row["course_id"]]
    told = [row for row in told if _counts(row)]
    return [_engaged(course, user, rows) for (course, user), rows in by(told, "course_id", "user_id")]


def _engaged(course: str, user: int, rows: Sequence[Row]) -> Row:
    problems = [row for row in rows if kind_used(row) == "problem"]
    completed = {row["problem_id"] for row in problems if row["success"] == "correct"}
    created = [row for row in rows if posted(row)]
    return {
        "course_id": course,
        "user_id": user,
        "problem_attempts": len(problems),
        "problems_attempted": len({row["problem_id"] for row in problems}),
        "problems_completed": len(completed),
        "videos_viewed": len({row["video_id"] for row in rows if kind_used(row) == "video"}),
        "discussion_contributions": len(created),
        "days_active": len({row["time"].date() for row in rows}),
        "attempts_per_completed": _ratio(len(problems), len(completed)),
    }


def _counts(row: Row) -> bool:
    """What is only looked at or voted for in the forum is none of what learners are measured by."""
    return kind_used(row) in ("problem", "video") or posted(row) is not None


def _ratio(attempts: int, completed: int) -> float | None:
    if not attempts:
        return None
    return attempts / completed if completed else math.inf


def engagement_ever(lines: Sequence[bytes], end: date) -> list[Row]:
    told = [row for row in rows_of(lines) if row["time"].date() < end and row["user_id"] and row["course_id"]]
    told = [row for row in told if _counts(row)]
    found = [_engaged(course, user, rows) for (course, user), rows in by(told, "course_id", "user_id")]
    return [{name: value for name, value in row.items() if name != "attempts_per_completed"} for row in found]


RANGED = (
    "problem_attempts",
    "problems_attempted",
    "problems_completed",
    "videos_viewed",
    "discussion_contributions",
    "attempts_per_completed",
)


def percentile(values: Sequence[float], share: float) -> float | None:
    """With what lies between two values in proportion, as numpy does it; a value itself where it falls on one."""
    if not values:
        return None
    ordered = sorted(values)
    place, hundredths = divmod((len(ordered) - 1) * round(share * 100), 100)
    below, above = ordered[place], ordered[min(place + 1, len(ordered) - 1)]
    return below if hundredths == 0 or below == above else below + (above - below) * (hundredths / 100)


def ranges(lines: Sequence[bytes], end: date) -> list[Row]:
    found = []
    for (course,), rows in by(engagement(lines, end), "course_id"):
        bounds: Row = {"course_id": course}
        for name in RANGED:
            values = [float(row[name]) for row in rows if row[name] is not None]
            bounds |= {f"{name}_low": percentile(values, 0.15), f"{name}_high": percentile(values, 0.85)}
        found.append(bounds)
    return found


def learners(lines: Sequence[bytes], end: date) -> list[Row]:
    week = {(row["course_id"], row["user_id"]): row for row in engagement(lines, end)}
    before = {(row["course_id"], row["user_id"]): row for row in engagement_ever(lines, end)}
    bounds = {row["course_id"]: row for row in ranges(lines, end)}
    graded = grades(lines, end)
    since: dict[Any, date] = {}
    for row in rows_of(lines):
        if row["event_type"] == "edx.course.enrollment.activated" and row["time"].date() < end:
            since.setdefault((row["course_id"], row["user_id"]), row["time"].date())
    found = []
    for row in end_of_days(lines, end):
        if row["day"] == end - DAY and row["enrolled"]:
            key = (row["course_id"], row["user_id"])
            own = [one for one in active(lines, end) if (one["course_id"], one["user_id"]) == key]
            done = week.get(key) or {**_engaged(*key, []), "days_active": 0}
            told = _told(own, done, bounds.get(key[0], {}), graded.get(key, (None, False)), end)
            all_of_it = before.get(key) or {**_engaged(*key, []), "days_active": 0}
            ever = {f"{name}_ever": all_of_it[name] for name in (*RANGED[:5], "days_active")}
            found.append({**done, **ever, "mode": row["mode"], "enrolled_on": since[key], **told})
    return found


def _told(own: Sequence[Row], week: Row, bounds: Row, grade: tuple[float | None, bool], end: date) -> Row:
    last: datetime | None = max((row["time"] for row in own), default=None)
    here = any(end - timedelta(days=7) <= row["time"].date() for row in own)
    before = any(end - timedelta(days=14) <= row["time"].date() < end - timedelta(days=7) for row in own)

    def is_high(name: str) -> bool:
        low, high = bounds.get(f"{name}_low"), bounds.get(f"{name}_high")
        value = week[name]
        if value is None or low is None or high is None:
            return False
        return bool(value >= high and (high > low or high == math.inf))

    return {
        "last": last,
        "percent": grade[0],
        "passed": grade[1],
        "highly_engaged": any(is_high(name) for name in RANGED[1:5]),
        "struggling": is_high("attempts_per_completed"),
        "disengaging": not here and before,
        "inactive": not here and not before,
        "at_risk": not grade[1] and not here and last is not None,
    }
