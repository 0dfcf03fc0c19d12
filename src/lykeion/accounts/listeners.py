"""What ``accounts`` does when django-allauth tells it something."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed as allauth_email_confirmed
from django.dispatch import receiver

from lykeion.accounts import api, signals
from lykeion.accounts.models import User
from lykeion.core.clock import now


@receiver(allauth_email_confirmed)
def tell_of_confirmed_address(email_address: EmailAddress, **_kwargs: Any) -> None:
    """Passes on, in our own words, that an address was proved."""
    person = api.person(email_address.user)
    if person is not None:
        signals.email_confirmed.send(sender=User, person=person, email=email_address.email.lower(), at=now())
