"""The latest grade of each learner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from statistics import fmean, median
from typing import Any

from tests.analytics.metrics.definitions.events import Row, rows_of


def grades(lines: Sequence[bytes], end: date) -> dict[tuple[str, int], tuple[float | None, bool]]:
    """Each learner's latest grade and whether it is a pass."""
    found: dict[tuple[str, int], tuple[float | None, bool, bool | None]] = {}
    for row in rows_of(lines):
        if row["kind"] != "grade" or row["time"].date() >= end:
            continue
        key = (row["course_id"], row["user_id"])
        percent, lettered, word = found.get(key, (None, False, None))
        if row["event_type"] == "edx.grades.course.grade_calculated":
            found[key] = (row["percent"], bool(row["letter"]), word)
        elif row["event_type"].startswith("edx.course.grade.now_"):
            found[key] = (percent, lettered, row["event_type"].endswith("passed"))
    return {key: (percent, lettered if word is None else word) for key, (percent, lettered, word) in found.items()}


def averages(lines: Sequence[bytes], end: date) -> list[Row]:
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for (course, _user), (percent, passed) in grades(lines, end).items():
        if percent is not None:
            found[course].append((percent, passed))
    return [
        {
            "course_id": course,
            "learners": len(each),
            "passed": sum(passed for _percent, passed in each),
            "average": fmean(percent for percent, _passed in each),
            "median": median(percent for percent, _passed in each),
        }
        for course, each in found.items()
    ]


def grade_distribution(lines: Sequence[bytes], end: date) -> list[Row]:
    tenths: dict[Any, list[bool]] = defaultdict(list)
    for (course, _user), (percent, passed) in grades(lines, end).items():
        if percent is not None:
            tenths[course, min(int(percent * 10), 9)].append(passed)
    return [
        {"course_id": course, "tenth": tenth, "learners": len(found), "passed": sum(found)}
        for (course, tenth), found in tenths.items()
    ]
