"""The cast: Alice learns, Bob teaches, Carol writes, Dan is a stranger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse"


def make(username: str, **more: Any) -> Person:
    """A person with a confirmed address and the password of everybody here."""
    given = {"email": f"{username.lower()}@example.com", "password": PASSWORD, "full_name": f"{username.title()} Abel"}
    return accounts.create_person(username=username, **{**given, "confirmed": True, "at": NOW, **more})
