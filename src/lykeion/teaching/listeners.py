"""What ``teaching`` does when something happens elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from lykeion.accounts import signals as accounts
from lykeion.certificates import signals as certificates
from lykeion.certificates.types import Certificate
from lykeion.core.keys import CourseLocator
from lykeion.teaching import congratulating
from lykeion.teaching.models import Deed, GradeMark, PeopleLine


@receiver(accounts.person_retired)
def forget_retired(user_id: int, email: str, **_kwargs: Any) -> None:
    """Somebody deleted their account: no list names them any more, and no words about them stay; what was done to
    whom (by number) stays in the log."""
    PeopleLine.objects.filter(Q(user_id=user_id) | Q(entry=email)).delete()
    GradeMark.objects.filter(user_id=user_id).delete()
    Deed.objects.filter(about_id=user_id).exclude(reason="").update(reason="")
    Deed.objects.filter(about_id=user_id, what="mark").update(details={})


@receiver(certificates.issued)
def congratulate(certificate: Certificate, run: CourseLocator, at: datetime, **_kwargs: Any) -> None:
    """Somebody has a certificate."""
    congratulating.congratulate(run, certificate.user_id, at=at)
