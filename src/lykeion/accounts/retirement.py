"""Deleting an account: the person goes, what they did stays without a name (openedx.md §1.1, §2.5)."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from lykeion.accounts import signals
from lykeion.accounts.models import RoleGrant, User
from lykeion.accounts.names import retire_name, retired_username


def retire(user_id: int, *, at: datetime) -> None:
    """Makes an account anonymous for good; doing it twice changes nothing.

    Username and every address are replaced by keyed hashes and can never be taken again; name, profile, password,
    second factors and roles are removed; all sessions end, because they are signed with the password. The row stays:
    grades and answers of a course keep adding up.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if user.retired_at is not None:
            return
        email = user.email
        for address in {email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}:
            retire_name(address, at)
        _erase(user, retired_username(retire_name(user.username, at)), at)
        for belongings in (EmailAddress, Authenticator, RoleGrant):
            belongings.objects.filter(user=user).delete()
        signals.person_retired.send(sender=User, user_id=user.pk, email=email, at=at)


def _erase(user: User, username: str, at: datetime) -> None:
    user.username = username
    user.email = f"{username}@retired.invalid"
    user.full_name = user.bio = user.country = user.gender = user.education = ""
    user.language = user.time_zone = ""
    user.year_of_birth = None
    user.profile_visibility = "private"
    user.is_active = user.is_staff = user.is_superuser = False
    user.retired_at = at
    user.set_unusable_password()
    user.save()
