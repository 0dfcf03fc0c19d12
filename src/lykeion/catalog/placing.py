"""Lists of people for cohorts: names typed by the team, and CSV files (openedx.md §2.1)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import cohorting
from lykeion.catalog.types import Cohort, CohortError, Placed, Run

COLUMNS: Final = frozenset({"username", "email", "cohort"})


def place_all(run: Run, name: str, entries: Iterable[str], *, by: int | None, at: datetime) -> tuple[Placed, ...]:
    """See :func:`lykeion.catalog.api.add_to_cohort`."""
    cohort = _by_name(run).get(name.strip())
    if cohort is None:
        raise CohortError(_("This course has no cohort “%(name)s”.") % {"name": name})
    wanted = dict.fromkeys(entry.strip() for entry in entries)
    return tuple(place(run, cohort, entry, by=by, at=at) for entry in wanted if entry)


def place_file(run: Run, text: str, *, by: int | None, at: datetime) -> tuple[Placed, ...]:
    """See :func:`lykeion.catalog.api.import_cohorts`."""
    rows = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    head = {(name or "").strip().lower() for name in rows.fieldnames or ()}
    if "cohort" not in head or not head & {"username", "email"} or head - COLUMNS:
        words = _("The first line names the columns: “cohort”, and “username” or “email” or both; it has “%(line)s”.")
        raise CohortError(words % {"line": ", ".join(rows.fieldnames or ())})
    rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
    known = _by_name(run)
    return tuple(_place_row(run, known, row, rows.line_num, by, at) for row in rows)


def _by_name(run: Run) -> dict[str, Cohort]:
    return {cohort.name: cohort for cohort in cohorting.cohorts(run)}


def _place_row(
    run: Run, known: Mapping[str, Cohort], row: Mapping[str, str | None], line: int, by: int | None, at: datetime
) -> Placed:
    name, email = (str(row.get(column) or "").strip() for column in ("username", "email"))
    wanted = str(row.get("cohort") or "").strip()
    cohort = known.get(wanted)
    if cohort is None:
        return Placed(name or email, wanted, "no_cohort", line=line)
    return replace(place(run, cohort, name or email, by=by, at=at), line=line)


def place(run: Run, cohort: Cohort, entry: str, *, by: int | None, at: datetime) -> Placed:
    """The user name goes first. An address is its owner's only once they proved it: anybody can type any address."""
    person = accounts.find_person(entry) if entry else None
    if person is not None and _is_theirs(person, entry):
        previous = cohorting.place(run, cohort.id, person.id, by=by, at=at)
        outcome: Mapping[str | None, Placed] = {
            None: Placed(entry, cohort.name, "present"),
            "": Placed(entry, cohort.name, "added"),
        }
        return outcome.get(previous) or Placed(entry, cohort.name, "moved", previous or "")
    if "@" not in entry:
        return Placed(entry, cohort.name, "unknown" if entry else "invalid")
    if not _is_address(entry):
        return Placed(entry, cohort.name, "invalid")
    cohorting.remember(run, cohort.id, entry, at=at, by=by)
    return Placed(entry, cohort.name, "preassigned")


def _is_theirs(person: Person, entry: str) -> bool:
    return "@" not in entry or accounts.has_confirmed(person.id, entry)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
