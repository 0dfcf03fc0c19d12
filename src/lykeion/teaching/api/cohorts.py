"""Cohorts of a course: switched on and off, made, changed; who is in them. Lists of people: ``lists.py``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Cohort, CohortError
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.types import Capability, FieldError, Teacher, TeachingError

__all__ = ["PAGE", "change", "cohorts", "content_groups", "delete", "make", "members", "names", "remove", "switch",
           "the_cohort", "waiting"]  # fmt: skip

PAGE: Final = 50
_WAITING: Final = 100
Group = tuple[int, int]


def cohorts(teacher: Teacher) -> tuple[Cohort, ...]:
    """The cohorts by name, with how many are in each."""
    return catalog.cohorts(teacher.run.key)


def names(teacher: Teacher) -> tuple[str, ...]:
    """What the cohorts are called; nobody in them is counted."""
    return tuple(name for _id, name in catalog.cohort_choices(teacher.run.id))


def the_cohort(teacher: Teacher, number: int) -> Cohort:
    """One cohort by its id. Raises :class:`TeachingError`."""
    found = next((one for one in cohorts(teacher) if one.id == number), None)
    if found is None:
        raise TeachingError(_("This cohort is not there any more."))
    return found


def content_groups(teacher: Teacher) -> dict[Group, str]:
    """The content groups of the course: ids of partition and group, with the name."""
    return catalog.content_groups(teacher.run)


def members(cohort: Cohort, *, after: int = 0) -> tuple[list[Person], bool]:
    """A page of the people in a cohort past the id ``after``, and whether there are more. Two reads."""
    ids, more = catalog.cohort_members(cohort.id, after=after, limit=PAGE)
    people = accounts.people(ids)
    return [people[user_id] for user_id in ids if user_id in people], more


def waiting(teacher: Teacher, cohort: Cohort) -> list[str]:
    """Addresses that nobody proved yet and that are remembered for a cohort; at most 100."""
    courses.require(teacher, Capability.COHORTS)
    return catalog.cohort_waiting(cohort.id, limit=_WAITING)


def switch(teacher: Teacher, on: bool, *, at: datetime) -> None:
    """Whether learners are in cohorts. Who is in which is kept."""
    courses.require(teacher, Capability.COHORTS)
    with transaction.atomic():
        if catalog.run(teacher.run.key).cohorted != on:
            catalog.set_cohorted(teacher.run.key, on, at=at)
            deeds.record(teacher, "cohorts_on" if on else "cohorts_off", at=at)


def make(teacher: Teacher, name: str, *, automatic: bool, group: Group | None, at: datetime) -> Cohort:
    """Makes a cohort. Raises :class:`FieldError` when the name is bad or taken."""
    with _changing(teacher):
        found = catalog.make_cohort(teacher.run.key, name, at=at, automatic=automatic, by=teacher.person.id)
        if group is not None:
            found = catalog.link_cohort(teacher.run.key, found.name, group, at=at)
        _record(teacher, "cohort_made", found.name, at, automatic=automatic)
    return found


def change(teacher: Teacher, number: int, *, name: str, automatic: bool, group: Group | None, at: datetime) -> Cohort:
    """Gives a cohort another name, kind and content group. Raises :class:`FieldError`, with nothing changed."""
    key, before = teacher.run.key, the_cohort(teacher, number)
    with _changing(teacher):
        found = before
        if name.strip() != found.name:
            found = catalog.rename_cohort(key, found.name, name)
        if automatic != found.automatic:
            found = catalog.set_cohort_automatic(key, found.name, automatic)
        if group != _group(found):
            found = catalog.link_cohort(key, found.name, group, at=at)
        if found != before:
            _record(teacher, "cohort_changed", found.name, at, was=before.name, automatic=found.automatic)
    return found


def delete(teacher: Teacher, number: int, *, at: datetime) -> str:
    """Removes an empty cohort; its name. Raises :class:`FieldError` when somebody is in it."""
    name = the_cohort(teacher, number).name
    with _changing(teacher):
        catalog.delete_cohort(teacher.run.key, name)
        _record(teacher, "cohort_deleted", name, at)
    return name


def remove(teacher: Teacher, number: int, user_id: int, *, at: datetime) -> None:
    """Takes somebody out of a cohort. The next visit puts them into an automatic one."""
    cohort = the_cohort(teacher, number)
    with _changing(teacher):
        if catalog.cohort_names(teacher.run.id, [user_id]).get(user_id) != cohort.name:
            return
        catalog.remove_from_cohort(teacher.run.key, user_id, at=at, by=teacher.person.id)
        deeds.record(teacher, "cohort", about=user_id, details={"was": cohort.name, "cohort": ""}, at=at)


@contextmanager
def _changing(teacher: Teacher) -> Iterator[None]:
    """A change by somebody who may, whole or not at all; what is refused is said of the name's field."""
    courses.require(teacher, Capability.COHORTS)
    try:
        with transaction.atomic():
            yield
    except CohortError as error:
        raise FieldError(str(error), "name") from error


def _group(cohort: Cohort) -> Group | None:
    return None if cohort.partition is None or cohort.group is None else (cohort.partition, cohort.group)


def _record(teacher: Teacher, what: str, name: str, at: datetime, **more: Any) -> None:
    deeds.record(teacher, what, details={"cohort": name, **more}, at=at)
