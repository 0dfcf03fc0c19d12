"""Who may enrol, and what happens then (openedx.md §1.2; Open edX ``access.py:_can_enroll_courselike``)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import signals
from lykeion.catalog.listing import DEFAULT_MODE, TEAM, is_team
from lykeion.catalog.models import CourseMode, Enrolment, EnrolmentAllowed
from lykeion.catalog.models import Run as RunRow
from lykeion.catalog.rows import enrolment_of
from lykeion.catalog.types import Enrolment as EnrolmentValue
from lykeion.catalog.types import EnrolmentRefused, Run
from lykeion.core.prepared import Prepared
from lykeion.events import api as events
from lykeion.events.types import EnrolmentPayload

FREE_MODES = (DEFAULT_MODE, "honor")
_EVENT = "edx.course.enrollment."
_MODES = Prepared(
    CourseMode, lambda rows, run: rows.filter(run_id=run).order_by("id").values_list("mode", "expiration")
)


def check(person: Person | None, run: Run, *, at: datetime) -> None:
    """Raises :class:`EnrolmentRefused` when ``person`` may not enrol in ``run`` by themselves at ``at``.

    In this order: an invitation by e-mail (used by somebody else: no; used by nobody or by them: yes, whatever the
    dates); the course team: yes; invitation only: no; the window (an end that is not set is open). A full run takes
    nobody but its team. An invitation counts once the address is confirmed, since anybody can type any address.
    """
    if person is None:
        raise EnrolmentRefused(_("Sign in to enrol."), "authentication_required")
    team = person.is_staff or is_team(accounts.roles(person.id, run.org, run.key))
    invited = _invited(person, run)
    if not invited and not team:
        _check_open(person, run, at)
    if not team:
        _check_room(run)


def is_invited(person: Person, run: Run) -> bool:
    """Whether an invitation waits for ``person``, or was used by them, at their confirmed address."""
    try:
        return _invited(person, run)
    except EnrolmentRefused:
        return False


def _invited(person: Person, run: Run) -> bool:
    allowance = _allowance(person, run)
    if allowance is None or not accounts.has_confirmed(person.id, person.email):
        return False
    if allowance.used_by_id not in {None, person.id}:
        words = _("The invitation for %(email)s was used by somebody else already. Ask the course team for another.")
        raise EnrolmentRefused(words % {"email": person.email}, "allowance_used")
    return True


def _check_open(person: Person, run: Run, at: datetime) -> None:
    refused = closed(run, at)
    if refused is not None and _allowance(person, run) is not None:
        words = _("You are invited: confirm your e-mail address %(email)s first, then you can enrol.")
        raise EnrolmentRefused(words % {"email": person.email}, "email_unconfirmed")
    if refused is not None:
        raise refused


def closed(run: Run, at: datetime) -> EnrolmentRefused | None:
    """Why a run takes nobody but the invited and its team at ``at``; None when it is open."""
    if run.invitation_only:
        return EnrolmentRefused(_("Enrolment in this course is by invitation only."), "invitation_only")
    if run.enrollment_start is not None and at < run.enrollment_start:
        words = _("Enrolment opens on %(date)s.") % {"date": _day(run.enrollment_start)}
        return EnrolmentRefused(words, "enrollment_not_started")
    if run.enrollment_end is not None and at > run.enrollment_end:
        words = _("Enrolment closed on %(date)s.") % {"date": _day(run.enrollment_end)}
        return EnrolmentRefused(words, "enrollment_closed")
    return None


def _check_room(run: Run) -> None:
    """The cap counts learners only: the team of the course takes no seats."""
    if run.max_enrolments is None:
        return
    team = accounts.members(run.org, run.key, among=TEAM)
    taken = Enrolment.objects.filter(run_id=run.id, is_active=True).exclude(user_id__in=team).count()
    if taken >= run.max_enrolments:
        raise EnrolmentRefused(_("This course is full."), "enrollment_full")


def enrol(
    person: Person, run: Run, *, mode: str | None, at: datetime, by: int | None, checked: bool = False
) -> EnrolmentValue:
    """Enrols ``person``; see :func:`catalog.api.enrol`. A second click at the same moment finds what the first made."""
    try:
        return _enrol(person, run, mode, at, by, checked)
    except IntegrityError:
        return _enrol(person, run, mode, at, by, checked)


def _enrol(person: Person, run: Run, mode: str | None, at: datetime, by: int | None, checked: bool) -> EnrolmentValue:
    with transaction.atomic():
        before = Enrolment.objects.select_for_update().filter(user_id=person.id, run_id=run.id).first()
        if before is None or not before.is_active:
            if by is None and not checked:
                _lock_seats(run)
                check(person, run, at=at)
            return _activate(person, run, before, _mode(run, mode, before, at, by), at, by)
        if mode is not None and mode != before.mode:
            return _change_mode(run, before, _mode(run, mode, before, at, by), at, by)
        return enrolment_of(before)


def set_track(user_id: int, run: Run, mode: str, *, at: datetime) -> None:
    """Puts somebody who takes ``run`` into the track of their invitation, which the team chose."""
    with transaction.atomic():
        row = Enrolment.objects.select_for_update().get(user_id=user_id, run_id=run.id)
        if row.mode != mode:
            _change_mode(run, row, mode, at, None)


def unenrol(user_id: int, run: Run, *, at: datetime, by: int | None) -> EnrolmentValue | None:
    """Ends an enrolment and keeps its row; None when there is none."""
    with transaction.atomic():
        row = Enrolment.objects.select_for_update().filter(user_id=user_id, run_id=run.id).first()
        if row is None or not row.is_active:
            return None if row is None else enrolment_of(row)
        row.is_active, row.modified = False, at
        row.save(update_fields=["is_active", "modified"])
        value = enrolment_of(row)
        signals.unenrolled.send(sender=Enrolment, enrolment=value, run=run.key, by=by, at=at)
        _tell("deactivated", value, run, at, by)
        return value


def modes_of(run: Run) -> tuple[tuple[str, datetime | None], ...]:
    """The modes of a run with their upgrade deadlines; the default one when it has none of its own."""
    return tuple(_MODES(run.id)) or ((DEFAULT_MODE, None),)


def _lock_seats(run: Run) -> None:
    """Two learners at the last seat of a run wait for each other (SQLite lets one transaction write at a time)."""
    if run.max_enrolments is not None:
        RunRow.objects.select_for_update().get(pk=run.id)


def _mode(run: Run, wanted: str | None, before: Enrolment | None, at: datetime, by: int | None) -> str:
    if wanted is None and before is not None:
        return before.mode
    offered = dict(modes_of(run))
    if wanted is None:
        wanted = next((mode for mode in FREE_MODES if mode in offered), "" if by is None else next(iter(offered)))
    deadline = offered.get(wanted)
    late = deadline is not None and at > deadline
    if wanted not in offered or (by is None and (late or wanted not in FREE_MODES)):
        words = _("This course cannot be taken in the track “%(mode)s” at the moment.") % {"mode": wanted}
        raise EnrolmentRefused(words, "mode_unavailable")
    return wanted


def _activate(
    person: Person, run: Run, before: Enrolment | None, mode: str, at: datetime, by: int | None
) -> EnrolmentValue:
    row = before or Enrolment(user_id=person.id, run_id=run.id, created=at)
    row.mode, row.is_active, row.modified, row.name_key = mode, True, at, person.username.lower()
    row.save()
    _use_allowance(person, run)
    value = enrolment_of(row)
    signals.enrolled.send(sender=Enrolment, enrolment=value, run=run.key, by=by, at=at)
    _tell("activated", value, run, at, by)
    return value


def _change_mode(run: Run, row: Enrolment, mode: str, at: datetime, by: int | None) -> EnrolmentValue:
    row.mode, row.modified = mode, at
    row.save(update_fields=["mode", "modified"])
    value = enrolment_of(row)
    signals.mode_changed.send(sender=Enrolment, enrolment=value, run=run.key, by=by, at=at)
    _tell("mode_changed", value, run, at, by)
    return value


def _allowance(person: Person, run: Run) -> EnrolmentAllowed | None:
    return EnrolmentAllowed.objects.filter(email=person.email.lower(), run_id=run.id).first()


def _use_allowance(person: Person, run: Run) -> None:
    unused = EnrolmentAllowed.objects.filter(email=person.email.lower(), run_id=run.id, used_by=None)
    if unused.exists() and accounts.has_confirmed(person.id, person.email):
        unused.update(used_by=person.id)


def _tell(what: str, enrolment: EnrolmentValue, run: Run, at: datetime, by: int | None) -> None:
    payload = EnrolmentPayload(course_id=str(run.key), user_id=enrolment.user_id, mode=enrolment.mode)
    actor = enrolment.user_id if by is None else by
    events.emit(_EVENT + what, payload, course_id=run.key, org_id=run.org, user_id=actor, at=at)


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")
