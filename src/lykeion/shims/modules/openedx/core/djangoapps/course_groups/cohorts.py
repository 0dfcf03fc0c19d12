"""Stand-in for Open edX's module of this name: the cohorts of a run, and who is in which. Values of ``catalog``: they
have the ``id`` and the ``name`` that packages ask for."""

from __future__ import annotations

from typing import Any

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Cohort
from lykeion.core.clock import now
from lykeion.core.keys import parse_run

MANUAL, RANDOM = "manual", "random"
"""How learners come into a cohort (``CourseCohort`` of Open edX)."""


def is_course_cohorted(course_key: Any) -> bool:
    """Whether learners of a run are in cohorts."""
    return catalog.run(parse_run(str(course_key))).cohorted


def get_course_cohorts(course: Any = None, course_id: Any = None, assignment_type: str | None = None) -> list[Cohort]:
    """The cohorts of a run, by name: all, or those that learners come into by hand (``manual``) or at ``random``."""
    found = catalog.cohorts(parse_run(str(course_id if course is None else course.id)))
    return [one for one in found if assignment_type in {None, RANDOM if one.automatic else MANUAL}]


def get_cohort(user: Any, course_key: Any, assign: bool = True, use_cached: bool = False) -> Cohort | None:
    """The cohort of ``user`` (a row) in a run; None where there are no cohorts, or they are in none.

    With ``assign`` a learner without one is put into one now, as when they first look at the course.
    """
    run, enrolment = catalog.run_and_enrolment(parse_run(str(course_key)), user.pk)
    found = catalog.cohort_of(run, user.pk)
    learns = enrolment is not None and enrolment.is_active
    if found is None and assign and run.cohorted and learns:
        return catalog.assigned_cohort(run, user.pk, at=now())
    return found


def get_cohort_id(user: Any, course_key: Any, use_cached: bool = False) -> int | None:
    """The id of :func:`get_cohort`'s."""
    found = get_cohort(user, course_key)
    return None if found is None else found.id
