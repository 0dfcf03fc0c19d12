"""View as: the course team looks at a run as a learner, as one of a group or track, or as a named learner.

Source: ``lms/djangoapps/courseware/masquerade.py`` of Open edX; see openedx.md §2.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolment
from lykeion.content.types import Outline, OutlineBlock
from lykeion.courseware.access import TELLS_OTHERS, TRACK_PARTITION, in_groups, is_learner, read_partitions
from lykeion.courseware.needs import Needs
from lykeion.courseware.types import TRACK_GROUPS, AccessDenied, Mask, MaskChoice, StateCopy, Visitor, Wall

NAMES_OF_TRACKS: Final = {group: mode for mode, group in TRACK_GROUPS.items()}


def as_one_of_many(visitor: Visitor, mask: Mask) -> Visitor:
    """``visitor``, who must be of the team, as any learner of a kind: with their own work, without their rights."""
    viewer = replace(visitor.viewer, groups=_groups(visitor, mask), **_NO_RIGHTS)
    enrolment = Enrolment(viewer.user_id or 0, visitor.run.id, _mode(visitor, mask), True, visitor.at)
    return replace(visitor, viewer=viewer, enrolment=enrolment, mask=mask, masked_by=visitor.viewer.user_id)


def as_person(visitor: Visitor, learner: Visitor, mask: Mask, copy: StateCopy) -> Visitor:
    """``learner`` as seen by ``visitor``, who must be of the team; whatever the learner may do elsewhere, here they
    have no rights of the team's.

    Raises :class:`AccessDenied` when they do not take the course any more.
    """
    if not is_learner(learner.enrolment):
        raise AccessDenied(_("This learner does not take the course any more."), "not_found")
    rights = {**_NO_RIGHTS, "is_beta_tester": learner.viewer.is_beta_tester}
    viewer = replace(learner.viewer, **rights)
    return replace(learner, viewer=viewer, mask=mask, masked_by=visitor.viewer.user_id, copy=copy)


_NO_RIGHTS: Final[Mapping[str, Any]] = {
    "is_staff": False, "is_global_staff": False, "is_beta_tester": False, "role": "student",
}  # fmt: skip


def _groups(visitor: Visitor, mask: Mask) -> dict[int, int]:
    track = {TRACK_PARTITION: TRACK_GROUPS[_mode(visitor, mask)]}
    return track if mask.kind == "learner" else {**track, mask.partition: mask.group}


def _mode(visitor: Visitor, mask: Mask) -> str:
    """The track of the one that a mask stands for: the free one, unless the mask is a track."""
    if mask.partition == TRACK_PARTITION and mask.group in NAMES_OF_TRACKS:
        return NAMES_OF_TRACKS[mask.group]
    modes = [mode for mode, _deadline in catalog.modes(visitor.run) if mode in TRACK_GROUPS]
    return "audit" if "audit" in modes or not modes else modes[0]


def with_groups_of_mask(visitor: Visitor, needs: Needs) -> Visitor:
    """``visitor`` in the groups that a mask says, whatever groups the person behind it was found to be in.

    Groups of experiments stay theirs: a split test must show something.
    """
    if visitor.mask is None or visitor.mask.kind == "person":
        return visitor
    random = {one: group for one, group in visitor.viewer.groups.items() if needs.schemes.get(one) == "random"}
    groups = {**random, **_groups(visitor, visitor.mask)}
    return replace(visitor, viewer=replace(visitor.viewer, groups=groups))


def without_other_sites(visitor: Visitor, _needs: Needs) -> Visitor:
    """``visitor`` behind a wall in front of what would tell other sites that the learner was there."""
    if visitor.mask is None or visitor.mask.kind != "person":
        return visitor
    away: list[tuple[str, Wall]] = [
        (one.ref, "elsewhere") for one in visitor.outline.blocks if one.type in TELLS_OTHERS
    ]
    return replace(visitor, facts=replace(visitor.facts, own=(*visitor.facts.own, *away)))


def choices(visitor: Visitor) -> tuple[MaskChoice, ...]:
    """Whom the team may look as, besides people: a learner, one of each content group, one of each track. One query."""
    modes = [mode for mode, _deadline in catalog.modes(visitor.run)]
    return (MaskChoice(Mask("learner"), _("Learner")), *_content_groups(visitor.outline), *_tracks(modes))


def person_mask(visitor: Visitor, name: str) -> Mask:
    """The mask of the learner called ``name`` (or with that address). Raises :class:`AccessDenied` if there is none."""
    person = accounts.find_person(name.strip())
    enrolment = catalog.run_and_enrolment(visitor.run.key, person.id)[1] if person is not None else None
    if person is None or not is_learner(enrolment):
        raise AccessDenied(_("“{name}” does not take this course.").format(name=name.strip()), "not_found")
    return Mask("person", user_id=person.id)


def name_of(visitor: Visitor, mask: Mask) -> str:
    """The words for whom a mask stands for. One query for a person who is not the viewer."""
    if mask.kind == "learner":
        return _("a learner")
    if mask.kind == "person":
        if visitor.viewer.user_id == mask.user_id:
            return visitor.viewer.username
        person = accounts.people([mask.user_id]).get(mask.user_id)
        return person.username if person is not None else _("somebody who left")
    return next(
        (choice.name for choice in _groups_of(visitor.outline) if choice.mask == mask), _("a group that is gone")
    )


def groups_for(visitor: Visitor, block: OutlineBlock) -> tuple[str, ...]:
    """The names of the groups of which the viewer must be in one to see ``block``: of the first way to divide learners
    that keeps them out; empty when nobody is let in."""
    partitions, mine = read_partitions(visitor.outline), visitor.viewer.groups
    asked = block.settings.get("group_access") or {}
    shut = next((one for one in asked.items() if not in_groups(dict([one]), partitions, mine)), None)
    if shut is None or not shut[1]:
        return ()
    open_to = {(str(shut[0]), str(group)) for group in shut[1]}
    named = ((one.name, (str(one.mask.partition), str(one.mask.group))) for one in _groups_of(visitor.outline))
    return tuple(name for name, group in named if group in open_to)


def _groups_of(outline: Outline) -> Iterator[MaskChoice]:
    yield from _content_groups(outline)
    yield from _tracks(list(TRACK_GROUPS))


def _content_groups(outline: Outline) -> Iterator[MaskChoice]:
    for partition in outline.course.settings.get("user_partitions") or ():
        if isinstance(partition, Mapping) and partition.get("active") is not False:
            for group in partition.get("groups") or ():
                name = _("{group} ({partition})").format(group=group.get("name"), partition=partition.get("name"))
                yield MaskChoice(Mask("group", partition=int(partition["id"]), group=int(group["id"])), name)


def _tracks(modes: list[str]) -> Iterator[MaskChoice]:
    for mode in modes if len(modes) > 1 else ():
        if mode in TRACK_GROUPS:
            mask = Mask("group", partition=TRACK_PARTITION, group=TRACK_GROUPS[mode])
            yield MaskChoice(mask, _("Track: {track}").format(track=mode))
