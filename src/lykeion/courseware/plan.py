"""A course as one kind of viewer may use it in one stretch of time: made once, used by every request until then.

Nothing here is about one learner. A plan holds between two turning points of the course's dates, so that requests
only look things up in it, whatever the size of the course.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final, Literal

from lykeion.content.types import ObjectId, Outline, OutlineBlock
from lykeion.core.lru import WeightedCache
from lykeion.courseware.access import (
    IN_REACH,
    LISTED,
    Audience,
    Pace,
    opening,
    personal_walls,
    subjects,
    turning_points,
    used_partitions,
    walls,
)
from lykeion.courseware.types import NO_FACTS, LearnerFacts, Wall

SECTION_DEPTH: Final = 1
SUBSECTION_DEPTH: Final = 2  # course 0, section 1, subsection 2, unit 3
Icon = Literal["problem", "video", "other"]


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """A unit that can be opened. ``leaves`` are the refs of what can be completed in it."""

    ref: str
    title: str
    icon: Icon
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanSubsection:
    """A subsection in the outline. ``units`` can be opened; ``stamp`` stands for its ``leaves``; ``shut`` counts what
    could be completed if it were not behind its ``wall``; ``gated`` the problems that are for those who pay."""

    ref: str
    title: str
    format: str
    graded: bool
    due: datetime | None
    opens: datetime
    wall: Wall
    in_menu: bool
    problems: int
    units: tuple[PlanUnit, ...]
    leaves: tuple[str, ...]
    stamp: str
    shut: int
    gated: int


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A section in the outline, empty ones too."""

    ref: str
    title: str
    in_menu: bool
    subsections: tuple[PlanSubsection, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``way`` are the units that previous and next lead through; a subsection that the learner's own work opens or has
    closed is a step itself. ``home`` says where a unit's subsection is."""

    walls: tuple[Wall, ...]
    sections: tuple[PlanSection, ...]
    subsections: Mapping[str, PlanSubsection]
    way: tuple[str, ...]
    steps: Mapping[str, int]
    home: Mapping[str, str]
    dues: tuple[tuple[datetime, str], ...]
    total: int
    shut: int

    def wall(self, block: OutlineBlock) -> Wall:
        """What stands in front of ``block``."""
        return self.walls[block.index]

    def is_open(self, block: OutlineBlock) -> bool:
        """Whether ``block`` can be used."""
        return not self.walls[block.index]

    def subsections_of(self, outline: Outline, refs: Iterable[str]) -> list[PlanSubsection]:
        """The listed subsections that the blocks of ``refs`` are in, each once."""
        blocks = [block for block in map(outline.get, refs) if block is not None]
        found = {self.subsections.get(subsection_of(outline, block)): None for block in blocks}
        return [one for one in found if one is not None]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of an outline decides which plans there are."""

    points: Sequence[datetime]
    partitions: frozenset[int]


_SHAPES: WeightedCache[tuple[ObjectId, Pace], _Shape] = WeightedCache(2048)
_PLANS: WeightedCache[tuple[object, ...], Plan] = WeightedCache(200_000, weigh=lambda plan: len(plan.walls))


def plan_key(
    outline: Outline, audience: Audience, pace: Pace, at: datetime, facts: LearnerFacts = NO_FACTS
) -> tuple[object, ...]:
    """What tells the plans of a course apart: equal keys, equal plans."""
    if audience.staff:
        return (outline.root, pace, "staff", facts)
    shape = _shape(outline, pace)
    groups = tuple(pair for pair in audience.groups if pair[0] in shape.partitions)
    stretch = (bisect_left(shape.points, at), bisect_right(shape.points, at))  # a turning point is a stretch too
    return (outline.root, pace, audience.beta, groups, stretch, facts)


def plan_of(outline: Outline, audience: Audience, pace: Pace, at: datetime, facts: LearnerFacts = NO_FACTS) -> Plan:
    """The plan for ``audience`` at ``at``, and for one learner of it about whom there are ``facts``: from memory, else
    by one walk over the outline, or over the parts that the facts tell of."""
    key = plan_key(outline, audience, pace, at, facts)
    found = _PLANS.get(key)
    if found is None:
        if facts == NO_FACTS:
            found = make_plan(outline, walls(outline, audience, pace, at), audience)
        else:
            shared = plan_of(outline, audience, pace, at)
            own = personal_walls(outline, shared.walls, audience, pace, at, facts)
            found = make_plan(outline, own, audience, shared, touched(outline, facts))
        _PLANS.put(key, found)
    return found


def touched(outline: Outline, facts: LearnerFacts) -> frozenset[str]:
    """The refs of the sections and subsections that ``facts`` say something about: those that what they tell of is, is
    in, or holds."""
    found: set[str] = set()
    for block in subjects(outline, facts):
        above = outline.blocks[outline.index[_place_of(outline, block)]]
        found.update(one.ref for one in (*outline.ancestors(above), above))
        if above.depth < SUBSECTION_DEPTH:
            found.update(one.ref for one in outline.subtree(above) if one.depth <= SUBSECTION_DEPTH)
    return frozenset(found)


def _place_of(outline: Outline, block: OutlineBlock) -> str:
    return subsection_of(outline, block) or block.ref


def _shape(outline: Outline, pace: Pace) -> _Shape:
    found = _SHAPES.get((outline.root, pace))
    if found is None:
        found = _Shape(turning_points(outline, pace), used_partitions(outline))
        _SHAPES.put((outline.root, pace), found)
    return found


def make_plan(
    outline: Outline,
    walls: tuple[Wall, ...],
    audience: Audience,
    shared: Plan | None = None,
    touched: Collection[str] = (),
) -> Plan:
    """The plan of ``outline`` behind ``walls``. With a ``shared`` one only what is ``touched`` (refs of sections and
    subsections) differs from that; the rest is taken over."""
    ready: dict[str, PlanSection | PlanSubsection] = {}
    if shared is not None:
        known: list[PlanSection | PlanSubsection] = [*shared.sections, *shared.subsections.values()]
        ready = {one.ref: one for one in known if one.ref not in touched}
    sections = tuple(
        _section(outline, section, walls, audience, ready)
        for section in outline.children(outline.course)
        if walls[section.index] in LISTED
    )
    subsections = [subsection for section in sections for subsection in section.subsections]
    way = tuple(ref for one in subsections if one.in_menu for ref in _steps(one))
    return Plan(
        walls=walls,
        sections=sections,
        subsections={one.ref: one for one in subsections},
        way=way,
        steps={ref: step for step, ref in enumerate(way)},
        home={unit.ref: one.ref for one in subsections for unit in one.units},
        dues=tuple(sorted((one.due, one.ref) for one in subsections if one.due is not None and one.in_menu)),
        total=sum(section.total for section in sections),
        shut=sum(one.shut for one in subsections),
    )


def _steps(subsection: PlanSubsection) -> tuple[str, ...]:
    return (subsection.ref,) if subsection.wall in IN_REACH else tuple(unit.ref for unit in subsection.units)


def _section(
    outline: Outline,
    section: OutlineBlock,
    walls: Sequence[Wall],
    audience: Audience,
    ready: Mapping[str, PlanSection | PlanSubsection],
) -> PlanSection:
    found = ready.get(section.ref)
    if isinstance(found, PlanSection):
        return found
    listed = [one for one in outline.children(section) if walls[one.index] in LISTED]
    subsections = tuple(_ready(one, ready) or _subsection(outline, one, section, walls, audience) for one in listed)
    return PlanSection(
        ref=section.ref,
        title=section.title,
        in_menu=audience.staff or not section.settings.get("hide_from_toc"),
        subsections=subsections,
        total=sum(len(one.leaves) for one in subsections),
    )


def _ready(block: OutlineBlock, ready: Mapping[str, PlanSection | PlanSubsection]) -> PlanSubsection | None:
    found = ready.get(block.ref)
    return found if isinstance(found, PlanSubsection) else None


def _subsection(
    outline: Outline, block: OutlineBlock, section: OutlineBlock, walls: Sequence[Wall], audience: Audience
) -> PlanSubsection:
    units = tuple(_unit(outline, unit, walls) for unit in units_of(outline, block) if not walls[unit.index])
    leaves = tuple(leaf for unit in units for leaf in unit.leaves)
    below = outline.subtree(block)
    wall = walls[block.index]
    return PlanSubsection(
        ref=block.ref,
        title=block.title,
        format=str(block.own.get("format") or ""),
        graded=bool(block.settings.get("graded")),
        due=block.settings.get("due"),
        opens=max(opening(one, beta=audience.beta) for one in (section, block)),
        wall=wall,
        in_menu=audience.staff or not block.settings.get("hide_from_toc"),
        problems=sum(one.facts.has_score and walls[one.index] in LISTED for one in below),
        units=units,
        leaves=leaves,
        stamp=stamp_of(leaves),
        shut=sum(is_leaf(one) and walls[one.index] in LISTED for one in below) if wall else 0,
        gated=sum(one.facts.has_score and walls[one.index] == "track" for one in below),
    )


def _unit(outline: Outline, unit: OutlineBlock, walls: Sequence[Wall]) -> PlanUnit:
    below = [one for one in outline.subtree(unit) if not walls[one.index]]
    return PlanUnit(unit.ref, unit.title, icon_of(below), tuple(one.ref for one in below if is_leaf(one)))


def units_of(outline: Outline, subsection: OutlineBlock) -> list[OutlineBlock]:
    """The units of a subsection; one without any that is itself something to show is its own unit."""
    units = outline.children(subsection)
    return units or ([] if subsection.type == "sequential" else [subsection])


def subsection_of(outline: Outline, block: OutlineBlock) -> str:
    """The ref of the subsection that ``block`` is or is in; '' above."""
    while block.depth > SUBSECTION_DEPTH:
        block = outline.blocks[block.parent]
    return block.ref if block.depth == SUBSECTION_DEPTH else ""


def section_of(outline: Outline, block: OutlineBlock) -> str:
    """The ref of the section that ``block`` is or is in; not for the course itself."""
    while block.depth > SECTION_DEPTH:
        block = outline.blocks[block.parent]
    return block.ref


def is_leaf(block: OutlineBlock) -> bool:
    """Whether a block completes by itself, not by what is below it."""
    return block.facts.completion == "completable"


def icon_of(blocks: Iterable[OutlineBlock]) -> Icon:
    """The icon of a unit: problems go before videos, videos before the rest."""
    icons = {block.facts.icon for block in blocks}
    return "problem" if "problem" in icons else "video" if "video" in icons else "other"


def stamp_of(leaves: Iterable[str]) -> str:
    """16 hex digits that stand for these leaves: a summary made for other leaves has another stamp."""
    return blake2b("\n".join(leaves).encode(), digest_size=8).hexdigest()
