"""Service ``partitions``: the ways in which a course divides its learners, and which groups the viewer is in.

Source: ``xmodule/partitions`` of Open edX (``PartitionService``, and the values that it hands out).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lykeion.courseware.access import TRACK_PARTITION
from lykeion.courseware.assigning import drawn_group
from lykeion.courseware.choosers import whole_number
from lykeion.courseware.types import TRACK_GROUPS, Visitor


class NoSuchGroup(Exception):
    """A partition has no group of that id."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a partition."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """How learners come into groups: ``cohort``, ``random``, ``enrollment_track``, ..."""

    name: str


@dataclass(frozen=True, slots=True)
class UserPartition:
    """One way to divide the learners of a course."""

    id: int
    name: str
    description: str
    groups: tuple[Group, ...]
    scheme: Scheme
    parameters: Mapping[str, Any]
    active: bool

    def get_group(self, group_id: int) -> Group:
        """The group of that id. Raises :class:`NoSuchGroup`."""
        for group in self.groups:
            if group.id == group_id:
                return group
        raise NoSuchGroup(f"partition {self.id} ({self.name}) has no group {group_id!r}")


class Partitions:
    """The partitions of one visitor's run. Blocks are told of the viewer's groups and nobody else's."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    @property
    def course_partitions(self) -> list[UserPartition]:
        """All of the course, inactive ones too, and that of the enrolment tracks."""
        stored = self._visitor.outline.course.settings.get("user_partitions") or ()
        own = [_partition(one) for one in stored if isinstance(one, Mapping)]
        return [*own, *(() if any(one.id == TRACK_PARTITION for one in own) else (_TRACKS,))]

    def get_user_partition(self, user_partition_id: object) -> UserPartition | None:
        """The partition of that id; None when the course has none."""
        wanted = whole_number(user_partition_id, -1)
        return next((one for one in self.course_partitions if one.id == wanted), None)

    def get_user_group_id_for_partition(self, user: Any, user_partition_id: object) -> int | None:
        """The id of the group of the viewer, whom ``user`` (a row or an id) must be; None for nobody in a group.

        Raises :class:`ValueError` when the course has no such partition.
        """
        partition = self.get_user_partition(user_partition_id)
        if partition is None:
            raise ValueError(f"{self._visitor.run.key} has no partition {user_partition_id!r}.")
        group = self.get_group(user, partition)
        return None if group is None else group.id

    def get_group(self, user: Any, user_partition: UserPartition, assign: bool = True) -> Group | None:
        """The group of the viewer, whom ``user`` must be, in that partition; None for nobody in a group.

        Experiments draw one for learners who have none, and keep it at once, unless they are not to ``assign`` any.
        """
        viewer, number = self._visitor.viewer, user_partition.id
        if getattr(user, "pk", user) != viewer.user_id:
            return None
        mine = viewer.groups.get(number)
        if mine is None and assign and user_partition.scheme.name == "random":  # none that the course itself uses
            mine = drawn_group(self._visitor, number)
        return next((group for group in user_partition.groups if group.id == mine), None)


def _partition(stored: Mapping[str, Any]) -> UserPartition:
    parameters = stored.get("parameters")
    return UserPartition(
        id=whole_number(stored.get("id"), -1),
        name=str(stored.get("name") or ""),
        description=str(stored.get("description") or ""),
        groups=tuple(_groups(stored.get("groups"))),
        scheme=Scheme(str(stored.get("scheme") or "random")),
        parameters=parameters if isinstance(parameters, Mapping) else {},
        active=stored.get("active") is not False,
    )


def _groups(stored: object) -> Iterator[Group]:
    for one in stored if isinstance(stored, list | tuple) else ():
        if isinstance(one, Mapping):
            yield Group(whole_number(one.get("id"), -1), str(one.get("name") or ""))


_TRACKS = UserPartition(
    id=TRACK_PARTITION,
    name="Enrollment Track Groups",
    description="Partition for segmenting users by enrollment track",
    groups=tuple(Group(number, mode) for mode, number in TRACK_GROUPS.items()),
    scheme=Scheme("enrollment_track"),
    parameters={},
    active=True,
)
