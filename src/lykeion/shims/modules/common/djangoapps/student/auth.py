"""Stand-in for Open edX's module of this name: who may write a course."""

from __future__ import annotations

from typing import Any

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role

WRITERS = frozenset({Role.STAFF, Role.INSTRUCTOR, Role.AUTHOR})


def has_studio_write_access(user: Any, course_key: Any, service_variant: str | None = None) -> bool:
    """Whether ``user`` may change the course."""
    person = accounts.person(user)
    if person is None:
        return False
    return person.is_staff or not WRITERS.isdisjoint(accounts.roles(person.id, course_key.org, course_key))


has_course_author_access = has_studio_read_access = has_studio_write_access
