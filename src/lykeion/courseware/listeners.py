"""What ``courseware`` does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from lykeion.catalog import api as catalog_api
from lykeion.catalog import signals as catalog
from lykeion.catalog.types import Enrolment
from lykeion.content import api as content_api
from lykeion.content import signals as content
from lykeion.core.keys import CourseLocator
from lykeion.courseware.exams.telling import tell_exams
from lykeion.courseware.ordering import order_regrade
from lykeion.courseware.regrading import policy_changed
from lykeion.grades import api as grades

FEW = 20
"""So many learners' grades are ordered one by one; for more, those of the whole run at once."""


@receiver(content.published)
def follow_policy(payload: content.RunPublished, **_kwargs: Any) -> None:
    """A run was published: with other grading rules, all its grades are computed anew. Other changes count from each
    learner's next score on, as in Open edX."""
    if payload.old is not None and policy_changed(payload.run, payload.old, payload.new):
        order_regrade(payload.run)


@receiver(content.published)
def tell_of_exams(payload: content.RunPublished, **_kwargs: Any) -> None:
    """A run was published: the log is told which timed exams came, changed and went."""
    old = None if payload.old is None else content_api.outline_at(payload.run, payload.old)
    tell_exams(old, content_api.outline_at(payload.run, payload.new), payload.at)


@receiver([catalog.enrolled, catalog.mode_changed])
def follow_track(enrolment: Enrolment, run: CourseLocator, **_kwargs: Any) -> None:
    """Somebody with a grade takes a run again, or in another mode: other parts of it may count for them now."""
    if grades.has_grade(enrolment.user_id, enrolment.run_id):
        order_regrade(run, user_id=enrolment.user_id)


@receiver(catalog.audience_changed)
def follow_audience(run: CourseLocator, user_ids: tuple[int, ...] | None, **_kwargs: Any) -> None:
    """Other parts of a run are for some of its learners now, so other parts count."""
    if user_ids is None or len(user_ids) > FEW:
        order_regrade(run)
        return
    offered = catalog_api.run(run)
    for user_id in user_ids:
        if grades.has_grade(user_id, offered.id):
            order_regrade(run, user_id=user_id)
