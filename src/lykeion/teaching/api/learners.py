"""Who takes a course: found, listed a page at a time, moved to another track; and who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.catalog.types import EnrolmentRefused, Invitation, RosterQuery
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.types import Capability, FieldError, Teacher

__all__ = ["PAGE", "Learner", "LearnerPage", "count", "invitations", "learners", "set_track", "tracks", "withdraw"]

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who takes the course; ``cohort`` is '' for none; ``roles``: what they are in its team."""

    id: int
    username: str
    email: str
    full_name: str
    mode: str
    cohort: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """A page of learners by user name; ``before`` and ``after`` are the cursors of the pages around it, or ''."""

    learners: tuple[Learner, ...]
    before: str
    after: str


def learners(teacher: Teacher, query: RosterQuery, role: Role | None = None) -> LearnerPage:
    """A page of those who take the course, of those with ``role`` only. A few reads, however many take it."""
    run = teacher.run
    among = [] if role is None else [accounts.holders(run.org, run.key, role)]
    page = catalog.roster(run.id, query, among=among)
    roles = accounts.roles_among(run.org, run.key, [line.user_id for line in page.lines])
    found = tuple(
        Learner(line.user_id, line.username, line.email, line.full_name, line.mode, line.cohort,
                tuple(sorted(roles.get(line.user_id, ()))))
        for line in page.lines
    )  # fmt: skip
    return LearnerPage(found, page.before, page.after)


def count(teacher: Teacher) -> int:
    """All who take the course now. One read over an index."""
    return catalog.roster_size(teacher.run.id, RosterQuery())


def tracks(teacher: Teacher) -> tuple[str, ...]:
    """The tracks that the course offers."""
    return tuple(mode for mode, _until in catalog.modes(teacher.run))


def set_track(teacher: Teacher, user_id: int, mode: str, *, at: datetime) -> str:
    """Lets a learner take the course in another track; the user name. Raises :class:`FieldError`."""
    courses.require(teacher, Capability.ENROL)
    person = accounts.people([user_id]).get(user_id)
    with transaction.atomic():
        before = catalog.hold(user_id, teacher.run.id)
        if person is None or before is None or not before.is_active:
            raise FieldError(_("They do not take this course any more."), "mode")
        if mode == before.mode:
            return person.username
        try:
            catalog.enrol(user_id, teacher.run.key, at=at, mode=mode, by=teacher.person.id)
        except EnrolmentRefused as error:
            raise FieldError(str(error), "mode") from error
        deeds.record(teacher, "track", about=user_id, details={"was": before.mode, "mode": mode}, at=at)
    return person.username


def invitations(teacher: Teacher, *, text: str = "", before: int = 0) -> tuple[list[Invitation], int]:
    """Invitations that nobody used, newest first, past the id ``before``, with ``text`` in the address; and the id past
    which there may be more, 0 for none. Three reads at most."""
    courses.require(teacher, Capability.ENROL)
    return catalog.invitations(teacher.run.id, text=text, before=before, limit=PAGE)


def withdraw(teacher: Teacher, email: str, *, at: datetime) -> bool:
    """Takes an invitation back; whether there was one."""
    courses.require(teacher, Capability.ENROL)
    with transaction.atomic():
        gone = catalog.withdraw(teacher.run.id, email) is not None
        if gone:
            deeds.record(teacher, "uninvite", at=at)
    return gone
