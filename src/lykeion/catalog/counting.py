"""How many take a run. To count a hundred thousand takes an index of as many entries, so a large number is counted once
a minute, whoever asks; a small one always, so that who has just enrolled somebody sees it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, Final, TypeVar, cast

from django.db.models import Count

from lykeion.catalog import rostering
from lykeion.catalog.models import Enrolment
from lykeion.catalog.rows import TAKING
from lykeion.catalog.types import RosterQuery
from lykeion.core.lru import WeightedCache

MANY: Final = 2_000
KEPT_SECONDS: Final = 60
T = TypeVar("T")
_COUNTED: WeightedCache[tuple[int, str], tuple[float, Any]] = WeightedCache(10_000)


def by_mode(run_id: int) -> dict[str, int]:
    """How many take a run now, by mode."""
    rows = Enrolment.objects.filter(run_id=run_id, **TAKING).values_list("mode").annotate(count=Count("pk"))
    return _kept((run_id, "modes"), lambda: dict(rows.order_by("mode")), lambda found: sum(found.values()))


def size(run_id: int, query: RosterQuery) -> int:
    """How many are on all pages of a roster."""
    if not (query.text or query.mode or query.cohort):
        return sum(by_mode(run_id).values())
    asked = f"{query.text}\0{query.mode}\0{query.cohort}"
    return _kept((run_id, asked), lambda: rostering.count(run_id, query), lambda found: found)


def _kept(key: tuple[int, str], count: Callable[[], T], many: Callable[[T], int]) -> T:
    kept = _COUNTED.get(key)
    if kept is not None and kept[0] > monotonic():
        return cast(T, kept[1])
    found = count()
    if many(found) >= MANY:
        _COUNTED.put(key, (monotonic() + KEPT_SECONDS, found))
    return found
