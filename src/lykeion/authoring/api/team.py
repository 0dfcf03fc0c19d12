"""The people who make and teach a course, or keep a library, and what each may do. Changes hold at once: roles are in
no draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lykeion.accounts import api as accounts
from lykeion.accounts.types import AccountError, Grant, Person, Role
from lykeion.authoring.api.courses import require
from lykeion.authoring.types import Author, AuthoringError, Capability, FieldError
from lykeion.events import api as events
from lykeion.events.types import CourseTeamPayload

__all__ = ["ROLES", "Member", "give", "offered", "take", "team"]

ROLES: Final[Mapping[Role, tuple[Any, Any]]] = {
    Role.INSTRUCTOR: (pgettext_lazy("role in a course", "Admin"), gettext_lazy("Everything, and the team.")),
    Role.STAFF: (
        pgettext_lazy("role in a course", "Staff"),
        gettext_lazy("Everything but the team; teaches the course."),
    ),
    Role.AUTHOR: (
        pgettext_lazy("role in a course", "Author"),
        gettext_lazy("Edits, publishes and changes settings."),
    ),
    Role.EDITOR: (
        pgettext_lazy("role in a course", "Editor"),
        gettext_lazy("Edits drafts; somebody else publishes them."),
    ),
    Role.READER: (pgettext_lazy("role in a course", "Reader"), gettext_lazy("Looks at everything in Studio.")),
    Role.LIMITED_STAFF: (
        pgettext_lazy("role in a course", "Limited staff"),
        gettext_lazy("Teaches the course; does not open it in Studio."),
    ),
    Role.BETA_TESTER: (
        pgettext_lazy("role in a course", "Beta tester"),
        gettext_lazy("Sees the course some days before it starts."),
    ),
}
"""Role to name and what it may, in the order of forms."""

_OF_LIBRARIES: Final[Mapping[Role, Any]] = {
    Role.INSTRUCTOR: gettext_lazy("Everything, and the team."),
    Role.AUTHOR: gettext_lazy("Edits, publishes, imports; may delete items."),
    Role.READER: gettext_lazy("Looks at everything, and uses items in courses."),
}
"""The roles that a library gives, and what each may there."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role. ``everywhere``: '' for this course alone, else where the role comes from (an organisation's
    name, or ``*`` for the whole site): only the operators of the site change that."""

    person: Person
    role: Role
    everywhere: str = ""


def offered(author: Author) -> Mapping[Role, tuple[Any, Any]]:
    """The roles that somebody can be given here: name and what it may, in the order of forms."""
    return {role: (ROLES[role][0], text) for role, text in _OF_LIBRARIES.items()} if author.is_library else ROLES


def team(author: Author) -> list[Member]:
    """Everybody with a role in the course or library, by role and name; first its own people."""
    order = list(ROLES)
    found = [
        Member(person, grant.role, "" if grant.run else grant.org or "*")
        for person, grant in accounts.team(str(author.run.org), author.run)
    ]
    return sorted(found, key=lambda one: (bool(one.everywhere), order.index(one.role), one.person.username.lower()))


def give(author: Author, name: str, role: Role, *, at: datetime) -> Person:
    """Gives whoever has the user name or e-mail address ``name`` the role in place of the others they have here.

    Raises :class:`FieldError` when there is nobody of that name or no such role here, :class:`AuthoringError` for the
    last admin.
    """
    require(author, Capability.TEAM)
    if role not in offered(author):
        raise FieldError(_("A library has no such role: choose admin, author or reader."), "role")
    person = accounts.find_person(name) if name.strip() else None
    if person is None:
        words = _("Nobody here is called “{name}”. They need an account on this site first.")
        raise FieldError(words.format(name=name.strip()), "name")
    _replace(author, person, role, at)
    return person


def take(author: Author, username: str, *, at: datetime) -> tuple[Person, frozenset[Role]]:
    """Takes all roles in this course from somebody; who it is and what they had.

    Raises :class:`AuthoringError` for the last admin.
    """
    require(author, Capability.TEAM)
    person = accounts.find_person(username)
    if person is None:
        raise FieldError(_("Nobody here is called “{name}”.").format(name=username), "name")
    return person, _replace(author, person, None, at)


def _replace(author: Author, person: Person, role: Role | None, at: datetime) -> frozenset[Role]:
    org, run = str(author.run.org), author.run
    grant = None if role is None else Grant(role, org, str(run))
    try:
        with transaction.atomic():
            before = accounts.replace_roles(person.id, grant, org=org, run=run, keep=Role.INSTRUCTOR)
            _tell(author, person, before, role, at)
    except AccountError as error:
        words = _("{name} is the only admin here. Make somebody else admin first.")
        raise AuthoringError(words.format(name=person.username)) from error
    return before


def _tell(author: Author, person: Person, before: frozenset[Role], role: Role | None, at: datetime) -> None:
    """The line of the tracking log that says who gave and took which role."""
    payload: CourseTeamPayload = {
        "user_id": person.id,
        "before": [had.value for had in sorted(before)],
        "after": [role.value] if role else [],
    }
    events.emit(
        "lykeion.course_team.changed",
        payload,
        course_id=author.run,
        user_id=author.person.id,
        username=author.person.username,
        at=at,
    )
