"""A course as somebody of its team enters it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.core.keys import CourseLocator
from lykeion.teaching import access
from lykeion.teaching.types import Capability, NotAllowed, Teacher

__all__ = ["enter", "mine", "require", "teaches"]
MOST_SHOWN: Final = 50


def enter(person: Person, key: CourseLocator) -> Teacher:
    """``person`` as a teacher of a run. Two reads.

    Raises :class:`NotAllowed` for those who may not even look, ``RunMissing`` when there is no such run.
    """
    may = frozenset(Capability) if person.is_staff else _may(person, key)
    if Capability.VIEW not in may:
        raise NotAllowed(_("Only the team of this course can open this page. Ask its team for access."))
    return Teacher(person, catalog.run(key), may)


def teaches(person: Person, run: Run) -> bool:
    """Whether the pages for instructors of ``run`` are open to ``person``. At most one read."""
    return person.is_staff or Capability.VIEW in _may(person, run.key)


def mine(person: Person) -> tuple[Run, ...]:
    """The runs that ``person`` teaches by a role in them or in their organisation, by title, 50 at most.

    Two reads; one for who teaches nothing. Whoever has a role on the whole site finds its courses in the catalog.
    """
    grants = [grant for grant in accounts.grants(person.id) if Capability.VIEW in access.capabilities([grant.role])]
    run_keys = [grant.run for grant in grants if grant.run]
    orgs = [grant.org for grant in grants if grant.org and not grant.run]
    return catalog.led(run_keys, orgs, limit=MOST_SHOWN) if run_keys or orgs else ()


def require(teacher: Teacher, capability: Capability) -> None:
    """Raises :class:`NotAllowed`, with what is missing in words, when ``teacher`` may not do it."""
    if not teacher.can(capability):
        raise NotAllowed(_MISSING[capability]())


def _may(person: Person, key: CourseLocator) -> frozenset[Capability]:
    may = access.capabilities(accounts.roles(person.id, str(key.org), key))
    return may if settings.LYKEION_TEACHERS_REGISTER else may - {Capability.REGISTER}


_MISSING = {
    Capability.VIEW: lambda: _("Your role in this course does not let you open this page."),
    Capability.ENROL: lambda: _("Your role in this course does not let you enrol or unenrol people."),
    Capability.COHORTS: lambda: _("Your role in this course does not let you change cohorts."),
    Capability.GRADE: lambda: _("Your role in this course does not let you change grades."),
    Capability.GRADE_ALL: lambda: _("Only an admin of this course can change the grades of all learners at once."),
    Capability.EXTEND: lambda: _("Your role in this course does not let you change dates or exams of learners."),
    Capability.REPORTS: lambda: _("Reports hold learners' data: ask an admin for the role of a data researcher."),
    Capability.CERTIFY: lambda: _("Only an admin of this course can decide about certificates."),
    Capability.MAIL: lambda: _("Your role in this course does not let you write to its learners."),
    Capability.TEAM: lambda: _("Only an admin of this course can change its team."),
    Capability.REGISTER: lambda: _("Only the operators of this site, or whom they let, can make accounts for others."),
}
