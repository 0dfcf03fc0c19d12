"""Who did anything in a week, and who came back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from tests.analytics.metrics.definitions.enrolment import switches
from tests.analytics.metrics.definitions.events import Row, by, monday, rows_of


def active(lines: Sequence[bytes], end: date) -> list[Row]:
    """The events that are somebody's activity in a course."""
    return [
        row
        for row in rows_of(lines)
        if row["kind"] not in ("enrol", "grade", "completion")
        and not row["event_type"].startswith("edx.course.enrollment.")
        and row["course_id"]
        and row["user_id"]
        and row["event_source"] != "task"
        if row["time"].date() < end
    ]


LABELS: dict[str, Callable[[Row], bool]] = {
    "any": lambda row: True,
    "attempted": lambda row: row["event_source"] == "server" and row["event_type"] == "problem_check",
    "played": lambda row: row["event_source"] in ("browser", "mobile") and row["event_type"] == "play_video",
    "posted": lambda row: (
        row["event_source"] == "server"
        and row["event_type"].startswith("edx.forum.")
        and row["event_type"].endswith(".created")
    ),
}


def weekly_activity(lines: Sequence[bytes], end: date) -> list[Row]:
    seen = [{**row, "week": monday(row["time"].date())} for row in active(lines, end)]
    return [
        {
            "course_id": course,
            "week": week,
            **{label: len({row["user_id"] for row in rows if is_one(row)}) for label, is_one in LABELS.items()},
        }
        for (course, week), rows in by(seen, "course_id", "week")
    ]


def retention(lines: Sequence[bytes], end: date) -> list[Row]:
    first: dict[Any, date] = {}
    for row in switches(lines, end):
        if row["event_type"] == "edx.course.enrollment.activated":
            first.setdefault((row["course_id"], row["user_id"]), monday(row["time"].date()))
    seen: dict[Any, set[int]] = defaultdict(set)
    for row in active(lines, end):
        cohort = first.get((row["course_id"], row["user_id"]))
        if cohort and monday(row["time"].date()) >= cohort:
            since = (monday(row["time"].date()) - cohort).days // 7
            seen[row["course_id"], cohort, since].add(row["user_id"])
    sizes = Counter((course, cohort) for (course, _user), cohort in first.items())
    return [
        {"course_id": course, "cohort": cohort, "since": since, "active": len(who), "size": sizes[course, cohort]}
        for (course, cohort, since), who in seen.items()
    ]
