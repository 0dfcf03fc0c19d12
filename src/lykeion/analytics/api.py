"""The door of ``analytics``: results, read by key. No engine is asked, nothing is counted here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from lykeion.analytics.columns import COLUMNS
from lykeion.analytics.models import EVER, FLAGS, MEASURES, Figure, LearnerFigure, Reading
from lykeion.analytics.types import Learner, LearnerPage, LearnerQuery, Row
from lykeion.jobs import api as jobs

__all__ = [
    "COLUMNS",
    "FLAGS",
    "FORGET",
    "MEASURES",
    "REFRESH",
    "SEND",
    "SORTS",
    "figures",
    "learners",
    "modes",
    "order_refresh",
    "until",
    "walk",
]

REFRESH: Final = "analytics.refresh"
FORGET: Final = "analytics.forget"
SEND: Final = "analytics.send"
_FIELDS: Final = tuple(
    field.name for field in LearnerFigure._meta.concrete_fields if field.name not in ("id", "run_id")
)
SORTS: Final = frozenset(("user_id", "enrolled_on", "last", "percent", "attempts_per_completed", *MEASURES, *EVER))
"""Columns that lists of learners can be sorted by."""
_CHUNK: Final = 500


def figures(run_id: int, metric: str, part: str = "") -> list[Row]:
    """The rows of a metric (of :data:`~lykeion.analytics.columns.COLUMNS`) for a run, or for a problem or video of it;
    none when nothing was counted. One read."""
    found = Figure.objects.filter(run_id=run_id, metric=metric, part=part).values_list("rows", flat=True).first()
    return [dict(zip(COLUMNS[metric], row, strict=True)) for row in found or []]


def until() -> datetime | None:
    """Events before this moment are in all results; None before the first were made. One read."""
    return Reading.objects.values_list("until", flat=True).first()


def learners(run_id: int, query: LearnerQuery) -> LearnerPage:
    """A page of the learners of a run. Two reads."""
    rows = _chosen(run_id, query)
    start = (query.page - 1) * query.size
    order = query.sort if query.sort.removeprefix("-") in SORTS else "-problem_attempts"
    page = rows.order_by(order, "user_id")[start : start + query.size]
    return LearnerPage(tuple(Learner(*values) for values in page.values_list(*_FIELDS)), rows.count())


def walk(run_id: int, query: LearnerQuery) -> Iterator[Learner]:
    """All learners that ``query`` asks for, by number, in constant memory."""
    rows = _chosen(run_id, query).order_by("user_id").values_list(*_FIELDS)
    return (Learner(*values) for values in rows.iterator(_CHUNK))


def modes(run_id: int) -> list[str]:
    """The modes that learners of a run are in."""
    return sorted(LearnerFigure.objects.filter(run_id=run_id).values_list("mode", flat=True).distinct())


def order_refresh(*, by: int | None, title: str = "") -> int:
    """Orders that all results are made anew; the job's id."""
    return jobs.enqueue(REFRESH, {"forced": True}, key=f"{REFRESH}:forced", by=by, title=title)


def _chosen(run_id: int, query: LearnerQuery) -> Any:
    rows = LearnerFigure.objects.filter(run_id=run_id)
    if query.flag in FLAGS:
        rows = rows.filter(**{query.flag: True})
    if query.mode:
        rows = rows.filter(mode=query.mode)
    return rows if query.user_ids is None else rows.filter(user_id__in=query.user_ids)
