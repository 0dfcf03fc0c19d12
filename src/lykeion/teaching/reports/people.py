"""Reports about who takes a course: profiles, cohorts, invitations, ids.

Sources: ``instructor_analytics/basic.py`` and ``enrollments`` helpers of Open edX for names of columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from django.conf import settings

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Record
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolled, Run
from lykeion.teaching.reports.certified import issued
from lykeion.teaching.reports.types import CHUNK, Asked, Cell, Column, Row, Table, text_columns

Make = Callable[[Enrolled, Record], Row | None]

_FIELDS: Final[dict[str, Callable[[Enrolled, Record], Cell]]] = {
    "id": lambda _one, person: person.id,
    "username": lambda _one, person: person.username,
    "name": lambda _one, person: person.full_name,
    "email": lambda _one, person: person.email,
    "language": lambda _one, person: person.language,
    "country": lambda _one, person: person.country,
    "year_of_birth": lambda _one, person: "" if person.year_of_birth is None else person.year_of_birth,
    "gender": lambda _one, person: person.gender,
    "level_of_education": lambda _one, person: person.education,
    "bio": lambda _one, person: person.bio,
    "enrollment_mode": lambda one, _person: one.mode,
    "enrollment_date": lambda one, _person: _moment(one.created),
    "cohort": lambda one, _person: one.cohort,
    "last_login": lambda _one, person: _moment(person.last_login),
    "date_joined": lambda _one, person: _moment(person.date_joined),
}


def profiles(asked: Asked) -> Table:
    """Everybody who takes the course, with the fields that the site's operators chose."""
    names = [name for name in settings.LYKEION_PROFILE_FIELDS if name != "cohort" or asked.run.cohorted]
    columns = tuple(Column(name, "whole" if name == "id" else "mixed") for name in names)
    fields = [_FIELDS[name] for name in names]
    return _table(asked.run, columns, lambda one, who: [of(one, who) for of in fields] if one.is_active else None)


def cohorts(asked: Asked) -> Table:
    """Who is in which cohort, in the columns that a file for cohorts has: it can be changed and brought back."""
    columns = text_columns("username", "email", "cohort")
    return _table(asked.run, columns, lambda one, who: [who.username, who.email, one.cohort] if one.is_active else None)


def inactive(asked: Asked) -> Table:
    """The addresses of those who are enrolled with an account that is not in use."""
    return _table(
        asked.run,
        text_columns("email"),
        lambda one, who: [who.email] if one.is_active and not who.is_active else None,
    )


def anonymous_ids(asked: Asked) -> Table:
    """The ids that stand for learners: on the whole site, and in this course alone."""
    columns = (
        Column("User ID", "whole"),
        Column("Anonymized User ID"),
        Column("Course Specific Anonymized User ID"),
    )
    key = asked.run.key

    def make(_one: Enrolled, who: Record) -> Row:
        return [who.id, accounts.anonymous_id(who.id, None), accounts.anonymous_id(who.id, key)]

    return _table(asked.run, columns, make)


def may_enrol(asked: Asked) -> Table:
    """The addresses that were invited and have not enrolled."""
    return Table(text_columns("email"), catalog.count_invited(asked.run), _invited(asked.run))


def certificates(asked: Asked) -> Table:
    """How many certificates of each type were issued."""
    columns = (
        Column("Course ID"),
        Column("Certificate Type"),
        Column("Total Certificates Issued", "whole"),
        Column("Date Report Run"),
    )
    day = f"{asked.at:%B %d, %Y}"
    rows: list[Row] = [[str(asked.run.key), mode, count, day] for mode, count in issued(asked.run)]
    return Table(columns, 1, iter([(1, rows)]))


def _table(run: Run, columns: tuple[Column, ...], make: Make) -> Table:
    return Table(columns, catalog.roll_size(run), _parts(run, make))


def _parts(run: Run, make: Make) -> Iterator[tuple[int, list[Row]]]:
    done = last = 0
    while found := catalog.roll(run, after=last, limit=CHUNK):
        people = accounts.records([one.user_id for one in found])
        made = (make(one, people[one.user_id]) for one in found if one.user_id in people)
        done, last = done + len(found), found[-1].user_id
        yield done, [row for row in made if row is not None]


def _invited(run: Run) -> Iterator[tuple[int, list[Row]]]:
    done = 0
    for part in catalog.invited(run):
        done += len(part)
        yield done, [[email] for email in part]


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
