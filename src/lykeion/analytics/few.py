"""What learners told of themselves, so that no figure tells who somebody is. Pure.

A figure is of at least :data:`~lykeion.analytics.columns.FEWEST` learners. What fewer told is counted together with
what was told least often besides, until all are that many: a rest of one or two would follow from the others and the
whole. Years of birth have an order: neighbouring ones are told as the middle one of their learners.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from lykeion.analytics.columns import FEWEST, TOGETHER

Rows = list[list[Any]]


def traits(rows: Iterable[list[Any]]) -> Rows:
    """Rows of ``trait``, ``value`` ('' for not told), ``count``."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for trait, value, count in rows:
        told[trait][value] += count
    found = [(trait, _years(counts) if trait == "birth_year" else _shown(counts)) for trait, counts in told.items()]
    return [[trait, value, count] for trait, counts in found for value, count in counts.items()]


def genders_by_day(rows: Iterable[list[Any]]) -> Rows:
    """Rows of ``day``, ``gender`` ('' for not told), ``count``. What is counted together on the last day is so on all:
    days that differ in it would tell of each other. Days on which any figure is of too few are left out."""
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for day, gender, count in rows:
        days[day][gender] += count
    alone = set(_shown(days[max(days)])) if days else set()
    found = {day: _together(counts, alone) for day, counts in days.items() if alone}
    return [[day, gender, count] for day, counts in found.items() if _tells(counts) for gender, count in counts.items()]


def _tells(counts: Mapping[str, int]) -> bool:
    """Whether anybody told, and of each at least so many."""
    return min((count for value, count in counts.items() if value), default=0) >= FEWEST


def _shown(counts: Mapping[str, int]) -> dict[str, int]:
    """By value; nothing when all would be counted together."""
    hidden, rest = set[str](), 0
    for value, count in sorted(counts.items(), key=lambda pair: (pair[1], pair[0])):
        if value and count and (count < FEWEST or 0 < rest < FEWEST):
            hidden.add(value)
            rest += count
    alone = {value for value, count in counts.items() if count} - hidden
    return _together(counts, alone) if alone - {""} else {}


def _together(counts: Mapping[str, int], alone: set[str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for value, count in counts.items():
        if count:
            found[value if value in alone or not value else TOGETHER] += count
    return dict(found)


def _years(counts: Mapping[str, int]) -> dict[str, int]:
    groups: list[list[str]] = [[]]
    for year in sorted(filter(None, counts)):
        if len(groups[-1]) >= FEWEST:
            groups.append([])
        groups[-1] += [year] * counts[year]
    if len(groups) > 1 and len(groups[-1]) < FEWEST:
        rest = groups.pop()
        groups[-1] += rest
    if len(groups[0]) < FEWEST:
        return {}
    found: Counter[str] = Counter()
    for group in groups:
        found[group[(len(group) - 1) // 2]] += len(group)
    return dict(found) | ({"": counts[""]} if counts.get("") else {})
