"""What many learners earned, in one read each: for reports. Rows come as plain tuples: there may be very many."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Coalesce

from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade

Total = tuple[float, float, bool]
"""(graded earned, graded possible, whether anything was attempted, or set in its place)."""

_SET = ("override_earned_all", "override_possible_all", "override_earned_graded", "override_possible_graded")


def percents(run_id: int, user_ids: Collection[int]) -> dict[int, float]:
    """The stored course grade of each learner who has one."""
    rows = CourseGrade.objects.filter(user_id__in=list(user_ids), run_id=run_id)
    return dict(rows.values_list("user_id", "percent"))


def totals(run_id: int, user_ids: Collection[int]) -> dict[int, dict[str, Total]]:
    """The graded totals of each learner in each subsection that has any, overrides in force."""
    counts = Q(first_attempted__isnull=False)
    for name in _SET:
        counts |= Q(**{f"{name}__isnull": False})
    rows = (
        SubsectionGrade.objects.filter(user_id__in=list(user_ids), run_id=run_id)
        .annotate(
            earned=Coalesce("override_earned_graded", "earned_graded"),
            possible=Coalesce("override_possible_graded", "possible_graded"),
            counts=ExpressionWrapper(counts, output_field=BooleanField()),
        )
        .values_list("user_id", "ref", "earned", "possible", "counts")
    )
    found: dict[int, dict[str, Total]] = {}
    for user_id, ref, earned, possible, attempted in rows.iterator(chunk_size=2000):
        found.setdefault(user_id, {})[ref] = (earned, possible, attempted)
    return found


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
