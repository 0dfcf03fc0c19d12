"""Experiments: learners are put at random into one group of a partition when they first come, and stay there.

Source: ``openedx/core/djangoapps/user_api/partition_schemes.py`` (RandomUserPartitionScheme) of Open edX.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from lykeion.content.types import Outline
from lykeion.courseware.access import is_learner
from lykeion.courseware.choosers import whole_number
from lykeion.courseware.needs import Needs
from lykeion.courseware.ordering import order_regrade
from lykeion.courseware.tags import read_tags, write_tags
from lykeion.courseware.types import Visitor
from lykeion.events.api import emit
from lykeion.events.types import GroupPayload
from lykeion.grades import api as grades

ASSIGNED = "xmodule.partitions.assigned_user_to_partition"
_CHANCE = random.SystemRandom()  # a seed would be the same in all processes that were forked with it


@dataclass(frozen=True, eq=False, slots=True)
class Experiment:
    """A partition whose groups are drawn: ids to names, in the author's order."""

    id: int
    name: str
    groups: Mapping[int, str]

    @property
    def key(self) -> str:
        """The name of the tag that keeps a learner's group."""
        return f"xblock.partition_service.partition_{self.id}"

    def group_in(self, tags: Mapping[str, str]) -> int | None:
        """The group that ``tags`` put a learner in; None where there is none, or it was removed since."""
        group = whole_number(tags.get(self.key), -1)
        return group if group in self.groups else None


def experiments(outline: Outline, wanted: Sequence[int]) -> list[Experiment]:
    """Those of the partitions ``wanted`` that have groups."""
    listed = outline.course.settings.get("user_partitions") or ()
    stored = {one.get("id"): one for one in listed if isinstance(one, Mapping)}
    found = [_experiment(stored[number]) for number in wanted if number in stored]
    return [one for one in found if one.groups]


def _experiment(stored: Mapping[str, object]) -> Experiment:
    listed = stored.get("groups")
    groups = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return Experiment(
        id=whole_number(stored.get("id"), -1),
        name=str(stored.get("name") or ""),
        groups={whole_number(one.get("id"), -1): str(one.get("name") or "") for one in groups},
    )


def with_random_groups(visitor: Visitor, needs: Needs) -> Visitor:
    """``visitor`` in their groups of the experiments that the course uses, put into one if they take part and have
    none. One query in such courses, none in others."""
    return _in_groups(visitor, [number for number, scheme in needs.schemes.items() if scheme == "random"])


def drawn_group(visitor: Visitor, number: int) -> int | None:
    """The visitor's group in the experiment ``number``, for blocks that hold one of their own; as above."""
    return _in_groups(visitor, [number]).viewer.groups.get(number)


def _in_groups(visitor: Visitor, wanted: Sequence[int]) -> Visitor:
    user_id = visitor.viewer.user_id
    if not wanted or user_id is None:
        return visitor
    drawn = experiments(visitor.outline, wanted)
    tags = _tags(visitor, user_id)
    if any(one.group_in(tags) is None for one in drawn) and (visitor.is_staff or is_learner(visitor.enrolment)):
        tags = _assign(visitor, user_id, drawn)
    groups = {one.id: group for one in drawn if (group := one.group_in(tags)) is not None}
    return replace(visitor, viewer=replace(visitor.viewer, groups={**visitor.viewer.groups, **groups}))


def _assign(visitor: Visitor, user_id: int, drawn: Sequence[Experiment]) -> dict[str, str]:
    """Draws a group wherever there is none. Whoever comes second finds what the first one drew."""
    run = visitor.run
    with transaction.atomic():
        grades.hold(user_id, run.id, visitor.at)
        tags = _tags(visitor, user_id)
        new = {one: _CHANCE.choice(list(one.groups)) for one in drawn if one.group_in(tags) is None}
        drawn_now = {one.key: str(group) for one, group in new.items()}
        if drawn_now:
            write_tags(user_id, run.id, drawn_now, visitor.at)
        for one, group in new.items():
            _tell(visitor, one, group)
        if any(one.key in tags for one in new):
            order_regrade(run.key, user_id=user_id)
    if visitor.copy is not None:
        visitor.copy.keep(drawn_now)
    return {**tags, **drawn_now}


def _tags(visitor: Visitor, user_id: int) -> dict[str, str]:
    """The learner's tags; where somebody of the team looks as them, with the groups drawn for that time only."""
    return {**read_tags(user_id, visitor.run.id), **(visitor.copy.documents if visitor.copy is not None else {})}


def _tell(visitor: Visitor, one: Experiment, group: int) -> None:
    payload: GroupPayload = {
        "partition_id": one.id,
        "partition_name": one.name,
        "group_id": group,
        "group_name": one.groups[group],
    }
    emit(ASSIGNED, payload, course_id=visitor.run.key, at=visitor.at)
