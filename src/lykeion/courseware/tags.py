"""Tags: small texts kept for one learner in one run under a name (Open edX: ``user_api/course_tag/api.py``).

They live in one document of the learner's, where the service ``user_tags`` finds them as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lykeion.core.upsert import upsert
from lykeion.courseware.models import ScopedState
from lykeion.courseware.state import ScopedName, decode, encode, read_scoped

FAMILY: Final = "lykeion.tags"


def read_tags(user_id: int, run_id: int) -> dict[str, str]:
    """All tags of a learner in a run. One read."""
    name = _name(user_id, run_id)
    found = read_scoped([name]).get(name)
    return _texts(found.text) if found is not None else {}


def write_tags(user_id: int, run_id: int, tags: Mapping[str, str], at: datetime) -> None:
    """Sets tags of a learner in a run, in the caller's transaction; others stay as they are."""
    name = _name(user_id, run_id)
    ScopedState.objects.bulk_create([_row(name, {}, 0, at)], ignore_conflicts=True)
    now = read_scoped([name], lock=True)[name]
    upsert([_row(name, {**decode(now.text), **tags}, now.version + 1, at)], ["document", "version", "modified"])


def _name(user_id: int, run_id: int) -> ScopedName:
    return (user_id, "definition", f"{run_id}/tags", FAMILY)


def _texts(document: str) -> dict[str, str]:
    return {key: str(value) for key, value in decode(document).items()}


def _row(name: ScopedName, document: Mapping[str, str], version: int, at: datetime) -> ScopedState:
    user_id, kind, text, family = name
    return ScopedState(
        user_id=user_id,
        kind=kind,
        name=text,
        family=family,
        document=encode(document),
        version=version,
        modified=at,
    )
