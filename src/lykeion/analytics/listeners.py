"""What ``analytics`` does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from lykeion.accounts import signals as accounts
from lykeion.analytics.api import FORGET
from lykeion.analytics.models import LearnerFigure
from lykeion.jobs import api as jobs


@receiver(accounts.person_retired)
def forget_retired(user_id: int, **_kwargs: Any) -> None:
    """Somebody deleted their account: no list of learners shows them any more, and the lake forgets their number."""
    LearnerFigure.objects.filter(user_id=user_id).delete()
    jobs.enqueue(FORGET, {"user_id": user_id})
