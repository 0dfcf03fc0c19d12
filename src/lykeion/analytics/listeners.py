"""What ``analytics`` does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from lykeion.accounts import signals as accounts
from lykeion.analytics.models import LearnerFigure


@receiver(accounts.person_retired)
def forget_retired(user_id: int, **_kwargs: Any) -> None:
    """Somebody deleted their account: no list of learners shows them any more. (The lake knows numbers alone.)"""
    LearnerFigure.objects.filter(user_id=user_id).delete()
