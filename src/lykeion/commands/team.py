"""``lykeion team``: who teaches a course."""

from __future__ import annotations

from lykeion.commands.start import start
from lykeion.core.errors import LykeionError
from lykeion.core.keys import parse_run


class NoSuchPerson(LykeionError):
    """Nobody has the name that was given."""


def add(run_key: str, user: str, role: str) -> int:
    """``lykeion team add``: gives somebody a role in a course."""
    return _change(run_key, user, role, gives=True)


def remove(run_key: str, user: str, role: str) -> int:
    """``lykeion team remove``: takes the role back."""
    return _change(run_key, user, role, gives=False)


def _change(run_key: str, user: str, role: str, *, gives: bool) -> int:
    start()
    from lykeion.accounts import api as accounts  # settings are read by now
    from lykeion.accounts.types import Role
    from lykeion.catalog import api as catalog

    run, person = catalog.run(parse_run(run_key)), accounts.find_person(user)
    if person is None:
        raise NoSuchPerson(f"Nobody has the user name or e-mail address {user!r}.")
    change = accounts.grant_role if gives else accounts.revoke_role
    change(person.id, Role(role), org=run.org, run=run.key)
    print(f"{person.username} is {'' if gives else 'no longer '}{role} of {run.key}")
    return 0
