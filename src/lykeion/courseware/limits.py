"""What learners who do not pay may not do in a run that also offers a verified track.

Sources: ``openedx/features/course_duration_limits`` (the end of free access) and ``content_type_gating`` (graded
content) of Open edX; see openedx.md §1.2.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolment, Run
from lykeion.courseware.access import GATE_LIMITED, GATE_PARTITION, is_learner
from lykeion.courseware.needs import Needs
from lykeion.courseware.types import AccessDenied, Limits, Visitor

FREE, PAID = "audit", "verified"
SHORTEST, LONGEST = 4, 18  # weeks


def limited(visitor: Visitor) -> Visitor:
    """``visitor`` with the limits that hold for them. One query in runs that limit anybody, none in others.

    Exempt are the team, beta testers and everybody who takes the run in another track than the free one.
    """
    run, viewer, enrolment = visitor.run, visitor.viewer, visitor.enrolment
    if not (run.audit_ends or run.gates_graded) or viewer.is_staff or viewer.is_beta_tester:
        return visitor
    if is_learner(enrolment) and enrolment is not None and enrolment.mode != FREE:
        return visitor
    offered = dict(catalog.modes(run))
    if FREE not in offered or PAID not in offered:
        return visitor
    return replace(visitor, limits=limits_of(run, enrolment, offered[PAID]))


def limits_of(run: Run, enrolment: Enrolment | None, upgrade_until: datetime | None) -> Limits:
    """The limits of somebody who takes (or does not take) ``run`` for free."""
    taken = enrolment if is_learner(enrolment) else None
    ends = end_of_access(run, taken) if run.audit_ends and taken is not None else None
    return Limits(ends, run.gates_graded, upgrade_until)


def end_of_access(run: Run, enrolment: Enrolment) -> datetime:
    """When free access ends: some weeks after they enrolled or the course began, whatever came later."""
    weeks = min(max(run.weeks_to_complete or SHORTEST, SHORTEST), LONGEST)
    began = max(enrolment.created, run.start) if run.start is not None else enrolment.created
    return began + timedelta(weeks=weeks)


def expired(visitor: Visitor) -> AccessDenied | None:
    """Why a learner may not come in any more: their free access has ended."""
    ends = visitor.limits.ends
    if ends is None or ends >= visitor.at:
        return None
    words = _("Your free access to this course ended on {date}. What you did is kept.").format(date=_day(ends))
    return AccessDenied(f"{words} {way_on(visitor)}", "audit_expired", ends)


def way_on(visitor: Visitor) -> str:
    """How a learner comes into the verified track."""
    until = visitor.limits.upgrade_until
    if until is None:
        return _("To go on in the verified track, ask the course team.")
    if until < visitor.at:
        return _("The verified track could be chosen until {date}.").format(date=_day(until))
    return _("To go on in the verified track, ask the course team by {date}.").format(date=_day(until))


def notice(visitor: Visitor) -> str:
    """What to tell a learner whose free access will end, on every page of the run; '' for others."""
    ends = visitor.limits.ends
    if ends is None:
        return ""
    words = _("Your free access to this course ends on {date}.").format(date=_day(ends))
    return f"{words} {way_on(visitor)}"


def gated(visitor: Visitor, _needs: Needs) -> Visitor:
    """``visitor`` in the group of those for whom graded content is shut, if it is."""
    if not visitor.limits.gated:
        return visitor
    groups = {**visitor.viewer.groups, GATE_PARTITION: GATE_LIMITED}
    return replace(visitor, viewer=replace(visitor.viewer, groups=groups))


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
