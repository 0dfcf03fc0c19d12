"""Settings of sections, subsections and units: when, for whom and how they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from lykeion.authoring.api.courses import require
from lykeion.authoring.api.wording import moment_of
from lykeion.authoring.items import COURSE, Item, items
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.api import Draft
from lykeion.content.types import Json, Node, ObjectId, ObjectMissing
from lykeion.core.keys import ref_meant, split_ref, usage_text
from lykeion.courseware.types import TRACK_GROUPS
from lykeion.grades.api import PolicyError, read_policy

__all__ = ["Partition", "grade_types", "partitions", "prerequisites", "save", "seen"]

TRACKS: Final = 50  # Open edX's number of the partition of enrolment tracks
_SHARED: Final = frozenset(["visible_to_staff_only"])
ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "chapter": _SHARED | {"start", "hide_from_toc", "highlights"},
    "sequential": _SHARED
    | {
        "start",
        "due",
        "relative_weeks_due",
        "graded",
        "format",
        "hide_after_due",
        "hide_from_toc",
        "show_correctness",
        "is_time_limited",
        "default_time_limit_minutes",
        "required_prereq",
        "min_score",
        "min_completion",
    },
    "vertical": _SHARED | {"group_access", "discussion_enabled"},
}


@dataclass(frozen=True, slots=True)
class Partition:
    """A way to put learners into groups; ``groups`` are pairs (number, name)."""

    id: int
    name: str
    groups: tuple[tuple[int, str], ...]


def seen(base: ObjectId | None, present: Item) -> Mapping[str, Json]:
    """The fields of version ``base`` of a block, which the author looked at; of the present one without it."""
    if base is None or base == present.base:
        return present.fields
    try:
        return content.nodes([base])[base].fields
    except ObjectMissing:
        return present.fields


def grade_types(author: Author) -> list[str]:
    """The names of the assignment types of the course: those of its grading policy, or of the one that holds while it
    has none (or one that cannot be read)."""
    stored = author.course.fields.get("grading_policy")
    try:
        policy = read_policy(stored if isinstance(stored, dict) else None)
    except PolicyError:
        policy = read_policy(None)
    return list(dict.fromkeys(one.type for one in policy.types if one.type))


def partitions(author: Author) -> list[Partition]:
    """What a unit can be restricted to: the content groups of the course, and its enrolment tracks where it has more
    than one. Groups of experiments are given out at random: they are not for this."""
    listed = author.course.fields.get("user_partitions")
    own = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    found = [_partition(one) for one in own if one.get("scheme") not in ("random", "enrollment_track")]
    modes = [mode for mode, _until in catalog.modes(catalog.run(author.run)) if mode in TRACK_GROUPS]
    tracks = tuple((TRACK_GROUPS[mode], mode) for mode in modes)
    return [*found, *([Partition(TRACKS, _("Enrolment track"), tracks)] if len(tracks) > 1 else [])]


def prerequisites(author: Author, ref: str) -> list[Item]:
    """The subsections that could be done before subsection ``ref``: all others, in the order of the course."""
    found = [below for section in items(author, COURSE) for below in items(author, section.ref)]
    return [one for one in found if one.ref != ref and one.type == "sequential"]


def save(author: Author, ref: str, values: Mapping[str, Json], *, base: ObjectId | None, at: datetime) -> None:
    """Gives block ``ref`` other settings; None takes one off, so that what is above it decides.

    Only what the author changed is to be given: what somebody else set meanwhile stays. Choosing a prerequisite makes
    the other subsection one, and lets the course ask for prerequisites. Raises
    :class:`~lykeion.content.types.ChangedMeanwhile`, and :class:`AuthoringError` for what does not go together.
    """
    require(author, Capability.EDIT)
    _check(split_ref(ref)[0], values)
    asked = ref_meant(values.get("required_prereq") or "")
    kept = {name: value for name, value in values.items() if value is not None}
    gone = [name for name, value in values.items() if value is None]

    def change(draft: Draft) -> None:
        draft.update(ref, kept, unset=gone, base=base)
        _check_dates(draft.node(ref))
        if asked:
            _ask_for(draft, ref, asked)

    if values:
        content.edit(author.run, change, author=author.person.username, at=at, why=f"Changed settings: {ref}")


def required(author: Author, ref: str) -> str:
    """The key by which a subsection names its prerequisite ``ref``."""
    return usage_text(author.as_course, ref)


def _check(kind: str, values: Mapping[str, Json]) -> None:
    strange = sorted(set(values) - ALLOWED.get(kind, frozenset()))
    if strange:
        raise AuthoringError(_("These cannot be set here: {names}.").format(names=", ".join(strange)))
    minutes = values.get("default_time_limit_minutes")
    if values.get("is_time_limited") and minutes is not None and not minutes > 0:
        raise AuthoringError(_("Say how many minutes learners have for the exam."))


def _check_dates(node: Node) -> None:
    start, due = moment_of(node.fields.get("start")), moment_of(node.fields.get("due"))
    if start and due and due <= start:
        raise AuthoringError(_("The due date is before the release date: learners could never do it."))


def _ask_for(draft: Draft, ref: str, asked: str) -> None:
    if not draft.has(asked):
        raise AuthoringError(_("The subsection to be done before is not in the course any more. Choose another one."))
    step, seen_refs = asked, {ref}
    while step:
        if step in seen_refs:
            raise AuthoringError(_("These subsections would wait for each other, so nobody could open them."))
        seen_refs.add(step)
        step = ref_meant(draft.node(step).fields.get("required_prereq") or "") if draft.has(step) else ""
    draft.update(asked, {"is_prerequisite": True})
    draft.update(COURSE, {"enable_subsection_gating": True})


def _partition(one: Mapping[str, Json]) -> Partition:
    groups: Sequence[Json] = one.get("groups") or ()
    pairs = tuple((int(group["id"]), str(group.get("name") or "")) for group in groups)
    return Partition(int(one["id"]), str(one.get("name") or ""), pairs)
