"""What ``accounts`` does when django-allauth tells it something."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed as allauth_email_confirmed
from allauth.account.signals import password_reset
from django.db import transaction
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


@receiver(password_reset)
def take_used_link_for_proof(user: User, **_kwargs: Any) -> None:
    """A link to set a password went to the only address of an account: whoever used it reads that mailbox.

    With several addresses nobody knows any more to which of them the link went; then each is proved by its own link.
    """
    addresses = list(EmailAddress.objects.filter(user=user))
    if len(addresses) != 1 or addresses[0].verified or addresses[0].email != user.email:
        return
    with transaction.atomic():
        EmailAddress.objects.filter(pk=addresses[0].pk).update(verified=True)
        person = api.person(user)
        if person is not None:
            signals.email_confirmed.send(sender=User, person=person, email=user.email, at=now())
