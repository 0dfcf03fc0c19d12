"""Who many names and addresses belong to, at once: for lists of people."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from lykeion.accounts import words
from lykeion.accounts.models import NameWord, User
from lykeion.core.prepared import Ids

_LAST: Final = chr(0x10FFFF)  # sorts behind every letter


def called(text: str) -> list[Ids]:
    """For each word of ``text``, the ids of those of whose names or address a word begins so: ranges of an index, for
    another query. Nothing is read yet."""
    return [Ids(NameWord, _beginning, (word, word + _LAST)) for word in words.asked(text)]


def _beginning(first: str, last: str) -> QuerySet[NameWord, int]:
    return NameWord.objects.filter(word__gte=first, word__lt=last).values_list("user_id", flat=True)


def ids_named(usernames: Collection[str]) -> dict[str, int]:
    """The ids of the active people with these user names, by the name in lower case. One query."""
    keys = [name.lower() for name in usernames]
    return dict(User.objects.filter(username_key__in=keys, is_active=True).values_list("username_key", "pk"))


def ids_addressed(emails: Collection[str]) -> dict[str, int]:
    """The ids of the active people who gave these addresses, proved or not, by the address in lower case. One query.

    Anybody can type any address: never give anything for it.
    """
    keys = [email.lower() for email in emails]
    return dict(User.objects.filter(email__in=keys, is_active=True).values_list("email", "pk"))


def owners(emails: Collection[str]) -> dict[str, int]:
    """The ids of the active people who proved that these addresses are theirs, by the address in lower case. One
    query."""
    keys = [email.lower() for email in emails]
    rows = EmailAddress.objects.filter(email__in=keys, verified=True, user__is_active=True)
    return dict(rows.values_list("email", "user_id"))
