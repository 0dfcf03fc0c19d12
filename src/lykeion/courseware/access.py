"""Who may see what, as pure rules over an outline, a kind of viewer and a moment.

Sources: ``lms/djangoapps/courseware/access.py`` (course doors, groups, start dates, beta testers) and the processors of
``content/learning_sequences`` (dates, ``hide_after_due``) of Open edX; see openedx.md §1.2-1.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lykeion.blocks.api import chooses
from lykeion.blocks.types import Viewer
from lykeion.catalog.types import Enrolment, Run
from lykeion.content.types import Outline, OutlineBlock
from lykeion.courseware.types import NO_FACTS, TRACK_GROUPS, AccessDenied, LearnerFacts, Wall

NEVER_SET: Final = datetime(2030, 1, 1, tzinfo=UTC)
"""When a block starts whose start nobody set (Open edX: inheritance.py)."""

TRACK_PARTITION: Final = 50
GATE_PARTITION: Final = 51
GATE_LIMITED, GATE_FULL = 1, 2
"""Groups of the partition that shuts graded content for those who do not pay (Open edX: content_type_gating). Who is in
neither is in the full one."""

IN_REACH: Final = frozenset({"prerequisite", "entrance_exam", "exam_not_started", "exam_over"})
"""Walls that a learner's own work opens, or has closed."""

TO_COME: Final = IN_REACH - {"exam_over"}
"""Those of them that are still to be opened."""

COUNTED: Final = frozenset({"", "closed_after_due", *IN_REACH})
"""Walls that leave a block in the grade: what was open until its due date still counts, and so does what the learner
has yet to open: else the first subsection alone could make a perfect grade."""

LISTED: Final = frozenset({*COUNTED, "not_released", "track"})
"""Walls that leave a block in the outline, locked or not. Others take it away."""


@dataclass(frozen=True, slots=True)
class Audience:
    """All that tells one viewer's parts of a course from another's. ``groups`` maps partition to group."""

    staff: bool = False
    beta: bool = False
    groups: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """How the dates of a run are meant: self-paced ones know the course's start and end only."""

    self_paced: bool = False
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Partition:
    """A way to divide learners, with the ids of its groups."""

    active: bool
    groups: frozenset[int]


def audience_of(viewer: Viewer) -> Audience:
    """The kind of viewer that ``viewer`` is."""
    return Audience(viewer.is_staff, viewer.is_beta_tester, tuple(sorted(viewer.groups.items())))


def pace_of(run: Run) -> Pace:
    """How the dates of ``run`` are meant."""
    return Pace(run.self_paced, run.end)


# The door of the course


def refusal(
    run: Run, viewer: Viewer, enrolment: Enrolment | None, outline: Outline, at: datetime
) -> AccessDenied | None:
    """Why this viewer may not come into the run at all, not even to its outline; None when they may.

    Order and codes are Open edX's: staff pass; then visibility, start, identity, enrolment.
    """
    if viewer.is_staff:
        return None
    course = outline.course
    if course.settings.get("visible_to_staff_only"):
        return AccessDenied(_("This course is not open to learners."), "not_visible_to_user")
    opens = opening(course, beta=viewer.is_beta_tester)
    if opens > at:
        return AccessDenied(_("This course starts on {date}.").format(date=_day(opens)), "course_not_started", opens)
    if may_read(run, viewer, enrolment) or run.course_visibility == "public_outline":
        return None
    return reading_refusal(viewer)


def may_read(run: Run, viewer: Viewer, enrolment: Enrolment | None) -> bool:
    """Whether the texts of the course are for this viewer (the outline may be for more people)."""
    return viewer.is_staff or run.course_visibility == "public" or is_learner(enrolment)


def is_learner(enrolment: Enrolment | None) -> bool:
    """Whether somebody takes the run now."""
    return enrolment is not None and enrolment.is_active


def reading_refusal(viewer: Viewer) -> AccessDenied:
    """What to say to somebody who may not read: sign in, or enrol."""
    if viewer.user_id is None:
        return AccessDenied(_("Sign in to see this part of the course."), "authentication_required")
    return AccessDenied(_("Enrol in this course to see it."), "enrollment_required")


# Its parts


def walls(
    outline: Outline, audience: Audience, pace: Pace, at: datetime, facts: LearnerFacts = NO_FACTS
) -> tuple[Wall, ...]:
    """The wall in front of each block, in document order; what is below a wall is behind it too.

    What a block does not show (the children of one that chooses, but for the chosen) is behind a wall for staff as
    well: no page leads there, so it must not count either.
    """
    found: list[Wall] = [""] * len(outline.blocks)
    _set_walls(found, outline, outline.course, _rule(outline, audience, pace, at, facts))
    return tuple(found)


def personal_walls(
    outline: Outline,
    shared: Sequence[Wall],
    audience: Audience,
    pace: Pace,
    at: datetime,
    facts: LearnerFacts,
) -> tuple[Wall, ...]:
    """As :func:`walls`, from those of the learner's audience (``shared``): looks again only where ``facts`` say
    something."""
    found, rule = list(shared), _rule(outline, audience, pace, at, facts)
    for block in subjects(outline, facts):
        _set_walls(found, outline, block, rule)
    return tuple(found)


def subjects(outline: Outline, facts: LearnerFacts) -> list[OutlineBlock]:
    """The blocks that ``facts`` tell of, in document order."""
    refs = {ref for ref, _ in (*facts.chosen, *facts.own)}
    found = [block for block in map(outline.get, refs) if block is not None]
    return sorted(found, key=lambda block: block.index)


def _set_walls(found: list[Wall], outline: Outline, top: OutlineBlock, rule: Callable[[OutlineBlock], Wall]) -> None:
    for block in outline.subtree(top):
        above: Wall = found[block.parent] if block.parent >= 0 else ""
        found[block.index] = above or rule(block)


def _rule(
    outline: Outline, audience: Audience, pace: Pace, at: datetime, facts: LearnerFacts
) -> Callable[[OutlineBlock], Wall]:
    partitions, groups = read_partitions(outline), dict(audience.groups)
    chosen, own = {ref: frozenset(shown) for ref, shown in facts.chosen}, dict(facts.own)

    def rule(block: OutlineBlock) -> Wall:
        if block.parent >= 0 and _is_passed_over(outline.blocks[block.parent], block, chosen):
            return "not_chosen"
        if audience.staff:
            return ""
        wall = _wall(block, partitions, groups, audience.beta, pace, at)
        return own.get(block.ref, wall) if own and wall in _OWN_DECIDES else wall

    return rule


_OWN_DECIDES: Final = frozenset({"", "closed_after_due"})


def _is_passed_over(parent: OutlineBlock, block: OutlineBlock, chosen: Mapping[str, frozenset[str]]) -> bool:
    return chooses(parent.type) and block.ref not in chosen.get(parent.ref, ())


def third_party_wall(outline: Outline, block: OutlineBlock, pace: Pace, at: datetime) -> Wall:
    """As one of :func:`walls`, for services that call a handler without saying for whom: what nobody may have yet is
    shut. Looks at the block and those above it only: anybody may ask, as often as they like.

    What is for some learners only, or has to be opened by work, is shut as well: nobody in particular has not opened
    it. Tools on other sites report grades of learners who were let in, at any time: for them (and in general for
    choices and the end of ``hide_after_due``) that does not count.
    """
    is_tool = block.type in TELLS_OTHERS

    def own(one: OutlineBlock) -> Wall:
        if one.settings.get("visible_to_staff_only"):
            return "staff_only"
        if not is_tool and (one.settings.get("group_access") or _opens_by_work(one)):
            return "group"
        dated = one.index == 0 or not pace.self_paced
        return "not_released" if dated and opening(one, beta=True) > at else ""

    way = [*outline.ancestors(block), block]
    return next((wall for one in way if (wall := own(one))), "")


def _opens_by_work(block: OutlineBlock) -> bool:
    own = block.own
    return bool(own.get("is_time_limited") or own.get("required_prereq") or own.get("entrance_exam_enabled"))


TELLS_OTHERS: Final = frozenset({"lti", "lti_consumer"})
"""Blocks that take the viewer to another site, which takes what is done there for the learner's own work."""


def _wall(
    block: OutlineBlock,
    partitions: Mapping[int, Partition],
    groups: Mapping[int, int],
    beta: bool,
    pace: Pace,
    at: datetime,
) -> Wall:
    if block.settings.get("visible_to_staff_only"):
        return "staff_only"
    access = block.settings.get("group_access")
    if access and not in_groups(access, partitions, groups):
        return "track" if in_groups(access, partitions, {**groups, GATE_PARTITION: GATE_FULL}) else "group"
    if groups.get(GATE_PARTITION) == GATE_LIMITED and is_gated(block):
        return "track"
    if (block.index == 0 or not pace.self_paced) and opening(block, beta=beta) > at:
        return "not_released"
    closes = closing(block, pace)
    return "closed_after_due" if closes is not None and closes < at else ""


def is_gated(block: OutlineBlock) -> bool:
    """Whether a block is for those who pay, in runs that shut graded content: it counts for the grade."""
    return block.facts.has_score and bool(block.settings.get("graded")) and block.own.get("weight") != 0


def opening(block: OutlineBlock, *, beta: bool) -> datetime:
    """When a block opens; days earlier for beta testers of a course that says so."""
    start: datetime = block.settings.get("start") or NEVER_SET
    early = block.settings.get("days_early_for_beta") if beta else None
    return start - timedelta(days=float(early)) if early else start


def closing(block: OutlineBlock, pace: Pace) -> datetime | None:
    """When a block with ``hide_after_due`` closes: after its due date, in self-paced runs after the course's end."""
    if not block.own.get("hide_after_due"):
        return None
    return pace.end if pace.self_paced else block.settings.get("due")


def in_groups(access: Mapping[Any, Any], partitions: Mapping[int, Partition], groups: Mapping[int, int]) -> bool:
    """Whether somebody in ``groups`` passes ``access`` ({partition: [group, ...]}, merged from the ancestors).

    Every partition must let them in, by any of its groups. ``False`` lets nobody in, nor does a partition or group
    that the course does not have. Inactive partitions and empty lists do not count.
    """
    for name, allowed in access.items():
        if allowed is False:
            return False
        if not allowed:
            continue
        number = _number(name)
        partition = partitions.get(number)
        if partition is None:
            return False
        mine = groups.get(number, _UNSAID.get(number))
        if partition.active and not (partition.groups.issuperset(allowed) and mine in allowed):
            return False
    return True


_UNSAID: Final[Mapping[int, int]] = {GATE_PARTITION: GATE_FULL}
"""The group that somebody is in of whom nothing else is said."""


def read_partitions(outline: Outline) -> dict[int, Partition]:
    """The partitions of a course, enrolment tracks included."""
    stored = outline.course.settings.get("user_partitions") or ()
    found = {_number(one.get("id")): _partition(one) for one in stored if isinstance(one, Mapping)}
    tracks = Partition(True, frozenset(TRACK_GROUPS.values()))
    return {**found, TRACK_PARTITION: tracks, GATE_PARTITION: Partition(True, frozenset({GATE_LIMITED, GATE_FULL}))}


def _partition(stored: Mapping[str, Any]) -> Partition:
    groups = frozenset(_number(group.get("id")) for group in stored.get("groups") or ())
    return Partition(stored.get("active") is not False, groups)


def _number(text: Any) -> int:
    """A partition's or group's id; -1 (which is nobody's) for what is no number."""
    try:
        return int(text)
    except (TypeError, ValueError, OverflowError):
        return -1


def used_partitions(outline: Outline) -> frozenset[int]:
    """The partitions that some block of the course asks for: the only groups that make a difference in it."""
    asked = (block.settings.get("group_access") or {} for block in outline.blocks)
    return frozenset({GATE_PARTITION, *(_number(name) for access in asked for name in access)})


def turning_points(outline: Outline, pace: Pace) -> list[datetime]:
    """The moments at which some wall of the course may come or go, in order."""
    return sorted(set(_turning_points(outline, pace)))


def _turning_points(outline: Outline, pace: Pace) -> Iterator[datetime]:
    for block in outline.blocks:
        if block.index == 0 or not pace.self_paced:
            yield opening(block, beta=False)
            yield opening(block, beta=True)
        closes = closing(block, pace)
        if closes is not None:
            yield closes


def wall_refusal(wall: Wall, block: OutlineBlock, *, beta: bool) -> AccessDenied:
    """A wall in words for the person in front of it. What is hidden is not told from what does not exist."""
    if wall == "not_released":
        opens = opening(block, beta=beta)
        return AccessDenied(_("This part of the course opens on {date}.").format(date=_day(opens)), wall, opens)
    if wall == "closed_after_due":
        return AccessDenied(_("The due date of this part has passed, and it is closed now."), wall)
    if wall == "track":
        return AccessDenied(_("This part of the course is for verified learners."), wall)
    if wall == "elsewhere":
        words = _("This part is a tool on another site, which would take what you do there for the learner's own work.")
        return AccessDenied(words, wall)
    return AccessDenied(_("This part of the course is not there any more."), "not_found")


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
