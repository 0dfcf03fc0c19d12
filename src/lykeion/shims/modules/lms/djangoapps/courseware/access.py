"""Stand-in for Open edX's module of this name: who may do what."""

from __future__ import annotations

from typing import Any

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import BadKey, parse_usage
from lykeion.courseware import api as courseware

STAFF = {"staff": {Role.STAFF, Role.INSTRUCTOR, Role.LIMITED_STAFF}, "instructor": {Role.INSTRUCTOR}}


def has_access(user: Any, action: str, obj: Any, course_key: Any = None) -> bool:
    """Whether ``user`` may ``load`` a block (or a whole course), or is ``staff`` or ``instructor`` of it."""
    key = course_key or getattr(obj, "id", None) or obj.scope_ids.usage_id.context_key
    if action in STAFF:
        person = accounts.person(user)
        if person is None:
            return False
        return person.is_staff or not STAFF[action].isdisjoint(accounts.roles(person.id, key.org, key))
    if action != "load":
        return False
    usage = getattr(obj, "location", None) or obj.scope_ids.usage_id
    try:
        return courseware.may_load(user, parse_usage(str(usage)), now())
    except (BadKey, RunMissing):
        return False
