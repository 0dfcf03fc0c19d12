"""Which cohort a learner is in, and with it which content group; looked at first, a run puts them into one."""

from __future__ import annotations

from dataclasses import replace

from lykeion.catalog import api as catalog
from lykeion.courseware.access import is_learner
from lykeion.courseware.needs import Needs
from lykeion.courseware.types import Visitor


def with_cohort(visitor: Visitor, _needs: Needs) -> Visitor:
    """``visitor`` in the content group of their cohort. One query in runs with cohorts, none in others or for staff.

    A learner without a cohort is put into one now (Open edX: at the first view of content), but not because somebody
    of the team looks through their eyes.
    """
    user_id, mask = visitor.viewer.user_id, visitor.mask
    is_one_of_many = mask is not None and mask.kind != "person"
    if not visitor.run.cohorted or user_id is None or visitor.is_staff or is_one_of_many:
        return visitor
    cohort = catalog.cohort_of(visitor.run, user_id)
    if cohort is None and mask is None and is_learner(visitor.enrolment):
        cohort = catalog.assigned_cohort(visitor.run, user_id, at=visitor.at)
    if cohort is None or cohort.partition is None or cohort.group is None:
        return visitor
    groups = {**visitor.viewer.groups, cohort.partition: cohort.group}
    return replace(visitor, viewer=replace(visitor.viewer, groups=groups))
