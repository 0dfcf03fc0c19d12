"""What no learner will ever get to: empty places, what stays hidden, what starts when all is over, empty groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lykeion.authoring.checks.types import Finding, Looked, about
from lykeion.authoring.kinds import is_blank
from lykeion.content.types import OutlineBlock

_LEVELS: Final = ("chapter", "sequential", "vertical")
_CHOOSERS: Final = frozenset({"library_content", "itembank", "split_test", "randomize"})


def check(looked: Looked) -> Iterator[Finding]:
    """From the top down; what lies in something unreachable is not told of once more."""
    told: set[int] = set()
    groups = _group_names(looked)
    members = {(one.partition, one.group): one.members for one in looked.cohorts if one.group is not None}
    for block in looked.outline.blocks:
        if block.parent in told:
            told.add(block.index)
            continue
        found = _finding(looked, block, groups, members)
        if found is not None:
            yield found
            told.add(block.index)


def _finding(
    looked: Looked, block: OutlineBlock, groups: dict[tuple[Any, Any], str], members: dict[tuple[Any, Any], int]
) -> Finding | None:
    if block.type in _LEVELS and not block.children:
        return about(looked, block, f"empty-{block.type}", "warning")
    if block.type in _CHOOSERS and not block.children:
        return about(looked, block, "empty-chooser", "warning")
    if is_blank(looked.nodes[block.object_id]):
        return about(looked, block, f"empty-{block.type}", "warning")
    own = looked.nodes[block.object_id].fields
    if own.get("visible_to_staff_only") is True:
        return about(looked, block, "hidden", "hint")
    end = looked.end
    if "start" in own and end is not None and (start := block.settings.get("start")) is not None and start >= end:
        return about(looked, block, "after-end", "error")
    return _shut_by_groups(looked, block, own, groups, members)


def _shut_by_groups(
    looked: Looked,
    block: OutlineBlock,
    own: Any,
    groups: dict[tuple[Any, Any], str],
    members: dict[tuple[Any, Any], int],
) -> Finding | None:
    """Group access of its own: groups that are gone, that exclude those above, or that no cohort is linked to."""
    wanted = own.get("group_access")
    if not isinstance(wanted, dict):
        return None
    if block.settings.get("group_access") is False or False in (block.settings.get("group_access") or {}).values():
        return about(looked, block, "no-group", "error")
    for partition, chosen in wanted.items():
        keys = [(_number(partition), _number(group)) for group in chosen or ()]
        if keys and not any(key in groups for key in keys):
            return about(looked, block, "group-gone", "error")
        cohorted = [key for key in keys if key in members or groups.get(key)]
        content_groups = [key for key in keys if _scheme(looked, key[0]) == "cohort"]
        if content_groups and cohorted and not any(members.get(key) for key in content_groups):
            names = ", ".join(groups.get(key, "") for key in content_groups)
            return about(looked, block, "group-empty", "warning", groups=names)
    return None


def _partitions(looked: Looked) -> list[dict[str, Any]]:
    found = looked.course.fields.get("user_partitions")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _group_names(looked: Looked) -> dict[tuple[Any, Any], str]:
    """The groups of the course by numbers of partition and group; enrolment tracks (partition 50) are the site's."""
    named = {
        (_number(partition.get("id")), _number(group.get("id"))): str(group.get("name", ""))
        for partition in _partitions(looked)
        for group in partition.get("groups") or ()
        if isinstance(group, dict)
    }
    return named | {(50, number): "" for number in range(1, 20)}


def _scheme(looked: Looked, partition: Any) -> str:
    return next((str(one.get("scheme")) for one in _partitions(looked) if _number(one.get("id")) == partition), "")


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value
