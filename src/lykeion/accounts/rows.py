"""Rows to values."""

from __future__ import annotations

from typing import Any

from lykeion.accounts.models import User
from lykeion.accounts.types import Person

PERSON_COLUMNS = (
    "id", "username", "email", "full_name", "is_active", "is_staff", "is_superuser", "language", "time_zone",
)  # fmt: skip


def person_in(row: tuple[Any, ...]) -> Person:
    """The value of the ``PERSON_COLUMNS`` of a row."""
    user_id, username, email, full_name, is_active, is_staff, is_superuser, language, time_zone = row
    return Person(user_id, username, email, full_name, is_active, is_staff or is_superuser, language, time_zone)


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
