"""What the pages of a course show to one learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lykeion.blocks.types import Rendered
from lykeion.courseware.types.visitors import EntranceExam
from lykeion.grades.types import CourseGrade, Score


@dataclass(frozen=True, slots=True)
class SubsectionLine:
    """A subsection in the outline. ``locked`` says in words why it cannot be opened ('' when it can); ``unlock`` is the
    ref of what must be done first. ``note`` is what there is to know before it is opened; ``gated`` counts
    the problems in it that are for those who pay."""

    ref: str
    title: str
    format: str
    graded: bool
    due: datetime | None
    problems: int
    done: int
    total: int
    locked: str = ""
    unlock: str = ""
    note: str = ""
    gated: int = 0

    @property
    def complete(self) -> bool:
        """All that can be completed is."""
        return self.total > 0 and self.done >= self.total


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section in the outline; ``subsections`` is empty while it is collapsed."""

    ref: str
    title: str
    complete: bool
    open: bool
    subsections: tuple[SubsectionLine, ...]


@dataclass(frozen=True, slots=True)
class Resume:
    """Where to go on: the unit, its title, and whether anything was done before."""

    ref: str
    title: str
    started: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is in a run: the block to go on at, and how many of how many blocks they completed."""

    ref: str
    done: int
    total: int

    @property
    def share(self) -> float | None:
        """The completed share, 0 to 1; None where nothing can be completed or no unit was looked at."""
        return min(self.done / self.total, 1.0) if self.total else None


@dataclass(frozen=True, slots=True)
class CourseDate:
    """A date worth showing. ``kind``: course-start, course-end, due, today, enrollment-end ... ``missed``: it is past,
    and the learner may shift it."""

    at: datetime
    kind: str
    title: str
    ref: str | None = None
    done: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Shifted:
    """That a learner's schedule was made to start at ``to``; it started at ``was`` (None: by the rule) before."""

    was: datetime | None
    to: datetime


@dataclass(frozen=True, slots=True)
class HomePage:
    """Course home. ``updates`` newest first (date, html); handouts is html. ``missed``: something is past due that
    the learner may shift. ``entrance`` is the entrance exam while it must be passed first; ``warnings`` tell the team
    what to mend."""

    sections: tuple[SectionLine, ...]
    resume: Resume | None
    dates: tuple[CourseDate, ...]
    updates: tuple[tuple[str, str], ...]
    handouts: str
    done: int
    total: int
    missed: bool = False
    entrance: EntranceExam | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitTab:
    """One unit in the strip of its subsection."""

    ref: str
    title: str
    icon: Literal["problem", "video", "other"]
    complete: bool
    bookmarked: bool
    current: bool


@dataclass(frozen=True, slots=True)
class UnitBlock:
    """One rendered block of a unit. ``view_completes``: seeing it for 5 s completes it. ``instead``: what to say where
    the block is behind a wall; then there is no html."""

    ref: str
    usage: str
    type: str
    html: str
    complete: bool
    view_completes: bool
    instead: str = ""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit as one learner sees it. ``previous``/``next`` are refs of units, across subsections and sections.
    ``missed``: its subsection is past due, and the learner may shift that."""

    section: str
    section_ref: str
    subsection: str
    subsection_ref: str
    title: str
    ref: str
    usage: str
    tabs: tuple[UnitTab, ...]
    blocks: tuple[UnitBlock, ...]
    page: Rendered
    previous: str | None
    next: str | None
    bookmarked: bool
    due: datetime | None
    graded: bool
    format: str
    position: int
    count: int
    missed: bool = False


@dataclass(frozen=True, slots=True)
class SubsectionProgress:
    """A subsection on the progress page. ``scores`` is None when they are hidden; ``hidden`` says why in words."""

    ref: str
    title: str
    format: str
    graded: bool
    due: datetime | None
    earned: float
    possible: float
    percent: float
    scores: tuple[tuple[str, Score], ...] | None
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A section on the progress page."""

    title: str
    subsections: tuple[SubsectionProgress, ...]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Progress. Completion counts only what the learner can reach; ``pass_mark`` and cutoffs are fractions; ``whose``
    it is by name, '' for that of who looks."""

    whose: str
    grade: CourseGrade
    cutoffs: tuple[tuple[str, float], ...]
    pass_mark: float
    complete: int
    incomplete: int
    locked: int
    sections: tuple[SectionProgress, ...]


@dataclass(frozen=True, slots=True)
class BookmarkLine:
    """A bookmarked unit with its way from the course; ``ref`` is None when it is gone or out of reach."""

    ref: str | None
    title: str
    way: tuple[str, ...]
    created: datetime
