"""Groups of learners that content can be for: content groups, experiments, enrolment tracks, teams."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.codecs import entries
from lykeion.authoring.saving import COURSE, check, course_fields, edited, field_of, version
from lykeion.authoring.types import Author, AuthoringError, Capability, FieldError
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Cohort
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Edited, Json, Outline, OutlineBlock, RunMissing

__all__ = ["Group", "Partition", "Use", "add", "cohorts", "partitions", "remove", "save_partition", "tracks", "uses"]

Scheme = Literal["cohort", "random"]
_FIRST_ID: Final = 100  # below are those of the platform (Open edX: MINIMUM_UNUSED_PARTITION_ID)
_LAST_ID: Final = 2**31 - 1
_VERSIONS: Final = {"partition": 3, "group": 1}


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a partition. ``id`` None: a new one."""

    name: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Partition:
    """A way to divide the learners. ``scheme``: ``cohort`` (content groups), ``random`` (an experiment), or one that
    is only shown (``team``, ...)."""

    id: int
    name: str
    description: str
    scheme: str
    groups: tuple[Group, ...]
    base: str


@dataclass(frozen=True, slots=True)
class Use:
    """A block that asks for a group (None: for the whole partition, as an experiment does); ``unit`` is where to find
    it, '' outside units."""

    partition: int
    group: int | None
    title: str
    unit: str


def partitions(author: Author) -> list[Partition]:
    """The partitions of the draft, in the order of the course."""
    return [_partition(one) for one in _listed(course_fields(author.root).get("user_partitions"))]


def tracks(author: Author) -> list[str]:
    """The enrolment tracks of the run: groups that nobody makes by hand."""
    try:
        return [mode for mode, _end in catalog.modes(catalog.run(author.run))]
    except RunMissing:
        return []


def cohorts(author: Author) -> dict[tuple[int, int], list[Cohort]]:
    """The cohorts of the run whose members are in a content group, by ids of partition and group."""
    try:
        known = catalog.cohorts(author.run)
    except RunMissing:
        return {}
    found: dict[tuple[int, int], list[Cohort]] = defaultdict(list)
    for one in known:
        if one.partition is not None and one.group is not None:
            found[one.partition, one.group].append(one)
    return dict(found)


def uses(author: Author) -> list[Use]:
    """Where groups are used in the draft. Reads the whole course: not for every page."""
    outline = content.outline_at(author.run, author.root)
    return [use for block in outline.blocks for use in _uses(outline, block)]


def add(author: Author, scheme: Scheme, name: str, groups: Sequence[str], *, at: datetime) -> Edited[int]:
    """A new partition with groups of these names; its value is its id. For content groups, the ones of a course that
    has some already get more: one partition holds them all."""
    require(author, Capability.SETTINGS)
    named = [one.strip() for one in groups if one.strip()]
    if not named:
        raise FieldError(_("There must be at least one group."), "group_name")
    if scheme == "random" and not name.strip():
        raise FieldError(_("Give the experiment a name."), "name")

    def change(draft: Draft) -> int:
        listed = _listed(field_of(draft, "user_partitions"))
        place = next((at for at, one in enumerate(listed) if one.get("scheme") == "cohort"), None)
        if scheme == "cohort" and place is not None:
            wanted = [*(_group(one) for one in entries(listed[place].get("groups"))), *map(Group, named)]
            new = {**listed[place], "groups": _stored_groups(wanted, listed[place], listed)}
            _set(draft, [*listed[:place], new, *listed[place + 1 :]])
            return int(new["id"])
        made: dict[str, Any] = {
            "id": _free_id(listed),
            "name": name.strip() or "Content Groups",
            "description": "The groups in this configuration can be mapped to cohorts." if scheme == "cohort" else "",
            "scheme": scheme,
            "active": True,
            "parameters": {},
            "version": _VERSIONS["partition"],
        }
        made["groups"] = _stored_groups([Group(one) for one in named], made, listed)
        _set(draft, [*listed, made])
        return int(made["id"])

    return edited(author, change, at=at, why="Changed settings: groups")


def save_partition(
    author: Author,
    partition_id: int,
    *,
    name: str,
    description: str,
    groups: Sequence[Group],
    base: str,
    at: datetime,
) -> Edited[None]:
    """Gives a partition its names. A group that is left out is taken away.

    Raises :class:`AuthoringError` when content is for a group that would go, :class:`FieldError`, ``ChangedMeanwhile``.
    """
    require(author, Capability.SETTINGS)
    kept = [one for one in groups if one.name.strip()]
    if not kept:
        raise FieldError(_("There must be at least one group."), "group_name")
    if len({one.name.strip() for one in kept}) < len(kept):
        raise FieldError(_("Two groups cannot have the same name."), "group_name")

    def changed(found: dict[str, Any], listed: list[dict[str, Any]]) -> dict[str, Any]:
        new = {**found, "name": name.strip() or found.get("name", ""), "description": description.strip()}
        new["groups"] = _stored_groups(kept, found, listed)
        if new != found:
            check(COURSE, "user_partitions", found, base)
        gone = {one.get("id") for one in entries(found.get("groups"))} - {one["id"] for one in new["groups"]}
        if gone:
            _refuse_used(author, partition_id, gone)
        return new

    return _change(author, partition_id, changed, at)


def remove(author: Author, partition_id: int, *, at: datetime) -> Edited[None]:
    """Takes a partition away. ``settings.take_back`` brings it back. Raises :class:`AuthoringError` when it is used."""
    require(author, Capability.SETTINGS)
    _refuse_used(author, partition_id, None)

    def change(draft: Draft) -> None:
        listed = _listed(field_of(draft, "user_partitions"))
        place = _place(listed, partition_id)
        _set(draft, [*listed[:place], *listed[place + 1 :]])

    return edited(author, change, at=at, why="Changed settings: groups")


def _change(
    author: Author,
    partition_id: int,
    changed: Callable[[dict[str, Any], list[dict[str, Any]]], dict[str, Any]],
    at: datetime,
) -> Edited[None]:
    def change(draft: Draft) -> None:
        listed = _listed(field_of(draft, "user_partitions"))
        place = _place(listed, partition_id)
        new = changed(listed[place], listed)
        _set(draft, [*listed[:place], new, *listed[place + 1 :]])

    return edited(author, change, at=at, why="Changed settings: groups")


def _refuse_used(author: Author, partition_id: int, gone: set[Any] | None) -> None:
    for use in uses(author):
        if use.partition == partition_id and (gone is None or use.group in gone):
            words = _("“{title}” is for it. Change who may see that first.")
            raise AuthoringError(words.format(title=use.title))


def _uses(outline: Outline, block: OutlineBlock) -> Iterator[Use]:
    """What a block itself asks for; what it has from above counts where it was said."""
    node = content.nodes([block.object_id])[block.object_id] if block.settings.get("group_access") else None
    access = node.fields.get("group_access") if node else None
    way = [*outline.ancestors(block), block]
    unit = next((one.ref for one in way if one.type == "vertical"), "")
    for partition, groups in (access if isinstance(access, Mapping) else {}).items():
        for group in groups if isinstance(groups, list) else ():
            yield Use(_whole(partition), _whole(group), block.title, unit)
    if block.type == "split_test":
        yield Use(_whole(block.own.get("user_partition_id")), None, block.title, unit)
        for group in block.own.get("group_id_to_child") or {}:
            yield Use(_whole(block.own.get("user_partition_id")), _whole(group), block.title, unit)


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return -1


def _listed(stored: Json) -> list[dict[str, Any]]:
    return [dict(one) for one in entries(stored)]


def _set(draft: Draft, listed: list[dict[str, Any]]) -> None:
    draft.update(COURSE, {"user_partitions": listed})


def _place(listed: list[dict[str, Any]], partition_id: int) -> int:
    for place, one in enumerate(listed):
        if _whole(one.get("id")) == partition_id:
            return place
    raise AuthoringError(_("These groups are not there any more."))


def _partition(one: Mapping[str, Any]) -> Partition:
    groups = tuple(_group(group) for group in entries(one.get("groups")))
    texts = [str(one.get(name) or "") for name in ("name", "description", "scheme")]
    return Partition(_whole(one.get("id")), texts[0], texts[1], texts[2] or "random", groups, version(dict(one)))


def _group(one: Mapping[str, Any]) -> Group:
    return Group(str(one.get("name") or ""), _whole(one.get("id")))


def _stored_groups(
    groups: Sequence[Group], found: Mapping[str, Any], listed: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Groups as courses keep them. Ids of content groups are unlike all others of the course; those of an experiment
    count from 0."""
    known = {_whole(one.get("id")): one for one in entries(found.get("groups"))}
    taken = {*known}
    made = []
    for one in groups:
        number = one.id if one.id in known else None
        if number is None:
            number = max(taken, default=-1) + 1 if found.get("scheme") == "random" else _free_id(listed, taken)
        taken.add(number)
        made.append({"id": number, "version": _VERSIONS["group"], **known.get(number, {}), "name": one.name.strip()})
    return made


def _free_id(listed: list[dict[str, Any]], more: set[int] | None = None) -> int:
    taken = {_whole(one.get("id")) for one in listed} | (more or set())
    taken |= {_whole(group.get("id")) for one in listed for group in entries(one.get("groups"))}
    while (number := random.randrange(_FIRST_ID, _LAST_ID)) in taken:  # noqa: S311  no secret
        pass
    return number
