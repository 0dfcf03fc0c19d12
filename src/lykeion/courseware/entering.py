"""Coming into a run: who is it, what may they see. Few queries, and none that depend on the course's size."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.blocks.types import Urls, Viewer
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolment, Run
from lykeion.content import api as content
from lykeion.content.types import Node, ObjectId, Outline, OutlineBlock, RunMissing
from lykeion.core.keys import CourseLocator
from lykeion.core.lru import WeightedCache
from lykeion.courseware import masking
from lykeion.courseware.access import (
    COUNTED,
    TRACK_PARTITION,
    audience_of,
    is_learner,
    may_read,
    pace_of,
    reading_refusal,
    refusal,
    wall_refusal,
)
from lykeion.courseware.limits import expired, limited
from lykeion.courseware.personal import made_personal
from lykeion.courseware.plan import Plan, plan_key, plan_of, touched
from lykeion.courseware.types import NO_FACTS, TRACK_GROUPS, AccessDenied, Mask, StateCopy, Visitor
from lykeion.grades import api as grades
from lykeion.grades.api import Sheet
from lykeion.surveys import api as surveys

log = logging.getLogger(__name__)

STAFF = frozenset({Role.STAFF, Role.INSTRUCTOR, Role.LIMITED_STAFF})

_SHEETS: WeightedCache[tuple[object, ...], Sheet] = WeightedCache(100_000, weigh=lambda sheet: len(sheet.line_of) + 1)


def enter(
    user: AbstractBaseUser | AnonymousUser,
    run_key: CourseLocator,
    at: datetime,
    *,
    noauth: bool = False,
    mask: Mask | None = None,
    copy: StateCopy | None = None,
) -> Visitor:
    """The visitor ``user`` is in the run at ``at``: three queries, two for staff of the site and for visitors.

    ``noauth`` lets a third party in as nobody, whatever the session says, to call handlers made for that. Under a
    ``mask`` somebody of the team comes in as a learner; it means nothing for others.
    Raises :class:`AccessDenied` when even the outline is not for them, ``RunMissing`` when there is no such run.
    """
    person = None if noauth else accounts.person(user)  # type: ignore[arg-type]  # the site's user model
    run, enrolment = catalog.run_and_enrolment(run_key, person.id if person else None)
    outline = content.outline(run.key)
    visitor = Visitor(run, outline, _viewer(person, run, enrolment), enrolment, at)
    if mask is not None and visitor.is_staff:
        visitor = _masked(visitor, mask, copy or StateCopy())
    if not noauth:
        visitor = limited(visitor)
    denied = None if noauth else _refusal(visitor)
    if denied is not None:
        raise denied
    return made_personal(visitor)


def enter_draft(
    person: Person, outline: Outline, urls: Urls, at: datetime, *, mask: Mask | None, copy: StateCopy
) -> Visitor:
    """``person``, who must be of the team, as the learner that ``mask`` says (None: as themselves), in the draft of
    ``outline``; ``urls`` are its addresses. What they do goes into ``copy`` only.

    Raises :class:`AccessDenied` for a learner who does not take the course, ``RunMissing``.
    """
    run, enrolment = catalog.run_and_enrolment(outline.run, person.id)
    team = Visitor(run, outline, viewer_of(person, run, enrolment, {Role.STAFF}), enrolment, at)
    visitor = team if mask is None else _masked(team, mask, copy)
    return made_personal(limited(replace(visitor, copy=copy, urls=urls)))


def _refusal(visitor: Visitor) -> AccessDenied | None:
    run, viewer = visitor.run, visitor.viewer
    shut = refusal(run, viewer, visitor.enrolment, visitor.outline, visitor.at)
    return shut or expired(visitor) or _unprepared(run, viewer) or _unasked(visitor)


def _masked(visitor: Visitor, mask: Mask, copy: StateCopy) -> Visitor:
    if mask.kind == "person":
        return masking.as_person(visitor, _another(visitor, mask.user_id), mask, copy)
    return masking.as_one_of_many(visitor, mask)


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


def _unasked(visitor: Visitor) -> AccessDenied | None:
    """That a learner must answer the survey of the course first; the team, under a mask or not, need not. Costs a query
    only in courses that require one."""
    user_id, survey = visitor.viewer.user_id, surveys.asked(visitor.outline.course.own)
    if not survey.required or user_id is None or visitor.viewer.is_staff or visitor.mask is not None:
        return None
    if not is_learner(visitor.enrolment) or not surveys.owes(user_id, survey.name):
        return None
    return AccessDenied(_("Answer the survey of this course first."), "survey_required")


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
    return made_personal(limited(_another(visitor, user_id)))


def learners(visitor: Visitor, user_ids: Collection[int]) -> dict[int, Visitor]:
    """As :func:`learner`, for many by id; whose account is gone is left out. Three queries for all of them, and for
    each as many as the course needs to know what is theirs alone (:mod:`~lykeion.courseware.personal`)."""
    run, people = visitor.run, accounts.people(user_ids)
    enrolments = catalog.enrolments_in(run.id, people)
    roles = accounts.roles_of(people, run.org, run.key)
    found = {}
    for user_id, person in people.items():
        enrolment = enrolments.get(user_id)
        viewer = viewer_of(person, run, enrolment, roles.get(user_id, frozenset()))
        one = Visitor(run, visitor.outline, viewer, enrolment, visitor.at)
        found[user_id] = made_personal(limited(one))
    return found


def _another(visitor: Visitor, user_id: int) -> Visitor:
    person = accounts.people([user_id]).get(user_id)
    if person is None:
        raise wall_refusal("staff_only", visitor.outline.course, beta=False)
    run, enrolment = catalog.run_and_enrolment(visitor.run.key, user_id)
    viewer = viewer_of(person, run, enrolment, accounts.roles(user_id, run.org, run.key))
    return Visitor(run, visitor.outline, viewer, enrolment, visitor.at)


def plan(visitor: Visitor) -> Plan:
    """What of the course is open to ``visitor`` now."""
    return plan_of(visitor.outline, audience_of(visitor.viewer), pace_of(visitor.run), visitor.at, visitor.facts)


def sheet(visitor: Visitor) -> Sheet:
    """What ``visitor`` can earn in the course now. What closed after its due date still counts."""
    outline = visitor.outline
    audience, pace = audience_of(visitor.viewer), pace_of(visitor.run)
    key = (str(outline.run), *plan_key(outline, audience, pace, visitor.at, visitor.facts))
    found = _SHEETS.get(key)
    if found is None:
        found = _make_sheet(visitor)
        _SHEETS.put(key, found)
    return found


def _make_sheet(visitor: Visitor) -> Sheet:
    """From that of the visitor's audience, if there is anything about them alone: only what differs is made anew."""
    outline, walls = visitor.outline, plan(visitor).walls

    def counts(block: OutlineBlock) -> bool:
        return walls[block.index] in COUNTED

    if visitor.facts == NO_FACTS:
        return grades.make_sheet(outline, counts, policy_of(outline))
    shared, differs = sheet(replace(visitor, facts=NO_FACTS)), touched(outline, visitor.facts)
    same = {line.ref: line for line in shared.lines if line.ref not in differs}
    return grades.make_sheet(outline, counts, shared.policy, same)


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
