"""Courses as a whole: entering one as an author, listing them, making a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final, cast

from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.authoring import access
from lykeion.authoring.types import Author, AuthoringError, Capability, CourseCard, NotAllowed, is_library
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import Node, ObjectId, RunExists
from lykeion.core.keys import BadKey, CourseLocator, Home, parse_run, run_of

__all__ = ["create", "enter", "may_create", "mine", "organisations", "require", "require_studio", "rerun"]

_NAME: Final = re.compile(r"[\w.~-]+", re.ASCII)


def enter(person: Person, home: Home) -> Author:
    """``person`` as an author of a course or library, whose draft is looked at as it is now. A handful of reads.

    Raises :class:`NotAllowed` for those who may not even look, ``RunMissing`` when there is no such course.
    """
    may = _capabilities(person, home)
    if Capability.VIEW not in may:
        words = _("Only the team of this library can open it. Ask its team for access.")
        if not is_library(home):
            words = _("Only the team of this course can open it in Studio. Ask its team for access.")
        raise NotAllowed(words)
    root = content.head(home, "draft")
    top = content.part(root, "library" if is_library(home) else "course")
    return Author(person, cast(CourseLocator, home), root, top or Node("course", {}), may)


def require(author: Author, capability: Capability) -> None:
    """Raises :class:`NotAllowed`, with what is missing in words, when ``author`` may not do it."""
    if capability not in author.may:
        raise NotAllowed(_MISSING[capability]())


def require_studio(person: Person) -> None:
    """Raises :class:`NotAllowed` for those who have no course or library to work on, and may make none."""
    grants = accounts.grants(person.id)
    if not person.is_staff and not any(access.opens_studio(one) or access.creates(one) for one in grants):
        raise NotAllowed(_("This is for people who make courses here."))


def mine(person: Person, *, text: str = "") -> list[CourseCard]:
    """The courses that ``person`` may open in Studio, by title. A few reads, however many courses there are."""
    heads = content.heads("draft")
    published = content.heads("published")
    runs = _visible(person, list(heads))
    titles = _titles({run: heads[run] for run in runs})
    cards = [CourseCard(run, titles[run], heads[run] != published.get(run)) for run in runs]
    wanted = text.casefold()
    found = [card for card in cards if wanted in f"{card.title} {card.run}".casefold()]
    return sorted(found, key=lambda card: (card.title.casefold(), str(card.run)))


def may_create(person: Person, org: str | None = None) -> bool:
    """Whether ``person`` may make new courses in ``org`` (None: in some organisation)."""
    return person.is_staff or any(access.creates(grant, org) for grant in accounts.grants(person.id))


def organisations(person: Person) -> list[str]:
    """The organisations in which ``person`` may make courses, by name: those with such a role, or, for those who may
    anywhere, the ones that have courses."""
    named = {grant.org for grant in accounts.grants(person.id) if access.creates(grant)}
    if person.is_staff or "" in named:
        named |= {str(run.org) for run in content.heads("draft")}
    return sorted(named - {""}, key=str.casefold)


def create(person: Person, *, org: str, course: str, run: str, title: str, at: datetime) -> CourseLocator:
    """A new course that ``person`` then administers.

    Raises :class:`AuthoringError` for names that cannot be part of a key, or that are taken; :class:`NotAllowed`.
    """
    key = _new_key(person, org, course, run, title)
    with _taken(key):
        content.create_run(key, title=title.strip(), author=person.username, at=at)
    return _given_to(person, key)


def rerun(author: Author, *, org: str, course: str, run: str, title: str, at: datetime) -> CourseLocator:
    """A new run of the author's course, with all its content but its dates, that they then administer.

    At once, whatever the size of the course. Raises as :func:`create` does.
    """
    key = _new_key(author.person, org, course, run, title)
    with _taken(key):
        content.rerun(author.run, key, title=title.strip(), author=author.person.username, at=at)
    return _given_to(author.person, key)


def _new_key(person: Person, org: str, course: str, run: str, title: str) -> CourseLocator:
    for name, value in ((_("Organisation"), org), (_("Course number"), course), (_("Run"), run)):
        if not _NAME.fullmatch(value):
            words = _("{name} can hold letters, digits and . _ ~ - only, without spaces: “{value}”.")
            raise AuthoringError(words.format(name=name, value=value))
    if not title.strip():
        raise AuthoringError(_("Give the course a name."))
    if not may_create(person, org):
        raise NotAllowed(_not_there(person, org))
    try:
        return parse_run(str(run_of(org, course, run)))
    except BadKey as error:
        raise AuthoringError(str(error)) from error


def _not_there(person: Person, org: str) -> str:
    words = _("You may not make courses in {org}. Ask the operators of this site.").format(org=org)
    if may := organisations(person):
        words += " " + _("You may in {orgs}.").format(orgs=", ".join(may))
    return words


@contextmanager
def _taken(key: CourseLocator) -> Iterator[None]:
    try:
        yield
    except RunExists as error:
        raise AuthoringError(_("There is a course {key} already. Choose another run.").format(key=key)) from error


def _given_to(person: Person, key: CourseLocator) -> CourseLocator:
    accounts.grant_role(person.id, Role.INSTRUCTOR, org=str(key.org), run=key)
    catalog.catch_up()
    return key


def _capabilities(person: Person, home: Home) -> frozenset[Capability]:
    if person.is_staff:
        may = frozenset(Capability)
    else:
        may = access.capabilities(accounts.roles(person.id, str(home.org), str(home)))
    return may - access.OF_COURSES if is_library(home) else may


def _visible(person: Person, runs: list[CourseLocator]) -> list[CourseLocator]:
    if person.is_staff:
        return runs
    grants = [grant for grant in accounts.grants(person.id) if access.opens_studio(grant)]
    own = {grant.run for grant in grants if grant.run}
    orgs = {grant.org for grant in grants if not grant.run}
    return [run for run in runs if "" in orgs or run.org in orgs or str(run) in own]


def _titles(roots: Mapping[CourseLocator, ObjectId]) -> dict[CourseLocator, str]:
    documents = content.nodes(list(roots.values()))
    courses = {run: dict(documents[root].children)["course"] for run, root in roots.items()}
    nodes = content.nodes(list(courses.values()))
    return {run: _title(run, nodes[course]) for run, course in courses.items()}


def _title(run: CourseLocator, course: Node) -> str:
    name = course.fields.get("display_name")
    return name if isinstance(name, str) and name.strip() else str(run.course)


_MISSING: Final = {
    Capability.VIEW: lambda: _("You may not open this course in Studio."),
    Capability.EDIT: lambda: _("You may look at this course, but not change it."),
    Capability.FILES: lambda: _("You may not change the files of this course."),
    Capability.PUBLISH: lambda: _("You may edit this course, but not publish it. Ask somebody of its team to."),
    Capability.SETTINGS: lambda: _("You may not change the settings of this course."),
    Capability.REPLACE: lambda: _("You may not replace this course by another version."),
    Capability.TEAM: lambda: _("Only admins of this course may change its team."),
}
