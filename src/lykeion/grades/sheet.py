"""What there is to earn in a course, for learners who see the same parts of it: made once, used for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from types import MappingProxyType

from lykeion.content.types import ObjectId, Outline, OutlineBlock
from lykeion.grades.policy import Policy, total, weighted
from lykeion.grades.types import Score

RawScore = tuple[float, float, datetime | None]
"""(raw earned, raw possible, first attempted) as stored."""


@dataclass(frozen=True, slots=True)
class Scorable:
    """A block that can be scored. ``graded`` is False only where the block itself says so."""

    ref: str
    title: str
    weight: float | None
    graded: bool
    max_score: float | None

    def score(self, raw: RawScore | None) -> Score | None:
        """Weighted points; None where nobody knows what there is to earn (Open edX: scores.py:get_score)."""
        if raw is None and self.max_score is None:
            return None
        earned, possible, first = raw or (0.0, self.max_score or 0.0, None)
        earned, possible = weighted(earned, possible, self.weight)
        return Score(earned, possible, self.graded and possible > 0, first)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A subsection with what can be scored in it. The possible points are those of somebody without scores;
    ``hash`` stands for the list of scorable blocks; ``untouched`` are the scores of those who did nothing."""

    ref: str
    title: str
    format: str
    graded: bool
    due: datetime | None
    show_correctness: str
    scorables: tuple[Scorable, ...]
    possible_all: float
    possible_graded: float
    hash: str
    untouched: Mapping[str, Score]

    def scores(self, raw: Mapping[str, RawScore]) -> dict[str, Score]:
        """The score of each block that has one, in course order."""
        found = {}
        for one in self.scorables:
            score = one.score(raw[one.ref]) if one.ref in raw else self.untouched.get(one.ref)
            if score is not None:
                found[one.ref] = score
        return found


@dataclass(frozen=True, slots=True)
class Sheet:
    """The scorable parts of one root that one kind of learner can reach, with the rules that add them up."""

    root: ObjectId
    run: str
    policy: Policy
    lines: tuple[SheetLine, ...]
    line_of: Mapping[str, int]

    def line(self, ref: str) -> SheetLine | None:
        """The subsection ``ref``, or the one that the scorable block ``ref`` is in."""
        place = self.line_of.get(ref)
        return None if place is None else self.lines[place]


def make_sheet(
    outline: Outline,
    visible: Callable[[OutlineBlock], bool],
    policy: Policy,
    ready: Mapping[str, SheetLine] = MappingProxyType({}),
) -> Sheet:
    """The sheet of ``outline`` for those who see the blocks that are ``visible``; nothing else counts at all. Lines of
    subsections that are ``ready`` are taken as they are."""
    lines: list[SheetLine] = []
    line_of: dict[str, int] = {}
    for section in outline.children(outline.course):
        for subsection in outline.children(section):
            if visible(subsection):
                made = ready.get(subsection.ref) or make_line(outline, subsection, visible)
                line_of.update(dict.fromkeys((made.ref, *(one.ref for one in made.scorables)), len(lines)))
                lines.append(made)
    return Sheet(outline.root, str(outline.run), policy, tuple(lines), line_of)


def make_line(outline: Outline, subsection: OutlineBlock, visible: Callable[[OutlineBlock], bool]) -> SheetLine:
    """The line of one subsection of ``outline``, for those who see the blocks that are ``visible``."""
    blocks = outline.subtree(subsection)
    scorables = tuple(_scorable(block) for block in blocks if block.facts.has_score and visible(block))
    untouched = {one.ref: score for one in scorables if (score := one.score(None)) is not None}
    return SheetLine(
        ref=subsection.ref,
        title=subsection.title,
        format=str(subsection.own.get("format") or ""),
        graded=bool(subsection.settings.get("graded")),
        due=subsection.settings.get("due"),
        show_correctness=str(subsection.settings.get("show_correctness") or "always"),
        scorables=scorables,
        possible_all=total(untouched.values())[1],
        possible_graded=total(untouched.values(), graded_only=True)[1],
        hash=sha1(" ".join(one.ref for one in scorables).encode(), usedforsecurity=False).hexdigest(),
        untouched=untouched,
    )


def _scorable(block: OutlineBlock) -> Scorable:
    graded = block.own.get("graded")
    return Scorable(
        ref=block.ref,
        title=block.title,
        weight=block.own.get("weight"),
        graded=True if graded is None else bool(graded),
        max_score=block.facts.max_score,
    )
