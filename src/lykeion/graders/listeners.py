"""What ``graders`` does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from lykeion.accounts import signals as accounts
from lykeion.graders import models


@receiver(accounts.person_retired)
def forget_grader(user_id: int, **_kwargs: Any) -> None:
    """An account is gone for good, and with it the right to fetch what others submitted."""
    models.MayGrade.objects.filter(user_id=user_id).delete()
