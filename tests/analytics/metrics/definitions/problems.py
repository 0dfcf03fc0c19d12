"""What was answered, and how well questions tell who knows the rest."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.analytics.metrics.definitions.events import Row, by, rows_of


def submissions(lines: Sequence[bytes], end: date) -> list[tuple[tuple[Any, ...], list[Row]]]:
    told = [row for row in rows_of(lines) if row["event_type"] == "problem_check" and row["kind"] == "problem"]
    told = [row for row in told if row["user_id"] and row["course_id"] and row["parts"] and row["time"].date() < end]
    return by(told, "course_id", "problem_id", "user_id")


REPEATING = {
    "choiceresponse",
    "optionresponse",
    "multiplechoiceresponse",
    "numericalresponse",
    "stringresponse",
    "formularesponse",
}


def answers(lines: Sequence[bytes], end: date) -> list[Row]:
    given: dict[Any, list[Any]] = defaultdict(list)
    newest: dict[Any, Any] = {}
    for (course, problem, _user), sent in submissions(lines, end):
        for place, event in enumerate((sent[0], sent[-1])):
            for part in event["parts"]:
                key = (course, problem, part[0], part[2] or part[1], part[7])
                given[key].append((event["time"], place, part))
                newest[key[:3]] = max(newest.get(key[:3], (event["time"], "")), (event["time"], part[4] or ""))
    return [
        {
            "course_id": course,
            "problem_id": problem,
            "part_id": part_id,
            "value": value,
            "variant": variant,
            "answer": max(found)[2][1],
            "correct": max(found)[2][3],
            "first_count": sum(place == 0 for _at, place, _part in found),
            "last_count": sum(place == 1 for _at, place, _part in found),
        }
        for (course, problem, part_id, value, variant), found in given.items()
        if newest[course, problem, part_id][1] in REPEATING
    ]


def scores(lines: Sequence[bytes], end: date) -> list[Row]:
    counts = Counter(
        (course, problem, sent[-1]["grade"], sent[-1]["max_grade"])
        for (course, problem, _user), sent in submissions(lines, end)
        if sent[-1]["grade"] is not None
    )
    names = ("course_id", "problem_id", "grade", "max_grade")
    return [{**dict(zip(names, key, strict=True)), "learners": count} for key, count in counts.items()]


def items(lines: Sequence[bytes], end: date) -> list[Row]:
    right: dict[Any, dict[Any, bool]] = defaultdict(dict)
    first: Counter[Any] = Counter()
    sent_in_all: Counter[Any] = Counter()
    for (course, problem, user), sent in submissions(lines, end):
        for part in sent[-1]["parts"]:
            right[course, problem, part[0]][user] = bool(part[3])
            sent_in_all[course, problem, part[0]] += len(sent)
        for part in sent[0]["parts"]:
            first[course, problem, part[0]] += bool(part[3])
    total: Counter[Any] = Counter()
    for (course, _problem, _part), found in right.items():
        for user, well in found.items():
            total[course, user] += well
    return [
        {
            "course_id": course,
            "problem_id": problem,
            "part_id": part_id,
            "learners": len(found),
            "submissions": sent_in_all[course, problem, part_id],
            "right_first": first[course, problem, part_id],
            "right_last": sum(found.values()),
            "discrimination": correlation([(well, total[course, user] - well) for user, well in found.items()]),
        }
        for (course, problem, part_id), found in right.items()
    ]


def responses(lines: Sequence[bytes], end: date) -> list[Row]:
    return [
        {
            "course_id": course,
            "problem_id": problem,
            "user_id": user,
            "part_id": part[0],
            "answer": part[1],
            "correct": part[3],
            "grade": sent[-1]["grade"],
            "max_grade": sent[-1]["max_grade"],
            "attempts": len(sent),
            "first_at": sent[0]["time"],
            "last_at": sent[-1]["time"],
        }
        for (course, problem, user), sent in submissions(lines, end)
        for part in sent[-1]["parts"]
    ]


def tags(lines: Sequence[bytes], end: date) -> list[Row]:
    sent = [row for row in rows_of(lines) if row["event_type"] == "problem_check" and row["course_id"]]
    return [
        {
            "course_id": course,
            "problem_id": problem,
            "name": name,
            "value": value,
            "submissions": len(rows),
            "correct": sum(row["success"] == "correct" for row in rows),
        }
        for (course, problem), rows in by([row for row in sent if row["time"].date() < end], "course_id", "problem_id")
        for name, value in rows[-1]["tags"]
    ]


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's, by its definition; none where one of both does not vary."""
    n = len(pairs)
    middle = [sum(pair[side] for pair in pairs) / n for side in (0, 1)]
    off = [(x - middle[0], y - middle[1]) for x, y in pairs]
    spread = math.sqrt(sum(x * x for x, _ in off) * sum(y * y for _, y in off))
    return round(sum(x * y for x, y in off) / spread, 9) if spread > 1e-9 else None
