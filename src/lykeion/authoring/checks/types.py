"""What checks look at and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from lykeion.authoring.fileuses import Uses
from lykeion.authoring.mentions import Mentions
from lykeion.authoring.wholecourse import Place
from lykeion.catalog.types import Cohort
from lykeion.content.types import Node, ObjectId, Outline, OutlineBlock

Level = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft as checks see it. ``nodes`` are those of ``places`` by object id; ``said`` is what each points at."""

    outline: Outline
    places: list[Place]
    nodes: Mapping[ObjectId, Node]
    said: Mapping[ObjectId, Mentions]
    uses: Uses
    parts: Mapping[str, Node]
    cohorts: tuple[Cohort, ...]
    end: datetime | None
    at: datetime

    @property
    def course(self) -> Node:
        """The course block with its own fields."""
        return self.nodes[self.outline.course.object_id]

    def of_type(self, kind: str) -> Iterator[tuple[OutlineBlock, Node]]:
        """The blocks of one type, in order."""
        return ((block, self.nodes[block.object_id]) for block in self.outline.blocks if block.type == kind)

    def unit_of(self, block: OutlineBlock) -> str:
        """The unit that a block is in, or is; '' above units."""
        way = [*self.outline.ancestors(block), block]
        return next((one.ref for one in way if one.type == "vertical"), "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``code`` names it (its words are in ``words.py``), ``values`` fill the words; ``ref`` is the
    block or part it is about and ``unit`` the unit that block is in ('' above units)."""

    code: str
    level: Level
    ref: str
    title: str = ""
    unit: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


Check = Callable[[Looked], Iterator[Finding]]


def about(looked: Looked, block: OutlineBlock, code: str, level: Level, **values: Any) -> Finding:
    """A finding about a block."""
    return Finding(code, level, block.ref, block.title, looked.unit_of(block), values)


def about_course(code: str, level: Level, **values: Any) -> Finding:
    """A finding about the course as a whole."""
    return Finding(code, level, "course@course", "", "", values)
