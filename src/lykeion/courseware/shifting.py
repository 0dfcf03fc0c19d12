"""Learners of a self-paced run who are late move their dates: their schedule starts anew.

Source: ``schedules/utils.py:reset_self_paced_schedule`` and ``course_experience/utils.py`` of Open edX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.catalog import api as catalog
from lykeion.courseware.completion import Done, read_done
from lykeion.courseware.entering import check_taking_part, plan
from lykeion.courseware.needs import needs_of
from lykeion.courseware.pacing import is_missed, may_shift
from lykeion.courseware.plan import Plan, PlanSubsection
from lykeion.courseware.types import AccessDenied, Shifted, Visitor
from lykeion.events.api import emit
from lykeion.events.types import DeadlinesPayload

EVENT: Final = "edx.ui.lms.reset_deadlines.clicked"


def missed(visitor: Visitor, subsection: PlanSubsection, done: int) -> bool:
    """Whether ``visitor`` is late with ``subsection``, of which they completed ``done`` blocks, and may shift that."""
    return bool(visitor.dues) and is_missed(visitor, needs_of(visitor.outline).due_after, subsection, done)


def any_missed(visitor: Visitor, here: Plan, done: Done) -> bool:
    """Whether there is anything to shift."""
    after = needs_of(visitor.outline).due_after if visitor.dues and may_shift(visitor) else {}
    listed = (here.subsections[ref] for ref in after if ref in here.subsections)
    return any(is_missed(visitor, after, one, done.done(one)) for one in listed)


def shift(visitor: Visitor, told: Mapping[str, str]) -> Shifted | None:
    """Starts the schedule anew; see :func:`lykeion.courseware.api.shift_dates`."""
    user_id = check_taking_part(visitor)
    enrolment = visitor.enrolment
    if enrolment is None or not may_shift(visitor):
        raise AccessDenied(_("Only learners of a self-paced course that goes on can shift its dates."), "no_schedule")
    here = plan(visitor)
    if not any_missed(visitor, here, read_done(visitor, here)):
        return None
    with transaction.atomic():
        was = enrolment.schedule_start
        if not catalog.set_schedule_start(user_id, visitor.run.id, visitor.at, was=was):
            return None  # another window was faster
        _tell(visitor, user_id, told)
    return Shifted(was, visitor.at)


def unshift(visitor: Visitor, shifted: Shifted) -> bool:
    """Takes a shift back; see :func:`lykeion.courseware.api.unshift_dates`."""
    user_id = check_taking_part(visitor)
    if not may_shift(visitor):
        return False
    return catalog.set_schedule_start(user_id, visitor.run.id, shifted.was, was=shifted.to)


def _tell(visitor: Visitor, user_id: int, told: Mapping[str, str]) -> None:
    run = visitor.run
    event: DeadlinesPayload = {
        "courserun_key": str(run.key),
        "is_masquerading": False,
        "is_staff": visitor.is_staff,
        "org_key": run.org,
        "user_id": user_id,
    }
    emit(EVENT, {**told, **event}, course_id=run.key, org_id=run.org, user_id=user_id, at=visitor.at)
