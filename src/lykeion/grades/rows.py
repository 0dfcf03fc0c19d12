"""Reading and writing the tables of ``grades``; a known number of statements each, whatever the course."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import models, router

from lykeion.core.prepared import Prepared
from lykeion.core.upsert import upsert
from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.grades.sheet import RawScore
from lykeion.grades.types import Standing

Totals = tuple[float, float, float, float]
"""(earned, possible) of all and (earned, possible) of the graded blocks."""
Stored = tuple[Totals, datetime | None, bool]
"""The totals in force of a subsection, when it was first attempted, and whether they are overridden."""

Kept = tuple[Totals, datetime | None, tuple[float | None, ...]]
"""The computed totals of a subsection, when it was first attempted, and what stands in their place (None: nothing)."""

_READ = 2000  # rows of one fetch
_TOTALS = ("earned_all", "possible_all", "earned_graded", "possible_graded")
_OVERRIDES = tuple(f"override_{name}" for name in _TOTALS)
_SCORE = ("ref", "raw_earned", "raw_possible", "first_attempted")

_LOCK = Prepared(
    CourseGrade,
    lambda rows, user, run: (
        rows.filter(user_id=user, run_id=run)
        .select_for_update()
        .values_list("percent", "letter", "passed", "passed_at")
    ),
    write=True,
)
_SCORES = Prepared(
    BlockScore,
    lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list(*_SCORE),
    write=True,
)
_SCORES_OF = Prepared(
    BlockScore,
    lambda rows, user, run, refs: rows.filter(user_id=user, run_id=run, ref__in=refs).values_list(*_SCORE),
    write=True,
)
_STORED = Prepared(
    SubsectionGrade,
    lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list(
        "ref", "first_attempted", *_TOTALS, *_OVERRIDES
    ),
    write=True,
)


def lock(user_id: int, run_id: int, at: datetime) -> Standing:
    """Locks the learner's row of the run until the transaction ends (making it first), and says what was in it."""
    found = _locked(user_id, run_id)
    if found is None:
        upsert([CourseGrade(user_id=user_id, run_id=run_id, modified=at)], ["modified"])
        found = _locked(user_id, run_id)
    assert found is not None  # noqa: S101  made one statement earlier in this transaction
    return found


def _locked(user_id: int, run_id: int) -> Standing | None:
    return next((Standing(*row) for row in _LOCK(user_id, run_id)), None)


def lock_many(user_ids: Collection[int], run_id: int, at: datetime) -> dict[int, Standing]:
    """As :func:`lock`, for many learners: in the order of their ids, so that two who lock the same do not wait for
    each other for ever."""
    found = _locked_many(user_ids, run_id)
    missing = [one for one in user_ids if one not in found]
    if missing:
        upsert([CourseGrade(user_id=one, run_id=run_id, modified=at) for one in missing], ["modified"])
        found = _locked_many(user_ids, run_id)
    return found


def _locked_many(user_ids: Collection[int], run_id: int) -> dict[int, Standing]:
    rows = CourseGrade.objects.filter(user_id__in=list(user_ids), run_id=run_id).select_for_update().order_by("user_id")
    values = rows.values_list("user_id", "percent", "letter", "passed", "passed_at")
    return {row[0]: Standing(*row[1:]) for row in values}


def read_many_scores(user_ids: Collection[int], run_id: int) -> dict[int, dict[str, RawScore]]:
    """The raw scores of many learners. One read."""
    found: dict[int, dict[str, RawScore]] = {one: {} for one in user_ids}
    rows = BlockScore.objects.using(_writer(BlockScore)).filter(user_id__in=list(user_ids), run_id=run_id)
    for user_id, ref, *score in rows.values_list("user_id", *_SCORE).iterator(chunk_size=_READ):
        found[user_id][ref] = (score[0], score[1], score[2])
    return found


def read_many_totals(user_ids: Collection[int], run_id: int) -> dict[int, dict[str, Kept]]:
    """What is stored of the subsections of many learners, computed and overridden apart. One read."""
    found: dict[int, dict[str, Kept]] = {one: {} for one in user_ids}
    rows = SubsectionGrade.objects.using(_writer(SubsectionGrade)).filter(user_id__in=list(user_ids), run_id=run_id)
    values = rows.values_list("user_id", "ref", "first_attempted", *_TOTALS, *_OVERRIDES)
    for row in values.iterator(chunk_size=_READ):
        found[row[0]][row[1]] = (row[3:7], row[2], row[7:])
    return found


def _writer(model: type[models.Model]) -> str:
    """A replica may not know yet what was written a moment ago."""
    return router.db_for_write(model)


def read_scores(user_id: int, run_id: int, refs: Collection[str] | None = None) -> dict[str, RawScore]:
    """The raw scores of a learner, of ``refs`` only if given."""
    values = _SCORES(user_id, run_id) if refs is None else _SCORES_OF(user_id, run_id, refs) if refs else ()
    return {ref: (earned, possible, first) for ref, earned, possible, first in values}


def write_scores(user_id: int, run_id: int, scores: Mapping[str, RawScore], at: datetime) -> None:
    """Puts these scores in the place of older ones."""
    rows = [
        BlockScore(
            user_id=user_id,
            run_id=run_id,
            ref=ref,
            raw_earned=earned,
            raw_possible=possible,
            first_attempted=first or at,
            modified=at,
        )
        for ref, (earned, possible, first) in scores.items()
    ]
    upsert(rows, ["raw_earned", "raw_possible", "modified"])


def delete_scores(user_id: int, run_id: int, refs: Collection[str]) -> None:
    """Takes these scores away."""
    if refs:
        BlockScore.objects.filter(user_id=user_id, run_id=run_id, ref__in=refs).delete()


def write_totals(user_id: int, run_id: int, totals: Mapping[str, tuple[Totals, datetime | None]], at: datetime) -> None:
    """Puts these computed totals in the place of older ones; overrides stay."""
    write_many_totals(run_id, {user_id: totals}, at)


def write_many_totals(
    run_id: int, many: Mapping[int, Mapping[str, tuple[Totals, datetime | None]]], at: datetime
) -> None:
    """As :func:`write_totals`, for many learners by id: a statement for each hundred rows."""
    rows = [
        SubsectionGrade(
            user_id=user_id,
            run_id=run_id,
            ref=ref,
            **dict(zip(_TOTALS, values, strict=True)),
            first_attempted=first,
            modified=at,
        )
        for user_id, totals in many.items()
        for ref, (values, first) in totals.items()
    ]
    upsert(rows, [*_TOTALS, "first_attempted", "modified"])


def read_totals(user_id: int, run_id: int) -> dict[str, Stored]:
    """What is stored of each subsection of a learner that has anything."""
    values = _STORED(user_id, run_id)
    return {row[0]: (in_force(row[2:6], row[6:]), row[1], any(one is not None for one in row[6:])) for row in values}


def in_force(computed: tuple[float, ...], override: tuple[float | None, ...]) -> Totals:
    """The totals that count: what stands in the place of a computed one, else that."""
    all_earned, all_possible, earned, possible = (
        value if instead is None else instead for value, instead in zip(computed, override, strict=True)
    )
    return all_earned, all_possible, earned, possible
