"""Open edX's grading policy, as pure rules over values.

Sources: ``xmodule/graders.py`` (assignment types, drops, labels), ``grades/scores.py`` (weights),
``grades/subsection_grade.py`` and ``grades/course_grade.py`` (totals, letters).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.core.errors import LykeionError
from lykeion.grades.rounding import around4, whole_percent
from lykeion.grades.types import AssignmentLine, CourseGrade, Score, SubsectionGrade, TypeTotal

DEFAULT: Final[Mapping[str, Any]] = {
    "GRADER": [
        {"type": "Homework", "short_label": "HW", "min_count": 12, "drop_count": 2, "weight": 0.15},
        {"type": "Lab", "min_count": 12, "drop_count": 2, "weight": 0.15},
        {"type": "Midterm Exam", "short_label": "Midterm", "min_count": 1, "drop_count": 0, "weight": 0.3},
        {"type": "Final Exam", "short_label": "Final", "min_count": 1, "drop_count": 0, "weight": 0.4},
    ],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}


class PolicyError(LykeionError):
    """A grading policy that cannot be used; the message names the entry and the field."""


@dataclass(frozen=True, slots=True)
class AssignmentType:
    """One entry of ``GRADER``: how the subsections whose format is ``type`` make up ``weight`` of the grade."""

    type: str
    short_label: str
    category: str
    section_type: str
    min_count: int = 1
    drop_count: int = 0
    weight: float = 0.0
    starting_index: int = 1
    show_only_average: bool = False
    hide_average: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A course's rules: assignment types in the author's order, cutoffs (letter, fraction) highest first."""

    types: tuple[AssignmentType, ...]
    cutoffs: tuple[tuple[str, float], ...]
    hash: str

    @property
    def pass_mark(self) -> float:
        """The lowest cutoff above zero; 0.0 when there is none, and then nobody passes."""
        return min((cutoff for _letter, cutoff in self.cutoffs if cutoff > 0), default=0.0)


def read_policy(stored: Mapping[str, Any] | None) -> Policy:
    """The policy in a course's field ``grading_policy``; absent parts are Open edX's. Raises :class:`PolicyError`."""
    raw = {**DEFAULT, **(stored or {})}
    if not isinstance(raw["GRADER"], list) or not isinstance(raw["GRADE_CUTOFFS"], dict):
        raise PolicyError(
            _("Grading policy: GRADER must be a list of entries, GRADE_CUTOFFS pairs of letter and number.")
        )
    types = tuple(_assignment_type(entry, place) for place, entry in enumerate(raw["GRADER"], start=1))
    cutoffs = {
        str(letter): _number(f"GRADE_CUTOFFS, {letter}", value) for letter, value in raw["GRADE_CUTOFFS"].items()
    }
    canonical = json.dumps([raw["GRADER"], cutoffs], sort_keys=True)
    return Policy(
        types=types,
        cutoffs=tuple(sorted(cutoffs.items(), key=lambda pair: -pair[1])),
        hash=sha256(canonical.encode()).hexdigest()[:32],
    )


def policy_trouble(stored: Any) -> str:
    """Why a course's field ``grading_policy`` cannot be used, naming the entry and the field; '' when it can."""
    try:
        read_policy(stored if isinstance(stored, dict) else None)
    except PolicyError as error:
        return str(error)
    return ""


def _assignment_type(entry: Any, place: int) -> AssignmentType:
    if not isinstance(entry, dict):
        words = _("Grading policy, GRADER, entry {place}: {entry} is not an assignment type.")
        raise PolicyError(words.format(place=place, entry=repr(entry)))
    name = str(entry.get("type") or "")
    where = f"GRADER, entry {place} ({name or 'no type'})"

    def whole(field: str, default: int) -> int:
        return int(_number(f"{where}, {field}", entry.get(field, default)))

    return AssignmentType(
        type=name,
        short_label=str(entry.get("short_label") or name),
        category=str(entry.get("category") or name),
        section_type=str(entry.get("section_type") or name),
        min_count=whole("min_count", 1),
        drop_count=max(0, whole("drop_count", 0)),
        weight=_number(f"{where}, weight", entry.get("weight") or 0),
        starting_index=whole("starting_index", 1),
        show_only_average=bool(entry.get("show_only_average")),
        hide_average=bool(entry.get("hide_average")),
    )


def _number(where: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        words = _("Grading policy, {where}: {value} is not a number.")
        raise PolicyError(words.format(where=where, value=repr(value))) from error
    if not math.isfinite(number):
        words = _("Grading policy, {where}: {value} is not a number to count with.")
        raise PolicyError(words.format(where=where, value=repr(value)))
    return number


def weighted(raw_earned: float, raw_possible: float, weight: float | None) -> tuple[float, float]:
    """(earned, possible) in weighted points; raw points stay when there is no weight or nothing to earn."""
    if weight is None or raw_possible == 0:
        return float(raw_earned), float(raw_possible)
    return float(raw_earned) * weight / raw_possible, float(weight)


def total(scores: Iterable[Score], *, graded_only: bool = False) -> tuple[float, float]:
    """The sums (earned, possible) of ``scores``, added in their order."""
    earned = possible = 0.0
    for score in scores:
        if score.graded or not graded_only:
            earned += score.earned
            possible += score.possible
    return earned, possible


def fraction(earned: float, possible: float) -> float:
    """What part of ``possible`` was earned, to 4 decimals; 0.0 when nothing can be earned."""
    return around4(earned / possible) if possible > 0 else 0.0


def grade_type(kind: AssignmentType, subsections: Sequence[SubsectionGrade]) -> TypeTotal:
    """What the graded ``subsections`` of one type (in course order) make; missing ones up to ``min_count`` are 0 %."""
    percents, dropped, percent = _slots(kind, [grade.percent for grade in subsections])
    return TypeTotal(
        type=kind.type,
        short_label=kind.short_label,
        percent=percent,
        weight=kind.weight,
        weighted=percent * kind.weight,
        lines=_lines(kind, subsections, percents, dropped, percent),
    )


def _slots(kind: AssignmentType, present: list[float]) -> tuple[list[float], set[int], float]:
    """The percents of all slots, the places of the dropped ones, and the average of the kept ones."""
    percents = present + [0.0] * (kind.min_count - len(present))
    dropped = _dropped(percents, kind.drop_count)
    kept = len(percents) - kind.drop_count
    earned = sum(value for place, value in enumerate(percents) if place not in dropped)
    return percents, dropped, earned / kept if kept > 0 else 0.0


def _dropped(percents: Sequence[float], count: int) -> set[int]:
    """The places of the ``count`` lowest; among equals the later ones go."""
    best_first = sorted(range(len(percents)), key=lambda place: -percents[place])
    return set(best_first[-count:]) if count > 0 else set()


def _lines(
    kind: AssignmentType,
    subsections: Sequence[SubsectionGrade],
    percents: Sequence[float],
    dropped: set[int],
    percent: float,
) -> tuple[AssignmentLine, ...]:
    if len(percents) == 1:
        detail = _("{type} = {percent:.0%}").format(type=kind.section_type, percent=percent)
        return (AssignmentLine(kind.category, kind.short_label, detail, percent, prominent=True),)
    lines: list[AssignmentLine] = []
    if not kind.show_only_average:
        lines = [_slot(kind, place, subsections, value, place in dropped) for place, value in enumerate(percents)]
    if not kind.hide_average:
        detail = _("{type} Average = {percent:.0%}").format(type=kind.section_type, percent=percent)
        label = _("{label} Avg").format(label=kind.short_label)
        lines.append(AssignmentLine(kind.category, label, detail, percent, prominent=True))
    return tuple(lines)


def _slot(
    kind: AssignmentType, place: int, subsections: Sequence[SubsectionGrade], percent: float, dropped: bool
) -> AssignmentLine:
    number = place + kind.starting_index
    return AssignmentLine(
        category=kind.category,
        label=f"{kind.short_label} {number:02d}",
        detail=_slot_detail(kind, number, subsections[place] if place < len(subsections) else None),
        percent=percent,
        mark=_drop_mark(kind) if dropped else "",
    )


def _slot_detail(kind: AssignmentType, number: int, grade: SubsectionGrade | None) -> str:
    if grade is None:
        return _("{category} {number} Unreleased - 0% (?/?)").format(category=kind.category, number=number)
    return _("{category} {number} - {name} - {percent:.0%} ({earned:.3n}/{possible:.3n})").format(
        category=kind.category,
        number=number,
        name=grade.title,
        percent=grade.percent,
        earned=float(grade.earned_graded),
        possible=float(grade.possible_graded),
    )


def _drop_mark(kind: AssignmentType) -> str:
    return _("The lowest {count} {type} scores are dropped.").format(count=kind.drop_count, type=kind.section_type)


def grade_course(policy: Policy, subsections: Iterable[SubsectionGrade]) -> CourseGrade:
    """The course grade from the graded subsections in course order. Weights count as they are, whatever their sum.

    Subsections without anything graded to earn, and those whose format is no assignment type, count nothing.
    """
    by_format: dict[str, list[SubsectionGrade]] = {}
    for grade in subsections:
        if grade.possible_graded > 0:
            by_format.setdefault(grade.format, []).append(grade)
    types = tuple(grade_type(kind, by_format.get(kind.type, ())) for kind in policy.types)
    percent = whole_percent(sum(made.weighted for made in types))
    return CourseGrade(percent=percent, letter=letter(policy, percent), passed=passes(policy, percent), types=types)


def course_total(policy: Policy, percents: Mapping[str, list[float]]) -> CourseGrade:
    """As :func:`grade_course` (same numbers, no lines), from the percents of each format in course order."""
    sums = (_slots(kind, percents.get(kind.type, []))[2] * kind.weight for kind in policy.types)
    percent = whole_percent(sum(sums))
    return CourseGrade(percent=percent, letter=letter(policy, percent), passed=passes(policy, percent))


def average_of(policy: Policy, kind: str, percents: Sequence[float]) -> float | None:
    """The average of an assignment type from the percents of its subsections; None for what is no type."""
    found = next((one for one in policy.types if one.type == kind), None)
    return None if found is None else _slots(found, list(percents))[2]


def letter(policy: Policy, percent: float) -> str:
    """The highest letter whose cutoff ``percent`` reaches, or ''."""
    return next((name for name, cutoff in policy.cutoffs if percent >= cutoff), "")


def passes(policy: Policy, percent: float) -> bool:
    """Whether ``percent`` reaches the lowest cutoff above zero."""
    return policy.pass_mark > 0 and percent >= policy.pass_mark
