"""Rows to values."""

from __future__ import annotations

from lykeion.accounts.models import User
from lykeion.accounts.types import Person


def person_of(user: User) -> Person:
    """The value of a row."""
    return Person(
        id=user.pk,
        username=user.username,
        email=user.email,
        full_name=user.full_name,
        is_active=user.is_active,
        is_staff=user.is_staff or user.is_superuser,
        language=user.language,
        time_zone=user.time_zone,
    )
