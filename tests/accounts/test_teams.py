"""Roles of many people at once, and the last one of a run."""

from __future__ import annotations

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import AccountError, Role
from lykeion.core.clock import now
from tests.learn.conftest import KEY, person

pytestmark = pytest.mark.django_db


def test_the_last_admin_stays_even_when_somebody_who_is_gone_has_the_role() -> None:
    bob, carol = person("bob"), person("carol")
    for user_id in (bob, carol):
        accounts.grant_role(user_id, Role.INSTRUCTOR, org="Lyceum", run=KEY)
    accounts.retire(carol, at=now())

    with pytest.raises(AccountError):
        accounts.end_role(bob, Role.INSTRUCTOR, run=KEY, keep=Role.INSTRUCTOR)

    assert accounts.roles(bob, "Lyceum", KEY) >= {Role.INSTRUCTOR}


def test_one_of_several_roles_is_taken() -> None:
    bob = person("bob")
    for role in (Role.STAFF, Role.DATA_RESEARCHER):
        accounts.grant_role(bob, role, org="Lyceum", run=KEY)

    taken = accounts.end_role(bob, Role.STAFF, run=KEY, keep=Role.INSTRUCTOR)
    again = accounts.end_role(bob, Role.STAFF, run=KEY, keep=Role.INSTRUCTOR)

    assert (taken, again) == (True, False)
    assert accounts.roles_among("Lyceum", KEY, [bob]) == {bob: frozenset({Role.DATA_RESEARCHER})}


def test_holders_are_paged_and_those_of_other_runs_are_not_among_them() -> None:
    here = [person(f"tester{number}") for number in range(3)]
    for user_id in here:
        accounts.grant_role(user_id, Role.BETA_TESTER, org="Lyceum", run=KEY)
    accounts.grant_role(person("other"), Role.BETA_TESTER, org="Lyceum", run="course-v1:Lyceum+OTHER+1")

    first = accounts.holders_page(KEY, Role.BETA_TESTER, after=0, limit=2)
    rest = accounts.holders_page(KEY, Role.BETA_TESTER, after=first[0][-1], limit=2)

    assert (first, rest) == ((here[:2], True), (here[2:], False))
    assert set(accounts.holders("Lyceum", KEY, Role.BETA_TESTER).rows()) == set(here)
