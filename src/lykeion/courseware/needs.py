"""Which facts about a learner make a difference in a course: found once for each outline, looked up by every request.

A course that needs none costs no query for any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from lykeion.content.types import ObjectId, Outline, OutlineBlock
from lykeion.core.lru import WeightedCache
from lykeion.courseware.access import used_partitions
from lykeion.courseware.choosers import is_chooser
from lykeion.courseware.pacing import due_after


@dataclass(frozen=True, slots=True)
class Needs:
    """``choosers`` are the refs of blocks that choose among their children. ``gated`` are those of subsections with a
    prerequisite, ``exams`` of those with a time limit, ``closing`` of those that close after their due date.
    ``due_after`` says how long after a learner's schedule starts subsections are due, if the run is self-paced.
    ``schemes`` maps each partition in use (asked for by a block's group access, or a split test's) to its scheme."""

    choosers: tuple[str, ...]
    gated: tuple[str, ...]
    exams: tuple[str, ...]
    closing: tuple[str, ...]
    due_after: Mapping[str, timedelta]
    entrance_exam: bool
    schemes: Mapping[Any, str]


_NEEDS: WeightedCache[ObjectId, Needs] = WeightedCache(2048)


def needs_of(outline: Outline) -> Needs:
    """What ``outline`` needs to know of its learners: from memory, else by one walk."""
    found = _NEEDS.get(outline.root)
    if found is None:
        found = _find(outline)
        _NEEDS.put(outline.root, found)
    return found


def _find(outline: Outline) -> Needs:
    def refs(wanted: Callable[[OutlineBlock], Any]) -> tuple[str, ...]:
        return tuple(block.ref for block in outline.blocks if wanted(block))

    return Needs(
        choosers=refs(is_chooser),
        gated=refs(lambda block: block.own.get("required_prereq")),
        exams=refs(lambda block: block.own.get("is_time_limited")),
        closing=refs(lambda block: block.own.get("hide_after_due")),
        due_after=due_after(outline),
        entrance_exam=bool(outline.course.own.get("entrance_exam_enabled")),
        schemes=_schemes(outline),
    )


_DEFAULT_SCHEME: Final = "random"
"""Of a partition that names none (Open edX: UserPartition.from_json)."""


def _schemes(outline: Outline) -> dict[Any, str]:
    stored = [one for one in outline.course.settings.get("user_partitions") or () if isinstance(one, Mapping)]
    scheme = {one.get("id"): str(one.get("scheme") or _DEFAULT_SCHEME) for one in stored}
    split = {block.own.get("user_partition_id") for block in outline.blocks if block.type == "split_test"}
    return {number: scheme[number] for number in {*used_partitions(outline), *split} if number in scheme}
