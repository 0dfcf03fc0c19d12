"""Which blocks were completed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from tests.analytics.metrics.definitions.events import Row, rows_of


def done(lines: Sequence[bytes], end: date) -> set[tuple[str, int, str]]:
    latest: dict[Any, float] = {}
    for row in rows_of(lines):
        if row["kind"] == "completion" and row["user_id"] and row["course_id"] and row["time"].date() < end:
            latest[row["course_id"], row["user_id"], row["block_id"]] = row["completion"]
    return {key for key, value in latest.items() if value >= 1}


def completion(lines: Sequence[bytes], end: date) -> list[Row]:
    counts = Counter((course, block) for course, _user, block in done(lines, end))
    return [{"course_id": course, "block_id": block, "learners": count} for (course, block), count in counts.items()]


def funnel(lines: Sequence[bytes], end: date, outline: Sequence[Row]) -> list[Row]:
    found = []
    finished = done(lines, end)
    for (course, part), blocks in groupby(outline, key=lambda row: (row["course_id"], row["part_id"])):
        names = {row["block_id"] for row in blocks}
        each: dict[int, set[str]] = defaultdict(set)
        for of, user, block in finished:
            if of == course and block in names:
                each[user].add(block)
        if each:
            complete = sum(blocks_done == names for blocks_done in each.values())
            found.append({"course_id": course, "part_id": part, "started": len(each), "finished": complete})
    return found
