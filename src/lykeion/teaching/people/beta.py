"""Making a list of people beta testers, or no longer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.teaching.models import PeopleLine
from lykeion.teaching.people.enrol import enrol
from lykeion.teaching.people.kinds import Done, Kind, Work, find_owners, unknown, whose
from lykeion.teaching.people.mail import tell_person
from lykeion.teaching.types import Capability


def _plan(work: Work, lines: Sequence[PeopleLine]) -> None:
    testers = _testers(work, [line.user_id for line in lines if line.user_id])
    for line in lines:
        if line.user_id is None:
            line.plan = unknown(line) or "nobody"
        else:
            line.plan = _planned(work, line.user_id in testers)


def _planned(work: Work, is_tester: bool) -> str:
    if work.options.get("remove"):
        return "take" if is_tester else "not_tester"
    return "already" if is_tester else "give"


def _do(work: Work, line: PeopleLine) -> Done:
    user_id = line.user_id
    if user_id is None:
        return Done(unknown(line) or "nobody")
    planned = _planned(work, bool(_testers(work, [user_id])))
    if planned == "take":
        accounts.revoke_role(user_id, Role.BETA_TESTER, org=work.run.org, run=work.run.key)
        work.record("role_taken", user_id, role=Role.BETA_TESTER.value)
        _tell(work, "beta_taken", user_id)
        return Done("taken_away")
    if planned == "give":
        accounts.grant_role(user_id, Role.BETA_TESTER, org=work.run.org, run=work.run.key)
        work.record("role_given", user_id, role=Role.BETA_TESTER.value)
        done = Done("given", {"enrolled": _enrol_too(work, line, user_id)})
        _tell(work, "beta_given", user_id)
        return done
    return Done(planned)


def _tell(work: Work, name: str, user_id: int) -> None:
    if work.options.get("notify"):
        tell_person(name, user_id, work.run)


def _enrol_too(work: Work, line: PeopleLine, user_id: int) -> bool:
    """Whether a new tester was enrolled, too."""
    return bool(work.options.get("auto_enrol")) and enrol(work, line, user_id).outcome == "enrolled"


def _undo(work: Work, line: PeopleLine) -> None:
    user_id = whose(line)
    org, run = work.run.org, work.run.key
    if line.outcome == "given":
        accounts.revoke_role(user_id, Role.BETA_TESTER, org=org, run=run)
        work.record("role_taken", user_id, role=Role.BETA_TESTER.value)
        if line.before.get("enrolled"):
            catalog.unenrol(user_id, work.run.key, at=work.at, by=work.by)
            work.record("unenrol", user_id)
    else:
        accounts.grant_role(user_id, Role.BETA_TESTER, org=org, run=run)
        work.record("role_given", user_id, role=Role.BETA_TESTER.value)


def _testers(work: Work, user_ids: Sequence[int]) -> frozenset[int]:
    found = accounts.roles_among(work.run.org, work.run.key, user_ids)
    return frozenset(user_id for user_id, roles in found.items() if Role.BETA_TESTER in roles)


KIND: Final = Kind(
    "beta", Capability.ENROL, ("username", "email"), find_owners, _plan, _do, _undo, frozenset({"given", "taken_away"})
)
