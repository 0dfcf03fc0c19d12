"""What ``certificates`` does when something happens elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from lykeion.accounts import signals as accounts
from lykeion.catalog import signals as catalog
from lykeion.catalog.types import Enrolment
from lykeion.certificates import api
from lykeion.certificates.types import EARNING
from lykeion.core.keys import CourseLocator
from lykeion.grades import signals as grades


@receiver([grades.course_passed, grades.course_failed])
def follow_grade(user_id: int, run: str, **_kwargs: Any) -> None:
    """A learner passes now, or does not any more."""
    api.order(user_id, run)


@receiver(catalog.mode_changed)
def follow_mode(enrolment: Enrolment, run: CourseLocator, **_kwargs: Any) -> None:
    """Who passed already, and takes the run now in a mode that earns a certificate, gets one."""
    if enrolment.mode in EARNING:
        api.order(enrolment.user_id, run)


@receiver(accounts.person_retired)
def forget_retired(user_id: int, at: datetime, **_kwargs: Any) -> None:
    """Somebody deleted their account: no certificate shows their name any more."""
    api.forget_person(user_id, at=at)
