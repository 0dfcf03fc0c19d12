"""Reading and writing the tables of ``grades``; a known number of statements each, whatever the course."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from lykeion.core.prepared import Prepared
from lykeion.core.upsert import upsert
from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.grades.sheet import RawScore
from lykeion.grades.types import Standing

Totals = tuple[float, float, float, float]
"""(earned, possible) of all and (earned, possible) of the graded blocks."""
Stored = tuple[Totals, datetime | None, bool]
"""The totals in force of a subsection, when it was first attempted, and whether they are overridden."""

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
    rows = [
        SubsectionGrade(
            user_id=user_id,
            run_id=run_id,
            ref=ref,
            **dict(zip(_TOTALS, values, strict=True)),
            first_attempted=first,
            modified=at,
        )
        for ref, (values, first) in totals.items()
    ]
    upsert(rows, [*_TOTALS, "first_attempted", "modified"])


def read_totals(user_id: int, run_id: int) -> dict[str, Stored]:
    """What is stored of each subsection of a learner that has anything."""
    values = _STORED(user_id, run_id)
    return {row[0]: (_in_force(row[2:6], row[6:]), row[1], any(one is not None for one in row[6:])) for row in values}


def _in_force(computed: tuple[float, ...], override: tuple[float | None, ...]) -> Totals:
    all_earned, all_possible, earned, possible = (
        value if instead is None else instead for value, instead in zip(computed, override, strict=True)
    )
    return all_earned, all_possible, earned, possible
