"""Who may see a block: the groups that its author lets in, in words and as a form.

Source: openedx.md §1.4: of every partition that a block names, a learner must be in one of the groups it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.authoring import working
from lykeion.authoring.types import Author, AuthoringError
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Json, ObjectId, RunMissing
from lykeion.courseware.types import TRACK_GROUPS

__all__ = ["Group", "Partition", "access_of", "choices", "in_words", "is_for_team", "restrict"]

TRACKS: Final = 50
"""The partition of enrolment tracks (``lykeion.courseware.access.TRACK_PARTITION``)."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group that may be let in."""

    id: int
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Partition:
    """Groups of one kind. ``asks``: only learners in one of those that are chosen see the block."""

    id: int
    name: str
    kind: str
    groups: tuple[Group, ...]

    @property
    def asks(self) -> bool:
        """Whether the block asks for groups of this kind."""
        return any(group.chosen for group in self.groups)


def choices(author: Author, chosen: Mapping[int, Sequence[int]]) -> list[Partition]:
    """Every kind of groups of the course, with those that ``chosen`` (ids by partition) names chosen."""
    found = [_partition(one, chosen) for one in _listed(author)]
    tracks = _tracks(author, chosen.get(TRACKS, []))
    return [one for one in (*found, tracks) if one is not None]


def in_words(author: Author, base: ObjectId) -> str:
    """Who sees the block that is stored as ``base``, as far as it says so itself; '' for everybody."""
    if is_for_team(base):
        return _("The course team only")
    access = access_of(base)
    partitions = [one for one in choices(author, access) if one.asks] if access else []
    named = [", ".join(group.name for group in one.groups if group.chosen) for one in partitions]
    if len(named) < len(access):
        named.append(_("groups that are not there any more: nobody"))
    return _(" and ").join(named)


def is_for_team(base: ObjectId) -> bool:
    """Whether the block that is stored as ``base`` says that only the course team sees it."""
    return bool(_own(base).get("visible_to_staff_only"))


def access_of(base: ObjectId) -> Mapping[int, Sequence[int]]:
    """The groups that a block lets in itself, by partition."""
    return _chosen(_own(base).get("group_access"))


def _own(base: ObjectId) -> Mapping[str, Any]:
    own: Mapping[str, Any] = content.settings_along([content.nodes([base])[base]])[0]
    return own


def restrict(
    author: Author,
    ref: str,
    groups: Mapping[int, Sequence[int]],
    *,
    team_only: bool,
    base: ObjectId | None,
    at: datetime,
) -> None:
    """Lets only the course team see a block, or of each partition (by id) only the named groups; nothing named lets
    everybody in. Raises :class:`AuthoringError` for groups that the course does not have."""
    working.require_inside(ref)
    known = {one.id: {group.id for group in one.groups} for one in choices(author, {})}
    for partition, chosen in groups.items():
        if not set(chosen) <= known.get(partition, set()):
            raise AuthoringError(_("One of these groups is not there any more. Reload the page."))
    access = {str(partition): sorted(chosen) for partition, chosen in groups.items() if chosen}
    values: dict[str, Json] = {"group_access": access} if access else {}
    values |= {"visible_to_staff_only": True} if team_only else {}
    unset = [name for name in ("group_access", "visible_to_staff_only") if name not in values]

    def change(draft: Draft) -> None:
        working.set_fields(author, draft, ref, values, unset, base)

    working.edit(author, change, f"Edited: {ref}", at)


def _chosen(access: Json) -> dict[int, list[int]]:
    found = access if isinstance(access, Mapping) else {}
    return {
        int(partition): [one for one in groups if isinstance(one, int)] if isinstance(groups, list) else []
        for partition, groups in found.items()
        if str(partition).isdecimal()
    }


def _listed(author: Author) -> list[Mapping[str, Any]]:
    listed = author.course.fields.get("user_partitions")
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _partition(one: Mapping[str, Any], chosen: Mapping[int, Sequence[int]]) -> Partition | None:
    scheme, number = str(one.get("scheme", "random")), one.get("id")
    if not isinstance(number, int) or number == TRACKS or one.get("active") is False:
        return None
    kinds = {"cohort": _("Content groups"), "random": _("Groups of an experiment"), "team": _("Teams")}
    groups = [
        group for group in one.get("groups", ()) if isinstance(group, Mapping) and isinstance(group.get("id"), int)
    ]
    named = tuple(Group(g["id"], str(g.get("name", g["id"])), g["id"] in chosen.get(number, ())) for g in groups)
    return Partition(number, str(one.get("name", number)), kinds.get(scheme, scheme), named) if named else None


def _tracks(author: Author, chosen: Sequence[int]) -> Partition | None:
    try:
        modes = [mode for mode, _until in catalog.modes(catalog.run(author.run))]
    except RunMissing:  # a course so new that nobody can enrol yet
        modes = []
    names = {"audit": _("Audit"), "verified": _("Verified"), "honor": _("Honour"), "professional": _("Professional")}
    ids = {mode: TRACK_GROUPS[mode] for mode in TRACK_GROUPS if mode in modes or TRACK_GROUPS[mode] in chosen}
    groups = tuple(Group(number, names.get(mode, mode.capitalize()), number in chosen) for mode, number in ids.items())
    return Partition(TRACKS, _("Enrolment tracks"), _("Enrolment tracks"), groups) if groups else None
