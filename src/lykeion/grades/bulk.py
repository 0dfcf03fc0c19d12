"""What many learners earned, in a read or two: for pages and reports. Values are tuples: there may be very many."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import ExpressionWrapper, Field, Q, QuerySet
from django.db.models.functions import Coalesce

from lykeion.core.prepared import Prepared
from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.grades.types import BookCell, BookRow

_SET = ("override_earned_graded", "override_possible_graded", "override_earned_all", "override_possible_all")
"""What may stand in the place of computed values."""


_OVERRIDDEN: Final = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in _SET))


def _plain(value: Q | Coalesce) -> ExpressionWrapper[Q | Coalesce]:
    """As the database says it (yes is 1, no is 0): values of fields with a type are converted one by one."""
    return ExpressionWrapper(value, output_field=Field())


_CELLS: Final = Prepared(
    SubsectionGrade,
    lambda rows, run, users: rows.filter(run_id=run, user_id__in=users).values_list(
        "user_id",
        "ref",
        _plain(Coalesce("override_earned_graded", "earned_graded")),
        _plain(Coalesce("override_possible_graded", "possible_graded")),
        _plain(Q(first_attempted__isnull=False)),
        _plain(_OVERRIDDEN),
    ),
)
_COURSES: Final = Prepared(
    CourseGrade,
    lambda rows, run, users: rows.filter(run_id=run, user_id__in=users).values_list(
        "user_id", "percent", "letter", "passed"
    ),
)


def book(run_id: int, user_ids: Collection[int]) -> dict[int, BookRow]:
    """The course and subsection grades of these learners as they are stored, overrides in force."""
    if not user_ids:
        return {}
    cells: dict[int, dict[str, BookCell]] = {one: {} for one in user_ids}
    for row in _CELLS(run_id, user_ids):
        cells[row[0]][row[1]] = BookCell(*row[2:])
    return {row[0]: BookRow(row[1], row[2], row[3], cells[row[0]]) for row in _COURSES(run_id, user_ids)}


def between(run_id: int, low: float, high: float) -> QuerySet[CourseGrade, int]:
    """The ids of those whose course grade is between these fractions, both included."""
    found = CourseGrade.objects.filter(run_id=run_id, percent__gte=low, percent__lte=high)
    return found.values_list("user_id", flat=True)


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
