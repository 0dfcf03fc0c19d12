"""Whom mail may be sent to: accounts that are used, with a main address that was proved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet

from lykeion.accounts.models import User
from lykeion.accounts.rows import person_of
from lykeion.accounts.types import Addressee


def addressees(user_ids: Iterable[int]) -> dict[int, Addressee]:
    """The people with these ids, and whether they proved their main address; one query, unknown ids are left out."""
    rows = User.objects.filter(pk__in=list(user_ids)).annotate(confirmed=_proved())
    return {user.pk: Addressee(person_of(user), user.confirmed) for user in rows}


def inactive() -> QuerySet[Any, Any]:
    """The ids of accounts that nobody uses any more, as a part of another query."""
    return User.objects.filter(is_active=False).values("pk")


def unconfirmed() -> QuerySet[Any, Any]:
    """The ids of those who did not prove their main address, as a part of another query."""
    return User.objects.filter(~_proved()).values("pk")


def _proved() -> Exists:
    return Exists(EmailAddress.objects.filter(user_id=OuterRef("pk"), primary=True, verified=True))
