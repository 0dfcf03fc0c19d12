"""What a learner's own work opens and shuts: prerequisites, the entrance exam, timed exams. See ``personal.PARTS``.

Decided anew whenever somebody comes in, from stored totals: what opens is open on the next page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lykeion.content.types import ObjectId, Outline, OutlineBlock
from lykeion.core.lru import WeightedCache
from lykeion.core.prepared import Prepared
from lykeion.core.upsert import upsert
from lykeion.courseware.access import COUNTED, LISTED, audience_of, pace_of
from lykeion.courseware.exams.reading import attempts_of
from lykeion.courseware.exams.rules import due_of, is_exam, phase, wall_of
from lykeion.courseware.gating import (
    WHOLE,
    counts_for_gates,
    entrance_percent,
    entrance_section,
    find_gates,
    is_open,
    reaches,
)
from lykeion.courseware.models import EntrancePassed, LearnerState
from lykeion.courseware.needs import Needs
from lykeion.courseware.plan import Plan, plan_of
from lykeion.courseware.types import Attempt, EntranceExam, Gate, OwnWork, Visitor, Wall
from lykeion.grades import api as grades

Totals = Mapping[str, tuple[float, float]]
Walls = list[tuple[str, Wall]]

_GATES: WeightedCache[ObjectId, Mapping[str, Gate]] = WeightedCache(2048)
_PASSED = Prepared(
    EntrancePassed, lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list("user_id"), write=True
)
_COMPLETIONS = Prepared(
    LearnerState,
    lambda rows, user, run, refs: rows.filter(user_id=user, run_id=run, ref__in=refs).values_list("ref", "completion"),
    write=True,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A visitor, what of the course their audience can reach, and what they earned."""

    visitor: Visitor
    here: Plan
    totals: Totals

    def counts(self, block: OutlineBlock) -> bool:
        """Whether a block is in the learner's grade."""
        return self.here.wall(block) in COUNTED

    def is_listed(self, ref: str) -> bool:
        """Whether the learner can get to ``ref`` at all, some day."""
        block = self.visitor.outline.get(ref)
        return block is not None and self.here.wall(block) in LISTED

    def is_to_come(self, ref: str) -> bool:
        """Whether ``ref`` is not released yet: it cannot have been done, whatever is in it."""
        outline = self.visitor.outline
        return self.here.wall(outline.blocks[outline.index[ref]]) == "not_released"

    def points(self, subsection: OutlineBlock) -> tuple[float, float]:
        """(earned, possible) in a subsection, attempted or not."""
        stored = self.totals.get(subsection.ref)
        return stored or (0.0, grades.possible_in(self.visitor.outline, subsection, self.counts))


def with_own_work(visitor: Visitor, needs: Needs) -> Visitor:
    """``visitor`` with what their work opens and shuts, for learners of courses that ask for any: one read for timed
    exams, one to three for the rest. People who are not signed in have done nothing."""
    if visitor.is_staff or not (needs.gated or needs.exams or needs.entrance_exam):
        return visitor
    work = _work(visitor, visitor.viewer.user_id, needs)
    walls = [*_entrance_walls(visitor.outline, work.entrance), *_exam_walls(visitor, needs, work.attempts)]
    walls += [(ref, "prerequisite") for ref in work.gates]  # of two walls in one place the last one stands
    if not walls and work == OwnWork():
        return visitor
    facts = replace(visitor.facts, own=(*visitor.facts.own, *walls))
    return replace(visitor, work=work, facts=facts)


def _work(visitor: Visitor, user_id: int | None, needs: Needs) -> OwnWork:
    gates = _gates(visitor.outline) if needs.gated else {}
    entrance = entrance_section(visitor.outline) if needs.entrance_exam else None
    if entrance is not None and user_id is not None and _PASSED(user_id, visitor.run.id):
        entrance = None
    attempts = attempts_of(user_id, visitor.run.id) if needs.exams and user_id is not None else {}
    if not gates and entrance is None:
        return OwnWork(attempts=attempts)
    totals = grades.graded_totals(user_id, visitor.run.id) if user_id is not None else {}
    asked = _Asked(visitor, _plan(visitor), totals)
    shut = {ref: gate for ref, gate in _shut_gates(asked, gates).items() if not _has_begun(attempts.get(ref))}
    return OwnWork(shut, _entrance(asked, entrance), attempts)


def _has_begun(attempt: Attempt | None) -> bool:
    """Whether the clock of an exam has run: nothing shuts it again but the clock."""
    return attempt is not None and attempt.ends is not None


def _gates(outline: Outline) -> Mapping[str, Gate]:
    found = _GATES.get(outline.root)
    if found is None:
        found = find_gates(outline)
        _GATES.put(outline.root, found)
    return found


def _plan(visitor: Visitor) -> Plan:
    """What the visitor could reach if they had done all that they must do first."""
    return plan_of(visitor.outline, audience_of(visitor.viewer), pace_of(visitor.run), visitor.at, visitor.facts)


def _shut_gates(asked: _Asked, gates: Mapping[str, Gate]) -> dict[str, Gate]:
    """A prerequisite that this learner can never get to is none."""
    wanted = [gate for gate in gates.values() if asked.is_listed(gate.ref) and asked.is_listed(gate.prerequisite)]
    completions = _completions(asked, {gate.prerequisite for gate in wanted if gate.min_completion})
    return {gate.ref: gate for gate in wanted if not _is_met(asked, gate, completions)}


def _is_met(asked: _Asked, gate: Gate, completions: Mapping[str, list[float]]) -> bool:
    outline = asked.visitor.outline
    earned, possible = asked.points(outline.blocks[outline.index[gate.prerequisite]])
    done = completions.get(gate.prerequisite, [])
    return not asked.is_to_come(gate.prerequisite) and is_open(gate, earned, possible, done)


def _completions(asked: _Asked, subsections: Iterable[str]) -> dict[str, list[float]]:
    """The completion of everything that counts in ``subsections``: one read for all of them."""
    outline = asked.visitor.outline
    inside = {
        ref: [one.ref for one in outline.subtree(outline.blocks[outline.index[ref]]) if _counts(asked, one)]
        for ref in subsections
    }
    leaves = [leaf for listed in inside.values() for leaf in listed]
    user_id, run_id = asked.visitor.viewer.user_id, asked.visitor.run.id
    stored: dict[str, float | None] = {}
    if leaves and user_id is not None:
        stored.update(_COMPLETIONS(user_id, run_id, leaves))
    return {ref: [stored.get(leaf) or 0.0 for leaf in listed] for ref, listed in inside.items()}


def _counts(asked: _Asked, block: OutlineBlock) -> bool:
    return counts_for_gates(block) and asked.counts(block)


def _entrance(asked: _Asked, section: OutlineBlock | None) -> EntranceExam | None:
    """The entrance exam, unless it is passed, has nothing to earn, or cannot be taken by this learner."""
    if section is None or not asked.is_listed(section.ref):
        return None
    outline = asked.visitor.outline
    points = [asked.points(one) for one in outline.children(section) if asked.counts(one)]
    earned, possible = (sum(column) for column in zip(*points, strict=True)) if points else (0.0, 0.0)
    share, needed = earned / possible if possible > 0 else 0.0, entrance_percent(outline)
    is_passed = possible <= 0 or reaches(share, needed)
    if is_passed and not asked.is_to_come(section.ref):
        return None
    return EntranceExam(section.ref, share, needed / WHOLE)


def keep_entrance(visitor: Visitor, user_id: int) -> None:
    """Keeps, after a new score in the caller's transaction, that a learner passed the entrance exam: a worse score
    later does not shut the course again (Open edX: ``lms/djangoapps/gating/api.py`` adds the milestone only)."""
    section = entrance_section(visitor.outline) if visitor.work.entrance is not None else None
    if section is None:
        return
    asked = _Asked(visitor, _plan(visitor), grades.graded_totals(user_id, visitor.run.id))
    if _entrance(asked, section) is None:
        upsert([EntrancePassed(user_id=user_id, run_id=visitor.run.id, skipped=False, at=visitor.at)], ["at"])


def _entrance_walls(outline: Outline, entrance: EntranceExam | None) -> Walls:
    if entrance is None:
        return []
    return [(one.ref, "entrance_exam") for one in outline.children(outline.course) if one.ref != entrance.ref]


def _exam_walls(visitor: Visitor, needs: Needs, attempts: Mapping[str, Attempt]) -> Walls:
    exams = [one for ref in needs.exams if (one := visitor.outline.get(ref)) is not None and is_exam(one)]
    walls = [(one.ref, wall_of(phase(one, attempts.get(one.ref), due_of(visitor, one), visitor.at))) for one in exams]
    return [(ref, wall) for ref, wall in walls if wall]
