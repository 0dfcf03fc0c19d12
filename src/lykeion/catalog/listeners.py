"""What ``catalog`` does when something happens elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from lykeion.accounts import signals as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import api, cohorting, syncing
from lykeion.content import signals as content


@receiver(content.published)
def follow_content(payload: content.RunPublished, **_kwargs: Any) -> None:
    """A run was published: the catalog says what it says now."""
    syncing.sync_to_head(payload.run)


@receiver(accounts.email_confirmed)
def welcome_invited(person: Person, email: str, at: datetime, **_kwargs: Any) -> None:
    """Somebody proved an address that may have been invited."""
    api.enrol_invited(person, email, at=at)
    cohorting.place_remembered(person.id, email, at=at)


@receiver(accounts.person_retired)
def forget_retired(user_id: int, email: str, at: datetime, **_kwargs: Any) -> None:
    """Somebody deleted their account."""
    api.forget_person(user_id, email, at=at)
