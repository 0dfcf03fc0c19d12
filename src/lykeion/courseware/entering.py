"""Coming into a run: who is it, what may they see. Few queries, and none that depend on the course's size."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.blocks.types import Viewer
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolment, Run
from lykeion.content import api as content
from lykeion.content.types import Node, ObjectId, Outline, RunMissing
from lykeion.core.keys import CourseLocator
from lykeion.core.lru import WeightedCache
from lykeion.courseware.access import (
    COUNTED,
    TRACK_GROUPS,
    TRACK_PARTITION,
    Audience,
    Pace,
    is_learner,
    may_read,
    reading_refusal,
    refusal,
    wall_refusal,
)
from lykeion.courseware.plan import Plan, plan_key, plan_of
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.grades import api as grades
from lykeion.grades.api import Sheet

log = logging.getLogger(__name__)

STAFF = frozenset({Role.STAFF, Role.INSTRUCTOR, Role.LIMITED_STAFF})

_SHEETS: WeightedCache[tuple[object, ...], Sheet] = WeightedCache(100_000, weigh=lambda sheet: len(sheet.line_of) + 1)


def enter(
    user: AbstractBaseUser | AnonymousUser, run_key: CourseLocator, at: datetime, *, noauth: bool = False
) -> Visitor:
    """The visitor ``user`` is in the run at ``at``: three queries, two for staff of the site and for visitors.

    ``noauth`` lets a third party in as nobody, whatever the session says, to call handlers made for that.
    Raises :class:`AccessDenied` when even the outline is not for them, ``RunMissing`` when there is no such run.
    """
    person = None if noauth else accounts.person(user)  # type: ignore[arg-type]  # the site's user model
    run, enrolment = catalog.run_and_enrolment(run_key, person.id if person else None)
    outline = content.outline(run.key)
    viewer = _viewer(person, run, enrolment)
    denied = None if noauth else refusal(run, viewer, enrolment, outline, at) or _unprepared(run, viewer)
    if denied is not None:
        raise denied
    return Visitor(run, outline, viewer, enrolment, at)


def _unprepared(run: Run, viewer: Viewer) -> AccessDenied | None:
    """Why a learner must pass other runs first; staff and visitors need not (openedx.md §1.2). Costs queries only for
    runs that ask for it."""
    if not run.prerequisites or viewer.user_id is None or viewer.is_staff:
        return None
    wanted = {one.key: one for one in (_offered(key) for key in run.prerequisites) if one is not None}
    passed = grades.passed_runs(viewer.user_id, [one.id for one in wanted.values()])
    missing = [one.title for one in wanted.values() if one.id not in passed]
    if not missing:
        return None
    message = _("Pass {courses} first: this course builds on it.").format(courses=", ".join(missing))
    return AccessDenied(message, "unfulfilled_milestones")


def _offered(key: str) -> Run | None:
    """The run of ``key``; one that is not here cannot be asked for."""
    try:
        return catalog.run(key)
    except RunMissing:
        return None


def _viewer(person: Person | None, run: Run, enrolment: Enrolment | None) -> Viewer:
    if person is None:
        return Viewer(user_id=None, language=get_language() or "en")
    roles = frozenset() if person.is_staff else accounts.roles(person.id, run.org, run.key)
    return viewer_of(person, run, enrolment, roles)


def viewer_of(person: Person, run: Run, enrolment: Enrolment | None, roles: Collection[Role]) -> Viewer:
    """How blocks see ``person`` in ``run``."""
    staff = person.is_staff or not STAFF.isdisjoint(roles)
    return Viewer(
        user_id=person.id,
        username=person.username,
        email=person.email,
        full_name=person.full_name,
        anonymous_id=accounts.anonymous_id(person.id, run.key),
        is_staff=staff,
        is_global_staff=person.is_staff,
        is_beta_tester=Role.BETA_TESTER in roles,
        role="instructor" if person.is_staff or Role.INSTRUCTOR in roles else "staff" if staff else "student",
        language=get_language() or person.language,
        time_zone=person.time_zone,
        groups=groups_of(enrolment),
    )


def groups_of(enrolment: Enrolment | None) -> dict[int, int]:
    """The groups somebody is in: that of their enrolment track."""
    group = TRACK_GROUPS.get(enrolment.mode) if enrolment is not None and enrolment.is_active else None
    return {} if group is None else {TRACK_PARTITION: group}


def learner(visitor: Visitor, user_id: int) -> Visitor:
    """Another learner of the visitor's run, seen as themselves. Raises :class:`AccessDenied` if there is nobody."""
    person = accounts.people([user_id]).get(user_id)
    if person is None:
        raise wall_refusal("staff_only", visitor.outline.course, beta=False)
    run, enrolment = catalog.run_and_enrolment(visitor.run.key, user_id)
    viewer = viewer_of(person, run, enrolment, accounts.roles(user_id, run.org, run.key))
    return Visitor(run, visitor.outline, viewer, enrolment, visitor.at)


def audience_of(viewer: Viewer) -> Audience:
    """The kind of viewer that ``viewer`` is."""
    return Audience(viewer.is_staff, viewer.is_beta_tester, tuple(sorted(viewer.groups.items())))


def pace_of(run: Run) -> Pace:
    """How the dates of ``run`` are meant."""
    return Pace(run.self_paced, run.end)


def plan(visitor: Visitor) -> Plan:
    """What of the course is open to ``visitor`` now."""
    return plan_of(visitor.outline, audience_of(visitor.viewer), pace_of(visitor.run), visitor.at)


def sheet(visitor: Visitor) -> Sheet:
    """What ``visitor`` can earn in the course now. What closed after its due date still counts."""
    outline = visitor.outline
    key = (str(outline.run), *plan_key(outline, audience_of(visitor.viewer), pace_of(visitor.run), visitor.at))
    found = _SHEETS.get(key)
    if found is None:
        walls = plan(visitor).walls
        found = grades.make_sheet(outline, lambda block: walls[block.index] in COUNTED, policy_of(outline))
        _SHEETS.put(key, found)
    return found


def policy_of(outline: Outline) -> grades.Policy:
    """The grading policy of a course. One that cannot be read grades nothing, but keeps no learner from answering:
    scores are kept, and count once the author has mended it."""
    course: ObjectId = outline.course.object_id
    return _policy(outline.run, content.nodes([course])[course])


def policy_at(run: CourseLocator, root: ObjectId) -> grades.Policy:
    """As :func:`policy_of`, without compiling the course: for those who look at many."""
    course = content.part(root, "course")
    return _policy(run, course) if course is not None else grades.read_policy({"GRADER": []})


def _policy(run: CourseLocator, course: Node) -> grades.Policy:
    stored = course.fields.get("grading_policy")
    try:
        return grades.read_policy(stored if isinstance(stored, dict) else None)
    except grades.PolicyError as error:
        log.error("%s: %s Nothing counts in the course grade until that is mended.", run, error)
        return grades.read_policy({"GRADER": []})


def check_reading(visitor: Visitor) -> None:
    """Raises :class:`AccessDenied` when the texts of the course are not for ``visitor``, though its outline may be."""
    if not may_read(visitor.run, visitor.viewer, visitor.enrolment):
        raise reading_refusal(visitor.viewer)


def takes_part(visitor: Visitor) -> bool:
    """Whether what ``visitor`` does is kept: they learn here, or teach."""
    return visitor.viewer.user_id is not None and (visitor.is_staff or is_learner(visitor.enrolment))


def check_taking_part(visitor: Visitor) -> int:
    """The id of a visitor who takes part. Raises :class:`AccessDenied` for one who does not."""
    user_id = visitor.viewer.user_id
    if user_id is None or not takes_part(visitor):
        raise reading_refusal(visitor.viewer)
    return user_id
