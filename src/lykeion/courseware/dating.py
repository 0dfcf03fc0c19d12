"""The due dates of the learner who came in: those their schedule makes, and those the team gave them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lykeion.core.prepared import Prepared
from lykeion.courseware.models import OwnDue
from lykeion.courseware.needs import Needs
from lykeion.courseware.pacing import OwnDues, never_earlier, reopened, schedule_start
from lykeion.courseware.types import LearnerFacts, Visitor

_EXTENDED = Prepared(OwnDue, lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list("ref", "due"))


def with_own_dates(visitor: Visitor, needs: Needs) -> Visitor:
    """``visitor`` with their own due dates. One read for those who were given some; none for all others."""
    enrolment, run = visitor.enrolment, visitor.run
    if enrolment is None:
        return visitor
    after = needs.due_after if run.self_paced else {}
    given: dict[str, datetime] = dict(_EXTENDED(enrolment.user_id, run.id)) if enrolment.own_dates else {}
    if not after and not given:
        return visitor
    dues = OwnDues(schedule_start(run, enrolment), after, never_earlier(visitor.outline, given))
    return replace(visitor, dues=dues, facts=_facts(visitor, needs, dues))


def _facts(visitor: Visitor, needs: Needs, dues: OwnDues) -> LearnerFacts:
    if visitor.run.self_paced or not needs.closing:
        return visitor.facts
    opened = reopened(visitor.outline, needs.closing, dues, visitor.at)
    return replace(visitor.facts, own=(*visitor.facts.own, *opened)) if opened else visitor.facts
