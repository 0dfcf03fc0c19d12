"""Which role may do what on the instructor's side. Staff of the site may everything.

Source: openedx.md §2.1, §2.3, §2.4.

| role | view | enrol, cohorts | grade, extend | all learners at once | reports | certify | mail | team |
|---|---|---|---|---|---|---|---|---|
| instructor (Admin) | yes | yes | yes | yes | yes | yes | yes | yes |
| staff, limited staff | yes | yes | yes | | | | yes | |
| data researcher | yes | | | | yes | | | |
| beta tester, author, editor, reader | | | | | | | | |

Admins make accounts for others (``register``) only where the site lets them (``LYKEION_TEACHERS_REGISTER``).
Reports hold learners' data: who is to fetch them has the role of a data researcher, or is Admin.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lykeion.accounts.types import Role
from lykeion.teaching.types import Capability as C

_STAFF: Final = frozenset({C.VIEW, C.ENROL, C.COHORTS, C.GRADE, C.EXTEND, C.MAIL})
ALLOWED: Final[dict[Role, frozenset[C]]] = {
    Role.INSTRUCTOR: frozenset(C),
    Role.STAFF: _STAFF,
    Role.LIMITED_STAFF: _STAFF,
    Role.DATA_RESEARCHER: frozenset({C.VIEW, C.REPORTS}),
}


def capabilities(roles: Iterable[Role]) -> frozenset[C]:
    """What somebody with these roles may do."""
    return frozenset().union(*(ALLOWED.get(role, frozenset()) for role in roles))
