"""The people who run a course with its learners, and its beta testers. Authors and editors are in Studio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lykeion.accounts import api as accounts
from lykeion.accounts.types import AccountError, Person, Role
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.types import Capability, FieldError, Teacher, TeachingError

__all__ = ["PAGE", "ROLES", "Member", "give", "role_name", "take", "team", "testers"]

PAGE: Final = 50
ROLES: Final[Mapping[Role, tuple[Any, Any]]] = {
    Role.INSTRUCTOR: (pgettext_lazy("role in a course", "Admin"), gettext_lazy("Everything, and the team.")),
    Role.STAFF: (
        pgettext_lazy("role in a course", "Staff"),
        gettext_lazy("Enrols, grades and writes to learners; opens the course in Studio."),
    ),
    Role.LIMITED_STAFF: (
        pgettext_lazy("role in a course", "Limited staff"),
        gettext_lazy("As staff, but without Studio."),
    ),
    Role.DATA_RESEARCHER: (
        pgettext_lazy("role in a course", "Data researcher"),
        gettext_lazy("Sees learners and their progress, and fetches reports; changes nothing."),
    ),
}
"""Role to name and what it may, in the order of pages."""

_OTHERS: Final[Mapping[Role, Any]] = {
    Role.BETA_TESTER: pgettext_lazy("role in a course", "Beta tester"),
    Role.AUTHOR: pgettext_lazy("role in a course", "Author"),
    Role.EDITOR: pgettext_lazy("role in a course", "Editor"),
    Role.READER: pgettext_lazy("role in a course", "Reader"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role. ``everywhere``: '' for this course alone, else where the role comes from (an organisation's
    name, or ``*`` for the whole site): only the operators of the site change that."""

    person: Person
    role: Role
    everywhere: str = ""


def role_name(role: Role) -> str:
    """What people call a role."""
    return str(ROLES[role][0] if role in ROLES else _OTHERS[role])


def team(teacher: Teacher) -> list[Member]:
    """Everybody with one of ``ROLES`` in the course, by role and name; first its own people. One read."""
    order = list(ROLES)
    found = [
        Member(person, grant.role, "" if grant.run else grant.org or "*")
        for person, grant in accounts.team(teacher.run.org, teacher.run.key, among=order)
    ]
    return sorted(found, key=lambda one: (bool(one.everywhere), order.index(one.role), one.person.username.lower()))


def give(teacher: Teacher, name: str, role: Role, *, at: datetime) -> Person:
    """Gives whoever has the user name or the proved e-mail address ``name`` a role besides those they have.

    Raises :class:`FieldError` when there is nobody of that name.
    """
    courses.require(teacher, Capability.TEAM)
    person = _person(name)
    _check_role(role)
    run = teacher.run
    with transaction.atomic():
        if role in accounts.roles_among(run.org, run.key, [person.id]).get(person.id, ()):
            return person
        accounts.grant_role(person.id, role, org=run.org, run=run.key)
        deeds.record(teacher, "role_given", about=person.id, details={"role": role.value}, at=at)
    return person


def take(teacher: Teacher, user_id: int, role: Role, *, at: datetime) -> Person:
    """Takes a role in this course from somebody. Raises :class:`TeachingError` for the last admin."""
    courses.require(teacher, Capability.TEAM)
    _check_role(role)
    person = accounts.people([user_id]).get(user_id)
    if person is None:
        raise TeachingError(_("That account is gone."))
    try:
        with transaction.atomic():
            if accounts.end_role(user_id, role, run=teacher.run.key, keep=Role.INSTRUCTOR):
                deeds.record(teacher, "role_taken", about=user_id, details={"role": role.value}, at=at)
    except AccountError as error:
        words = _("{name} is the only admin of this course. Make somebody else admin first.")
        raise TeachingError(words.format(name=person.username)) from error
    return person


def testers(teacher: Teacher, *, after: int = 0) -> tuple[list[Person], bool]:
    """A page of the beta testers of the course past the id ``after``, and whether there are more. Two reads."""
    ids, more = accounts.holders_page(teacher.run.key, Role.BETA_TESTER, after=after, limit=PAGE)
    people = accounts.people(ids)
    return [people[number] for number in ids if number in people], more


def _check_role(role: Role) -> None:
    if role not in ROLES:
        raise FieldError(_("Choose a role."), "role")


def _person(name: str) -> Person:
    person = accounts.find_person(name) if name.strip() else None
    if person is None:
        words = _("Nobody here is called “{name}”. They need an account on this site first.")
        raise FieldError(words.format(name=name.strip()), "name")
    if "@" in name and not accounts.has_confirmed(person.id, name.strip()):
        words = _("The account with the address {name} has not confirmed it yet. Use its user name, once you know it.")
        raise FieldError(words.format(name=name.strip()), "name")
    return person
