"""What many learners earned, in a read or two: for pages and reports. Values are tuples: there may be very many."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Coalesce

from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.grades.types import BookCell, BookRow

_SET = ("override_earned_all", "override_possible_all", "override_earned_graded", "override_possible_graded")


def book(run_id: int, user_ids: Collection[int]) -> dict[int, BookRow]:
    """The course and subsection grades of these learners as they are stored, overrides in force."""
    if not user_ids:
        return {}
    asked = {"run_id": run_id, "user_id__in": list(user_ids)}
    overridden = Q()
    for name in _SET:
        overridden |= Q(**{f"{name}__isnull": False})
    found = (
        SubsectionGrade.objects.filter(**asked)
        .annotate(
            earned=Coalesce("override_earned_graded", "earned_graded"),
            possible=Coalesce("override_possible_graded", "possible_graded"),
            attempted=ExpressionWrapper(Q(first_attempted__isnull=False), output_field=BooleanField()),
            overridden=ExpressionWrapper(overridden, output_field=BooleanField()),
        )
        .values_list("user_id", "ref", "earned", "possible", "attempted", "overridden")
    )
    cells: dict[int, dict[str, BookCell]] = {}
    for user_id, ref, *values in found.iterator(chunk_size=2000):
        cells.setdefault(user_id, {})[ref] = BookCell(*values)
    rows = CourseGrade.objects.filter(**asked).values_list("user_id", "percent", "letter", "passed")
    return {row[0]: BookRow(row[1], row[2], row[3], cells.get(row[0], {})) for row in rows}


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
