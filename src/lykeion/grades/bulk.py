"""What many learners earned, in a read or two: for pages and reports. Values are tuples: there may be very many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from django.db.models import ExpressionWrapper, Field, Q

from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.grades.types import BookCell, BookRow

_SET = ("override_earned_all", "override_possible_all", "override_earned_graded", "override_possible_graded")
_NOTHING: Final[list[None]] = [None] * 4


def book(run_id: int, user_ids: Collection[int]) -> dict[int, BookRow]:
    """The course and subsection grades of these learners as they are stored, overrides in force."""
    if not user_ids:
        return {}
    asked = {"run_id": run_id, "user_id__in": list(user_ids)}
    found = SubsectionGrade.objects.filter(**asked).values_list(
        "user_id", "ref", "earned_graded", "possible_graded", *_SET, _yes(Q(first_attempted__isnull=False))
    )
    cells: dict[int, dict[str, BookCell]] = {}
    for user_id, ref, earned, possible, *instead, attempted in found.iterator(chunk_size=2000):
        cells.setdefault(user_id, {})[ref] = _cell(earned, possible, instead, bool(attempted))
    rows = CourseGrade.objects.filter(**asked).values_list("user_id", "percent", "letter", "passed")
    return {row[0]: BookRow(row[1], row[2], row[3], cells.get(row[0], {})) for row in rows}


def _yes(condition: Q) -> ExpressionWrapper[Q]:
    """1 or 0, as the database says it: values of fields with a type are converted one by one."""
    return ExpressionWrapper(condition, output_field=Field())


def _cell(earned: float, possible: float, instead: Sequence[float | None], attempted: bool) -> BookCell:
    """With what stands in the place of a computed value, if anything does (in the order of ``_SET``)."""
    if instead == _NOTHING:
        return BookCell(earned, possible, attempted, False)
    _earned_all, _possible_all, set_earned, set_possible = instead
    return BookCell(
        earned if set_earned is None else set_earned,
        possible if set_possible is None else set_possible,
        attempted,
        True,
    )


def scores(
    run_id: int, user_ids: Collection[int], refs: Collection[str] | None
) -> dict[int, dict[str, tuple[float, float]]]:
    """The raw scores of each learner, of ``refs`` only if given."""
    rows = BlockScore.objects.filter(user_id__in=list(user_ids), run_id=run_id)
    if refs is not None:
        rows = rows.filter(ref__in=list(refs))
    found: dict[int, dict[str, tuple[float, float]]] = {}
    columns = rows.values_list("user_id", "ref", "raw_earned", "raw_possible")
    for user_id, ref, earned, possible in columns.iterator(chunk_size=2000):
        found.setdefault(user_id, {})[ref] = (earned, possible)
    return found
