"""What ``notices`` does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from lykeion.accounts import signals as accounts
from lykeion.accounts.types import Person
from lykeion.notices import optouts


@receiver(accounts.email_confirmed)
def mail_arrives_again(person: Person, **_kwargs: Any) -> None:
    """Somebody proved an address: the mail with the link arrived, so others will."""
    optouts.restore(person.id)


@receiver(accounts.person_retired)
def forget_retired(user_id: int, **_kwargs: Any) -> None:
    """Somebody deleted their account."""
    optouts.forget(user_id)
