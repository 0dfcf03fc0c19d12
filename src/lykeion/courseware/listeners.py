"""What ``courseware`` does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from lykeion.catalog import signals as catalog
from lykeion.catalog.types import Enrolment
from lykeion.content import signals as content
from lykeion.core.keys import CourseLocator
from lykeion.courseware.regrading import order_regrade, policy_changed
from lykeion.grades import api as grades


@receiver(content.published)
def follow_policy(payload: content.RunPublished, **_kwargs: Any) -> None:
    """A run was published: with other grading rules, all its grades are computed anew. Other changes count from each
    learner's next score on, as in Open edX."""
    if payload.old is not None and policy_changed(payload.run, payload.old, payload.new):
        order_regrade(payload.run)


@receiver([catalog.enrolled, catalog.mode_changed])
def follow_track(enrolment: Enrolment, run: CourseLocator, **_kwargs: Any) -> None:
    """Somebody with a grade takes a run again, or in another mode: other parts of it may count for them now."""
    if grades.has_grade(enrolment.user_id, enrolment.run_id):
        order_regrade(run, user_id=enrolment.user_id)
