"""Mail of the team to a course's people: written, looked at, sent, stopped; each in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import api as catalog
from lykeion.notices import api as notices
from lykeion.notices.types import LEARNERS, Draft, MailError, Message, Reach, Shown, Undelivered
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.types import Capability, FieldError, Teacher, TeachingError

__all__ = [
    "PAGE", "Preview", "cancel", "groups", "history", "keywords", "message", "preview", "send", "shown", "try_out",
    "undelivered",
]  # fmt: skip

PAGE: Final = notices.PAGE


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail before it goes out: how many it reaches, and how it looks to one of them (None: it reaches nobody)."""

    reach: Reach
    shown: Shown | None


def groups(teacher: Teacher) -> tuple[tuple[str, str], ...]:
    """The groups that a mail may go to, with their names."""
    return notices.groups_of(teacher.run)


def keywords() -> dict[str, str]:
    """Words that may stand in a mail between ``%%``, with what they stand for."""
    return {name: str(words) for name, words in notices.KEYWORDS.items()}


def preview(teacher: Teacher, draft: Draft, *, due: datetime | None, at: datetime, name: str = "") -> Preview:
    """How a mail looks to ``name`` (user name or address; '': somebody whom it reaches), and whom it reaches.

    Raises :class:`FieldError`: something is missing, or nobody of this course is called that.
    """
    courses.require(teacher, Capability.MAIL)
    _check_dates(draft, due, at)
    try:
        notices.check(draft)
        notices.check_groups(teacher.run, draft.groups)
    except MailError as error:
        raise _field(error) from error
    reader = _of_course(teacher, name) if name else notices.first_of(teacher.run, draft.groups, teacher.person.id)
    shown = None if reader is None else notices.shown(draft, teacher.run, reader)
    return Preview(notices.reach(teacher.run, draft.groups, teacher.person.id), shown)


def try_out(teacher: Teacher, draft: Draft) -> None:
    """Sends a mail to the teacher alone, as they would get it. Raises :class:`FieldError`."""
    courses.require(teacher, Capability.MAIL)
    try:
        notices.try_out(teacher.run, teacher.person, draft)
    except MailError as error:
        raise _field(error) from error


def send(teacher: Teacher, draft: Draft, *, once: str, due: datetime | None, at: datetime) -> int:
    """Sends a mail at ``due`` (None: now); its id. The same ``once`` again is the same mail.

    Raises :class:`FieldError`."""
    courses.require(teacher, Capability.MAIL)
    _check_dates(draft, due, at)
    with transaction.atomic():
        try:
            made = notices.send(teacher.run, teacher.person, draft, once=once, due=due or at, at=at)
        except MailError as error:
            raise _field(error) from error
        if made.is_new:
            when = {"at": due.isoformat(timespec="minutes")} if due else {}
            details = {"subject": draft.subject.strip(), "to": ", ".join(draft.groups), **when}
            deeds.record(teacher, "mail", at=at, details=details)
    return made.id


def cancel(teacher: Teacher, message_id: int, *, at: datetime) -> None:
    """Stops a mail that waits or is being sent. Raises :class:`TeachingError` when it is too late."""
    courses.require(teacher, Capability.MAIL)
    with transaction.atomic():
        if not notices.cancel(teacher.run, message_id, at=at):
            raise TeachingError(_("This mail cannot be stopped any more: it has been sent, or was stopped before."))
        found = notices.message(teacher.run, message_id)
        deeds.record(teacher, "stop_mail", at=at, details={"subject": found.draft.subject if found else ""})


def history(teacher: Teacher, *, before: int | None = None) -> tuple[list[Message], bool]:
    """The newest mails of the course (older than the one of id ``before``), and whether there are more."""
    courses.require(teacher, Capability.MAIL)
    return notices.messages(teacher.run, before=before)


def message(teacher: Teacher, message_id: int) -> Message | None:
    """One mail of the course; None when there is none."""
    courses.require(teacher, Capability.MAIL)
    return notices.message(teacher.run, message_id)


def shown(teacher: Teacher, found: Message) -> Shown:
    """A mail as the teacher themself would get it."""
    return notices.shown(found.draft, teacher.run, teacher.person)


def undelivered(teacher: Teacher, found: Message, *, after: int = 0) -> tuple[list[Undelivered], bool]:
    """Who did not get a mail, or perhaps did not; and whether there are more."""
    courses.require(teacher, Capability.MAIL)
    return notices.undelivered(found.id, after=after)


def _check_dates(draft: Draft, due: datetime | None, at: datetime) -> None:
    if due is not None and due <= at:
        raise FieldError(_("That moment is over. Choose a later one, or send the mail now."), "due")
    if draft.shown_until is not None and LEARNERS not in draft.groups:
        raise FieldError(_("Only a mail to all learners can be shown on the home of the course."), "shown_until")
    if draft.shown_until is not None and draft.shown_until <= (due or at):
        raise FieldError(_("The last day on the home of the course lies before the mail."), "shown_until")


def _of_course(teacher: Teacher, name: str) -> Person:
    """Somebody who takes the course, or the teacher: names of strangers are none of a teacher's business."""
    person = accounts.find_person(name)
    if person is not None:
        _run, enrolment = catalog.run_and_enrolment(teacher.run.key, person.id)
        if person.id == teacher.person.id or (enrolment is not None and enrolment.is_active):
            return person
    raise FieldError(_("Nobody who takes this course is called “%(name)s”.") % {"name": name}, "reader")


def _field(error: MailError) -> FieldError:
    return FieldError(str(error), error.field)
