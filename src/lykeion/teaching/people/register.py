"""Making accounts for a list of people, who set their own passwords by a link, and enrolling them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.teaching.models import PeopleLine
from lykeion.teaching.people.enrol import enrol, plan_for, track_of
from lykeion.teaching.people.kinds import Done, Kind, Work
from lykeion.teaching.people.mail import tell_person
from lykeion.teaching.people.reading import is_address
from lykeion.teaching.types import Capability


def _email(line: PeopleLine) -> str:
    return str(line.details.get("email", "")).lower()


def _find(lines: Sequence[PeopleLine]) -> None:
    """By the address alone, once somebody proved it: the user name is that of an account yet to be made."""
    owners = accounts.owners({_email(line) for line in lines})
    for line in lines:
        line.user_id = owners.get(_email(line))


def _plan(work: Work, lines: Sequence[PeopleLine]) -> None:
    """An address that somebody proved is an account already; one that was only typed is taken."""
    typed = accounts.ids_addressed({_email(line) for line in lines})
    named = accounts.ids_named({line.entry for line in lines})
    enrolments = catalog.enrolments_among(work.run.id, {line.user_id for line in lines if line.user_id})
    for line in lines:
        email = _email(line)
        if track_of(work, line) and track_of(work, line) not in work.tracks:
            line.plan = "no_track"
        elif not is_address(email) or not line.details.get("username"):
            line.plan = "bad_address" if line.details.get("username") else "empty"
        elif line.user_id is not None:
            line.plan = plan_for(work, line, enrolments.get(line.user_id))
        else:
            line.plan = "taken" if email in typed or line.entry.lower() in named else "register"


def _do(work: Work, line: PeopleLine) -> Done:
    if line.user_id is not None:
        return enrol(work, line, line.user_id)
    name = str(line.details.get("name", ""))
    made = accounts.create_person(username=line.entry, email=_email(line), password=None, full_name=name, at=work.at)
    line.user_id = made.id
    catalog.enrol(made.id, work.run.key, at=work.at, mode=track_of(work, line) or None, by=work.by)
    work.record("register", made.id)
    tell_person("registered", made.id, work.run, link=accounts.password_link(made.id))
    return Done("registered")


KIND: Final = Kind(
    "register",
    Capability.REGISTER,
    ("username", "email", "name", "mode"),
    _find,
    _plan,
    _do,
    needed=("username", "email"),
)
