"""What many learners of a run can earn, in a fixed number of reads, however many they are: for reports.

Draws nothing and puts nobody anywhere: who never came has no group and no choices yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.blocks.types import Viewer
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolled, Run
from lykeion.content import api as content
from lykeion.content.types import Outline
from lykeion.core.keys import CourseLocator
from lykeion.courseware.access import GATE_LIMITED, GATE_PARTITION, TRACK_PARTITION
from lykeion.courseware.assigning import Experiment, experiments
from lykeion.courseware.choosers import choosers_of
from lykeion.courseware.choosing import Left, decide
from lykeion.courseware.entering import STAFF, policy_of, sheet
from lykeion.courseware.limits import FREE, PAID
from lykeion.courseware.models import LearnerState
from lykeion.courseware.needs import needs_of
from lykeion.courseware.state import decode, read_scoped
from lykeion.courseware.tags import FAMILY
from lykeion.courseware.types import TRACK_GROUPS, LearnerFacts, Visitor
from lykeion.grades import api as grades
from lykeion.grades.api import Sheet


@dataclass(frozen=True, slots=True)
class One:
    """One of many learners: ``sheet`` is what they can earn, ``groups`` maps partitions to their groups."""

    enrolled: Enrolled
    person: Person
    groups: Mapping[int, int]
    sheet: Sheet


class Crowd:
    """Learners of one run, as of one moment and one published version."""

    def __init__(self, run: CourseLocator, at: datetime) -> None:
        """Reads what holds for all. Raises ``RunMissing``."""
        self.run: Run = catalog.run(run)
        self.outline: Outline = content.outline(run)
        self.everything: Sheet = grades.make_sheet(self.outline, lambda _block: True, policy_of(self.outline))
        self._at = at
        self._needs = needs_of(self.outline)
        self._choosers = choosers_of(self.outline)
        wanted = [number for number, scheme in self._needs.schemes.items() if scheme == "random"]
        self.experiments: list[Experiment] = experiments(self.outline, wanted)
        self._gates = self.run.gates_graded and {FREE, PAID} <= {mode for mode, _until in catalog.modes(self.run)}
        self._team = accounts.members(self.run.org, run, STAFF)
        self._beta = accounts.members(self.run.org, run, [Role.BETA_TESTER])

    def part(self, after: int, limit: int) -> list[One]:
        """The next ``limit`` learners past the id ``after``; empty at the end. Two to six reads, whatever ``limit``."""
        found = catalog.roll(self.run, after=after, limit=limit)
        people = accounts.people([one.user_id for one in found])
        there = [one for one in found if one.user_id in people]
        tags = self._tags([one.user_id for one in there])
        left = self._left([one.user_id for one in there])
        return [self._one(one, people[one.user_id], tags, left) for one in there]

    def _one(
        self, one: Enrolled, person: Person, tags: Mapping[int, Mapping[str, str]], left: Mapping[int, Left]
    ) -> One:
        staff, beta = person.is_staff or one.user_id in self._team, one.user_id in self._beta
        groups = self._groups(one, tags.get(one.user_id, {}), staff=staff, beta=beta)
        chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
        if self._needs.choosers:
            chosen = decide(self._choosers.all, left.get(one.user_id, Left()), groups, None, staff=staff).chosen
        viewer = Viewer(user_id=one.user_id, is_staff=staff, is_beta_tester=beta, groups=groups)
        return One(one, person, groups, sheet(self._visitor(viewer, chosen)))

    def _visitor(self, viewer: Viewer, chosen: tuple[tuple[str, tuple[str, ...]], ...]) -> Visitor:
        return Visitor(self.run, self.outline, viewer, None, self._at, facts=LearnerFacts(chosen=chosen))

    def _groups(self, one: Enrolled, tags: Mapping[str, str], *, staff: bool, beta: bool) -> dict[int, int]:
        groups: dict[int, int] = {}
        if one.is_active and one.mode in TRACK_GROUPS:
            groups[TRACK_PARTITION] = TRACK_GROUPS[one.mode]
        if one.cohort_group is not None and not staff:
            groups[one.cohort_group[0]] = one.cohort_group[1]
        drawn = ((experiment.id, experiment.group_in(tags)) for experiment in self.experiments)
        groups.update({number: group for number, group in drawn if group is not None})
        if self._gates and not (staff or beta) and (one.mode == FREE or not one.is_active):
            groups[GATE_PARTITION] = GATE_LIMITED
        return groups

    def _tags(self, user_ids: Sequence[int]) -> dict[int, dict[str, str]]:
        if not self.experiments or not user_ids:
            return {}
        names = [(user_id, "definition", f"{self.run.id}/tags", FAMILY) for user_id in user_ids]
        return {name[0]: {k: str(v) for k, v in decode(one.text).items()} for name, one in read_scoped(names).items()}

    def _left(self, user_ids: Sequence[int]) -> dict[int, Left]:
        if not self._needs.choosers or not user_ids:
            return {}
        rows: dict[int, dict[str, tuple[str, float | None]]] = {}
        found = LearnerState.objects.filter(user_id__in=user_ids, run_id=self.run.id, ref__in=self._choosers.reads)
        for user_id, ref, state, completion in found.values_list("user_id", "ref", "state", "completion"):
            rows.setdefault(user_id, {})[ref] = (state, completion)
        scored = self._choosers.scored
        scores = grades.scores_of(self.run.id, user_ids, scored) if scored else {}
        return {
            user_id: Left(
                {ref: decode(state) for ref, (state, _done) in rows.get(user_id, {}).items()},
                {ref: done for ref, (_state, done) in rows.get(user_id, {}).items()},
                scores.get(user_id, {}),
            )
            for user_id in user_ids
        }
