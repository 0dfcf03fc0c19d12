"""Prerequisites between subsections and the entrance exam, as pure rules over an outline.

Sources: ``openedx/core/lib/gating/api.py`` (least percents and their defaults, what counts as completed),
``lms/djangoapps/gating/api.py`` (entrance exam) of Open edX; see openedx.md §1.5, §6.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from lykeion.content.types import Outline, OutlineBlock
from lykeion.courseware.plan import SECTION_DEPTH, SUBSECTION_DEPTH, is_leaf
from lykeion.courseware.types import Gate

WHOLE: Final = 100.0
DEFAULT_ENTRANCE: Final = 65.0
"""Percent of an entrance exam that says nothing (Open edX: course_block.py)."""
_CLOSE: Final = 1e-9  # so that 0.57 of 100 is 57 %


def find_gates(outline: Outline) -> dict[str, Gate]:
    """The gates of a course, by the ref of what they shut; none unless ``enable_subsection_gating``.

    A prerequisite that is not there shuts nothing, and neither do those that wait for each other in a circle: no
    learner could ever open them.
    """
    if not outline.course.own.get("enable_subsection_gating"):
        return {}
    subsections = [block for block in outline.blocks if block.depth == SUBSECTION_DEPTH]
    found = {gate.ref: gate for block in subsections if (gate := _gate(outline, block)) is not None}
    return {ref: gate for ref, gate in found.items() if not _is_circular(gate, found)}


def _gate(outline: Outline, block: OutlineBlock) -> Gate | None:
    wanted = block.own.get("required_prereq")
    prerequisite = named(outline, wanted) if isinstance(wanted, str) and wanted else None
    if prerequisite is None or prerequisite.depth != SUBSECTION_DEPTH:
        return None
    completion = _percent(block.own["min_completion"]) if "min_completion" in block.own else 0.0
    return Gate(block.ref, prerequisite.ref, _percent(block.own.get("min_score")), completion)


def _percent(value: Any) -> float:
    """What the author asks for; all, where that is no number."""
    return WHOLE if value is None else min(max(float(value), 0.0), WHOLE)


def named(outline: Outline, name: str) -> OutlineBlock | None:
    """The block that an author's ``name`` means: a usage key (of this run or the one it was copied from), or an id."""
    block_id = name.rpartition("+block@")[2].rpartition("/")[2].rpartition("@")[2]
    place = outline.by_id.get(block_id)
    return None if place is None else outline.blocks[place]


def _is_circular(gate: Gate, gates: Mapping[str, Gate]) -> bool:
    seen = {gate.ref}
    step: Gate | None = gate
    while step is not None and step.prerequisite not in seen:
        seen.add(step.prerequisite)
        step = gates.get(step.prerequisite)
    return step is not None and step.prerequisite == gate.ref


def odd_gates(outline: Outline) -> Iterator[tuple[OutlineBlock, Literal["missing", "circle"]]]:
    """The subsections whose prerequisite shuts nothing, since it is not there or leads back to them, for the team."""
    wishes = [one for one in outline.blocks if one.depth == SUBSECTION_DEPTH and one.own.get("required_prereq")]
    found = {gate.ref: gate for block in wishes if (gate := _gate(outline, block)) is not None}
    for block in wishes:
        if block.ref not in found:
            yield block, "missing"
        elif _is_circular(found[block.ref], found):
            yield block, "circle"


def counts_for_gates(block: OutlineBlock) -> bool:
    """Whether a block's completion counts for a gate: texts do not, as in Open edX."""
    return is_leaf(block) and block.type != "html"


def is_open(gate: Gate, earned: float, possible: float, completions: list[float]) -> bool:
    """Whether a prerequisite with so many points, and with ``completions`` (0-1) of all that counts in it, is done.

    Where there is nothing to earn or to complete, none of it is wanted.
    """
    scored = possible <= 0 or reaches(earned / possible, gate.min_score)
    done = not completions or reaches(sum(completions) / len(completions), gate.min_completion)
    return scored and done


def reaches(share: float, percent: float) -> bool:
    """Whether a share (0-1) is at least so many percent."""
    return share * WHOLE >= percent - _CLOSE


def entrance_section(outline: Outline) -> OutlineBlock | None:
    """The section that is the entrance exam, if the course has one that can be found."""
    course = outline.course
    if not course.own.get("entrance_exam_enabled"):
        return None
    name = course.own.get("entrance_exam_id")
    block = named(outline, name) if isinstance(name, str) and name else None
    if block is not None and block.depth == SECTION_DEPTH:
        return block
    return next((one for one in outline.children(course) if one.own.get("is_entrance_exam")), None)


def entrance_percent(outline: Outline) -> float:
    """The percent of the entrance exam's points that opens the rest. Studio stores a fraction, older courses percents:
    what is at most 1 is a fraction."""
    stored = outline.course.own.get("entrance_exam_minimum_score_pct")
    if stored is None:
        return DEFAULT_ENTRANCE
    value = float(stored)
    return min(max(value * WHOLE if value <= 1 else value, 0.0), WHOLE)
