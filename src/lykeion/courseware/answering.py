"""What learners left in one block, part by part: for reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from lykeion.courseware.models import LearnerState


class AnswerRow(NamedTuple):
    """One learner's fields of a block (``state``, the JSON text that is stored), and when they changed last."""

    user_id: int
    state: str
    modified: datetime


def answers_in(run_id: int, ref: str, *, limit: int = 500) -> Iterator[tuple[AnswerRow, ...]]:
    """Everybody's fields of the block ``ref`` of a run, by learner, in parts of ``limit``; one read for each part."""
    rows = LearnerState.objects.filter(run_id=run_id, ref=ref).exclude(state="").order_by("user_id")
    last = 0
    while True:
        found = rows.filter(user_id__gt=last).values_list("user_id", "state", "modified")[:limit]
        part = tuple(AnswerRow(*row) for row in found)
        if part:
            yield part
            last = part[-1].user_id
        if len(part) < limit:
            return


def count_answers(run_id: int, refs: list[str]) -> int:
    """How many rows :func:`answers_in` yields for these blocks at most. One read for every 500 blocks."""
    parts = [refs[start : start + 500] for start in range(0, len(refs), 500)]
    return sum(LearnerState.objects.filter(run_id=run_id, ref__in=part).count() for part in parts)
