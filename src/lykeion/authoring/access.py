"""Which role may do what in Studio. Source: openedx.md §2.4; staff of the site may everything.

| role | view | edit | files | publish | settings | replace | team |
|---|---|---|---|---|---|---|---|
| instructor (Admin) | yes | yes | yes | yes | yes | yes | yes |
| staff | yes | yes | yes | yes | yes | yes | |
| author | yes | yes | yes | yes | yes | yes | |
| editor | yes | yes | yes | | | | |
| reader | yes | | | | | | |
| limited staff, beta tester | | | | | | | |

A library has the same roles, and no settings; replacing it is importing an archive. A role holds in a course or
library, in all of an organisation, or everywhere. Authors and instructors of an organisation, or of the site, may also
make new courses and libraries there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lykeion.accounts.types import Grant, Role
from lykeion.authoring.types import Capability as C

_EDITOR: Final = frozenset({C.VIEW, C.EDIT, C.FILES})
_AUTHOR: Final = _EDITOR | {C.PUBLISH, C.SETTINGS, C.REPLACE}
ALLOWED: Final[dict[Role, frozenset[C]]] = {
    Role.INSTRUCTOR: _AUTHOR | {C.TEAM},
    Role.STAFF: _AUTHOR,
    Role.AUTHOR: _AUTHOR,
    Role.EDITOR: _EDITOR,
    Role.READER: frozenset({C.VIEW}),
}
OF_COURSES: Final = frozenset({C.SETTINGS})  # a library has none
CREATORS: Final = frozenset({Role.AUTHOR, Role.INSTRUCTOR})


def capabilities(roles: Iterable[Role]) -> frozenset[C]:
    """What somebody with these roles may do."""
    return frozenset().union(*(ALLOWED.get(role, frozenset()) for role in roles))


def opens_studio(grant: Grant) -> bool:
    """Whether a role lets somebody see a course in Studio."""
    return C.VIEW in ALLOWED.get(grant.role, frozenset())


def creates(grant: Grant, org: str | None = None) -> bool:
    """Whether a role lets somebody make new courses in ``org`` (None: anywhere at all)."""
    return grant.role in CREATORS and not grant.run and (org is None or grant.org in ("", org))
