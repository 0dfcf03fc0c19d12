"""Certificates as the team of a course deals with them: see who has one, make exceptions, take one back."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.certificates import api as certificates
from lykeion.certificates.types import Certificate, CertificateError, Decision, Rules, Status
from lykeion.jobs import api as jobs
from lykeion.jobs.types import JobStatus
from lykeion.teaching.api.courses import require
from lykeion.teaching.api.deeds import record
from lykeion.teaching.types import Capability, FieldError, Teacher, TeachingError

__all__ = [
    "PAGE",
    "Entry",
    "Exempt",
    "Given",
    "allow",
    "allow_many",
    "counts",
    "disallow",
    "exempt",
    "generate",
    "given",
    "invalidate",
    "preview",
    "rules",
    "under_way",
    "validate",
]

PAGE: Final = 50
MOST_ENTRIES: Final = 2000
_LONGEST_NOTES: Final = 500
Outcome = Literal["new", "known", "unknown", "double", "invalidated"]


@dataclass(frozen=True, slots=True)
class Given:
    """A line of the list: a certificate, whose it is (None: an account that is gone), and why it was taken back."""

    certificate: Certificate
    person: Person | None
    invalidation: Decision | None
    by: Person | None = None


@dataclass(frozen=True, slots=True)
class Exempt:
    """A line of the list of exceptions."""

    allowance: Decision
    person: Person | None
    by: Person | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of a line of a file: ``line`` counts from 1; ``new``: put on the list; ``known``: on it already,
    with these words now; ``unknown``: nobody has that name or address; ``double``: an earlier line names them;
    ``invalidated``: their certificate was taken back."""

    line: int
    name: str
    notes: str
    outcome: Outcome
    user_id: int = 0

    @property
    def counts(self) -> bool:
        """Whether something is done about it."""
        return self.outcome in ("new", "known")


def rules(teacher: Teacher) -> Rules:
    """What the course says about its certificates, as published."""
    return certificates.rules(teacher.run)


def counts(teacher: Teacher) -> dict[Status, int]:
    """How many certificates stand where. One read."""
    return certificates.counts(teacher.run.id)


def given(
    teacher: Teacher, *, who: str = "", status: Status | None = None, before: int | None = None
) -> tuple[list[Given], bool]:
    """A page of certificates, newest first, and whether there are more; ``who``: a name or address. Three reads."""
    require(teacher, Capability.CERTIFY)
    person = accounts.find_person(who) if who else None
    if who and person is None:
        return [], False
    rows = certificates.certificates(
        teacher.run.id, status=status, user_id=person.id if person else None, before=before, limit=PAGE + 1
    )
    shown = rows[:PAGE]
    decided = certificates.decisions(teacher.run.id, [one.user_id for one in shown])
    taken = {user_id: one for user_id, one in decided.items() if not one.allowed}
    people = accounts.people({one.user_id for one in shown} | {one.by for one in taken.values()})
    lines = [_given(one, people, taken.get(one.user_id)) for one in shown]
    return lines, len(rows) > PAGE


def _given(one: Certificate, people: dict[int, Person], taken: Decision | None) -> Given:
    return Given(one, people.get(one.user_id), taken, people.get(taken.by) if taken else None)


def exempt(teacher: Teacher, *, after: int = 0) -> tuple[list[Exempt], bool]:
    """A page of the list of exceptions and whether there are more; ``after``: the learner's id to go on from."""
    require(teacher, Capability.CERTIFY)
    rows = certificates.allowances(teacher.run.id, after=after, limit=PAGE + 1)
    shown = rows[:PAGE]
    people = accounts.people({one.user_id for one in shown} | {one.by for one in shown})
    return [Exempt(one, people.get(one.user_id), people.get(one.by)) for one in shown], len(rows) > PAGE


def generate(teacher: Teacher, status: Status | None, *, at: datetime) -> int:
    """Orders certificates for all who earned one, or (``status``) anew for those whose certificate stands there; the id
    of the job. Raises :class:`TeachingError` when the course gives none."""
    require(teacher, Capability.CERTIFY)
    if not certificates.rules(teacher.run).given:
        raise TeachingError(_("This course gives no certificates. In Studio, make a design, activate and publish it."))
    with transaction.atomic():
        title = _("Certificates anew") if status else _("Certificates for all who passed")
        job = certificates.order_all(teacher.run.key, status=status, by=teacher.person.id, title=title)
        record(teacher, "certificates_generate", at=at, details={"status": status.value} if status else {})
    return job


def under_way(teacher: Teacher) -> JobStatus | None:
    """The newest job that makes certificates for many in this course; None when there was none."""
    require(teacher, Capability.CERTIFY)
    return next(iter(jobs.find(name=certificates.ISSUE_ALL, about=str(teacher.run.key), limit=1)), None)


def allow(teacher: Teacher, who: str, notes: str, *, at: datetime) -> Person:
    """Puts one learner on the list of exceptions. Raises :class:`FieldError`."""
    require(teacher, Capability.CERTIFY)
    person = _person(who)
    _allow(teacher, person.id, notes, at)
    return person


def preview(teacher: Teacher, text: str) -> list[Entry]:
    """What :func:`allow_many` would do. A line is a name or address, and after a comma, if you like, a note. Raises
    :class:`FieldError` for files that are too long."""
    require(teacher, Capability.CERTIFY)
    lines = [(line, row) for line, row in enumerate(csv.reader(text.splitlines()), 1) if row and row[0].strip()]
    if lines and lines[0][1][0].strip().lower() in ("username", "email", "user"):
        lines = lines[1:]
    if len(lines) > MOST_ENTRIES:
        raise FieldError(_("At most %(most)d lines at once; cut the file into parts.") % {"most": MOST_ENTRIES}, "file")
    return _entries(teacher, lines)


def allow_many(teacher: Teacher, text: str, *, at: datetime) -> list[Entry]:
    """Puts the people of a file on the list of exceptions; what became of each line."""
    entries = preview(teacher, text)
    with transaction.atomic():
        notes = {entry.user_id: entry.notes for entry in entries if entry.counts}
        certificates.allow_many(teacher.run, notes, by=teacher.person.id, at=at)
        record(teacher, "certificate_allow_many", at=at, details={"lines": len(entries), "allowed": len(notes)})
    return entries


def disallow(teacher: Teacher, user_id: int, *, at: datetime) -> None:
    """Takes one learner off the list of exceptions; their certificate follows their grade then."""
    require(teacher, Capability.CERTIFY)
    with transaction.atomic():
        if not certificates.disallow(teacher.run, user_id):
            raise TeachingError(_("They are not on the list of exceptions any more."))
        record(teacher, "certificate_disallow", at=at, about=user_id)


def invalidate(teacher: Teacher, who: str, notes: str, *, at: datetime) -> Person:
    """Takes one learner's certificate back, and says why. Raises :class:`FieldError`."""
    require(teacher, Capability.CERTIFY)
    person = _person(who)
    words = notes.strip()
    if not words:
        raise FieldError(_("Say why: whoever asks later will want to know."), "notes")
    try:
        with transaction.atomic():
            certificates.invalidate(teacher.run, person.id, by=teacher.person.id, notes=words[:_LONGEST_NOTES], at=at)
            record(teacher, "certificate_invalidate", at=at, about=person.id, reason=words)
    except CertificateError as error:
        raise FieldError(str(error), "who") from error
    return person


def validate(teacher: Teacher, user_id: int, *, at: datetime) -> None:
    """Takes an invalidation back; the certificate follows the grade again."""
    require(teacher, Capability.CERTIFY)
    with transaction.atomic():
        if not certificates.validate(teacher.run, user_id, at=at):
            raise TeachingError(_("Their certificate is not invalidated any more."))
        record(teacher, "certificate_validate", at=at, about=user_id)


def _allow(teacher: Teacher, user_id: int, notes: str, at: datetime) -> None:
    words = notes.strip()[:_LONGEST_NOTES]
    try:
        with transaction.atomic():
            certificates.allow(teacher.run, user_id, by=teacher.person.id, notes=words, at=at)
            record(teacher, "certificate_allow", at=at, about=user_id, reason=words)
    except CertificateError as error:
        raise FieldError(str(error), "who") from error


def _person(who: str) -> Person:
    person = accounts.find_person(who) if who.strip() else None
    if person is None:
        raise FieldError(_("Nobody here is called “%(name)s”.") % {"name": who.strip()}, "who")
    return person


def _entries(teacher: Teacher, lines: Sequence[tuple[int, list[str]]]) -> list[Entry]:
    people = accounts.find_people(row[0] for _line, row in lines)
    decided = certificates.decisions(teacher.run.id, [person.id for person in people.values()])
    seen: set[int] = set()
    entries = []
    for line, row in lines:
        name, notes = row[0].strip(), ",".join(row[1:]).strip()[:_LONGEST_NOTES]
        person = people.get(name.lower())
        outcome = _outcome(person, seen, decided)
        entries.append(Entry(line, name, notes, outcome, person.id if person else 0))
        if person:
            seen.add(person.id)
    return entries


def _outcome(person: Person | None, seen: Collection[int], decided: Mapping[int, Decision]) -> Outcome:
    if person is None:
        return "unknown"
    if person.id in seen:
        return "double"
    before = decided.get(person.id)
    if before is None:
        return "new"
    return "known" if before.allowed else "invalidated"
