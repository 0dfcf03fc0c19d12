"""Cohorts: making them, and who is in which (openedx.md §1.4, §2.1; Open edX ``course_groups/cohorts.py``)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.catalog import signals
from lykeion.catalog.models import Cohort as CohortRow
from lykeion.catalog.models import CohortEmail, CohortMember
from lykeion.catalog.rows import RUN_COLUMNS, run_of
from lykeion.catalog.types import Cohort, CohortError, Run
from lykeion.content import api as content
from lykeion.core.prepared import Prepared
from lykeion.events import api as events
from lykeion.events.types import CohortEmailPayload, CohortMemberPayload, CohortMovePayload, CohortPayload

DEFAULT_NAME: Final = "Default Group"
"""Of the automatic cohort that is made when a learner needs one and there is none."""

_COLUMNS = ("id", "name", "automatic", "partition", "group")
_MINE = Prepared(
    CohortMember,
    lambda rows, user, run: rows.filter(user_id=user, run_id=run).values_list(
        *(f"cohort__{column}" for column in _COLUMNS)
    ),
)


def cohorts(run: Run) -> tuple[Cohort, ...]:
    """The cohorts of a run with how many are in each, by name; one query."""
    rows = CohortRow.objects.filter(run_id=run.id).annotate(count=Count("members")).order_by("name")
    return tuple(Cohort(*row) for row in rows.values_list(*_COLUMNS, "count"))


def choices(run_id: int) -> tuple[tuple[int, str], ...]:
    """The ids and names of a run's cohorts, by name, nobody counted; one query."""
    return tuple(CohortRow.objects.filter(run_id=run_id).order_by("name").values_list("id", "name"))


def cohort_of(user_id: int, run: Run) -> Cohort | None:
    """The cohort that a person is in (``members`` is not counted); one query."""
    rows = _MINE(user_id, run.id)
    return Cohort(*rows[0]) if rows else None


def make(run: Run, name: str, *, automatic: bool, by: int | None, at: datetime) -> Cohort:
    """Makes a cohort. Raises :class:`CohortError` when the name is bad or taken."""
    name = _checked_name(name)
    with transaction.atomic():
        row, is_new = CohortRow.objects.get_or_create(run_id=run.id, name=name, defaults={"automatic": automatic})
        if not is_new:
            raise CohortError(_("There is a cohort “%(name)s” already. Choose another name.") % {"name": name})
        _tell_made(run, row, at, by)
    return _value(row)


def rename(run: Run, name: str, new: str) -> Cohort:
    """Gives a cohort another name. Raises :class:`CohortError`."""
    new = _checked_name(new)
    with transaction.atomic():
        row = _row(run, name)
        if new != row.name and CohortRow.objects.filter(run_id=run.id, name=new).exists():
            raise CohortError(_("There is a cohort “%(name)s” already. Choose another name.") % {"name": new})
        row.name = new
        row.save(update_fields=["name"])
    return _value(row)


def set_automatic(run: Run, name: str, automatic: bool) -> Cohort:
    """Whether learners without a cohort may come into this one by themselves. Raises :class:`CohortError` for the last
    automatic one if it is the default: the next learner would come into it all the same."""
    with transaction.atomic():
        row = _row(run, name)
        others = CohortRow.objects.filter(run_id=run.id, automatic=True).exclude(pk=row.pk)
        if not automatic and row.name == DEFAULT_NAME and not others.exists():
            words = _("“%(name)s” is the only automatic cohort: make another one automatic first.")
            raise CohortError(words % {"name": row.name})
        row.automatic = automatic
        row.save(update_fields=["automatic"])
    return _value(row)


def link(run: Run, name: str, group: tuple[int, int] | None, *, at: datetime) -> Cohort:
    """Puts the members of a cohort into a content group (partition, group), or into none. What they see changes at
    once. Raises :class:`CohortError` when the course has no such group."""
    if group is not None and group not in content_groups(run):
        words = _("The course has no content group %(group)s in partition %(partition)s.")
        raise CohortError(words % {"partition": group[0], "group": group[1]})
    with transaction.atomic():
        row = _row(run, name)
        row.partition, row.group = group or (None, None)
        row.save(update_fields=["partition", "group"])
        _announce(run, row.members.values_list("user_id", flat=True), at)
    return _value(row)


def delete(run: Run, name: str) -> None:
    """Removes a cohort with nobody in it; addresses remembered for it are forgotten. Raises :class:`CohortError`."""
    with transaction.atomic():
        row = _row(run, name)
        if row.members.exists():
            raise CohortError(_("“%(name)s” has members: move them first.") % {"name": row.name})
        row.delete()


def remove(run: Run, user_id: int, *, by: int | None, at: datetime) -> bool:
    """Takes a person out of their cohort; whether they were in one. The next visit puts them into an automatic one."""
    with transaction.atomic():
        row = CohortMember.objects.select_for_update().filter(user_id=user_id, run_id=run.id).first()
        if row is None:
            return False
        cohort = row.cohort
        row.delete()
        _tell_member("user_removed", run, cohort, user_id, at, by)
        _announce(run, [user_id], at)
    return True


def place(run: Run, cohort_id: int, user_id: int, *, by: int | None, at: datetime) -> str | None:
    """Puts a person into a cohort; the name of the one they were in ('' for none, None if it is this one)."""
    with transaction.atomic():
        cohort = CohortRow.objects.get(pk=cohort_id, run_id=run.id)
        row, is_new = CohortMember.objects.select_for_update().get_or_create(
            user_id=user_id, run_id=run.id, defaults={"cohort": cohort}
        )
        previous = None if is_new else row.cohort
        if previous is not None and previous.pk == cohort.pk:
            return None
        if previous is not None:
            row.cohort = cohort
            row.save(update_fields=["cohort"])
            _tell_member("user_removed", run, previous, user_id, at, by)
        _tell_placed(run, cohort, previous, user_id, at, by)
        _announce(run, [user_id], at)
    return previous.name if previous is not None else ""


def assign(run: Run, user_id: int, *, at: datetime) -> Cohort:
    """The cohort of a learner, who is put into an automatic one at random if they have none ("Default Group" is made
    where there is no automatic one). However many visits begin at once, the first decides."""
    automatic = list(CohortRow.objects.filter(run_id=run.id, automatic=True).order_by("pk"))
    with transaction.atomic():
        chosen = random.choice(automatic) if automatic else _default(run, at)  # noqa: S311 - no secret hangs on it
        row, is_new = CohortMember.objects.get_or_create(user_id=user_id, run_id=run.id, defaults={"cohort": chosen})
        if is_new:
            _tell_member("user_added", run, chosen, user_id, at, None)
            _announce(run, [user_id], at)
    return _value(row.cohort)


def place_remembered(user_id: int, email: str, *, at: datetime) -> None:
    """Puts whoever proved to own ``email`` into the cohorts that it was remembered for."""
    if not accounts.has_confirmed(user_id, email):
        return
    columns = ("pk", "cohort_id", *(f"run__{column}" for column in RUN_COLUMNS))
    for pk, cohort_id, *run in CohortEmail.objects.filter(email=email.lower()).values_list(*columns):
        with transaction.atomic():
            place(run_of(tuple(run)), cohort_id, user_id, by=None, at=at)
            CohortEmail.objects.filter(pk=pk).delete()


def forget(user_id: int, email: str) -> None:
    """After an account was deleted: its places, and what was remembered of its address."""
    CohortMember.objects.filter(user_id=user_id).delete()
    CohortEmail.objects.filter(email=email.lower()).delete()


def remember(run: Run, cohort_id: int, email: str, *, at: datetime, by: int | None) -> None:
    """Keeps an address that nobody here has proved to own, for :func:`place_remembered`; one cohort for each run."""
    with transaction.atomic():
        CohortEmail.objects.update_or_create(email=email.lower(), run_id=run.id, defaults={"cohort_id": cohort_id})
        cohort = CohortRow.objects.get(pk=cohort_id)
        payload = CohortEmailPayload(user_email=email.lower(), **_names(cohort))
        _tell(run, "email_address_preassigned", payload, at, by)


def content_groups(run: Run) -> dict[tuple[int, int], str]:
    """The content groups of a course: (partition, group) with the group's name."""
    found: dict[tuple[int, int], str] = {}
    for partition in content.outline(run.key).course.settings.get("user_partitions") or ():
        if isinstance(partition, Mapping) and partition.get("scheme") == "cohort":
            for group in partition.get("groups") or ():
                found[int(partition["id"]), int(group["id"])] = str(group.get("name") or group["id"])
    return found


def _default(run: Run, at: datetime) -> CohortRow:
    row, is_new = CohortRow.objects.get_or_create(run_id=run.id, name=DEFAULT_NAME, defaults={"automatic": True})
    if is_new:
        _tell_made(run, row, at, None)
    return row


def _row(run: Run, name: str) -> CohortRow:
    row = CohortRow.objects.select_for_update().filter(run_id=run.id, name=name.strip()).first()
    if row is None:
        raise CohortError(_("This course has no cohort “%(name)s”.") % {"name": name})
    return row


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 255:
        raise CohortError(_("The name of a cohort has 1 to 255 characters."))
    return name


def _value(row: CohortRow) -> Cohort:
    return Cohort(row.pk, row.name, row.automatic, row.partition, row.group, row.members.count())


def _announce(run: Run, user_ids: Iterable[int], at: datetime) -> None:
    signals.audience_changed.send(sender=CohortMember, run=run.key, user_ids=tuple(user_ids), at=at)


def _tell_made(run: Run, row: CohortRow, at: datetime, by: int | None) -> None:
    if by is not None:
        _tell(run, "creation_requested", _names(row), at, by)
    _tell(run, "created", _names(row), at, by)


def _tell_placed(
    run: Run, cohort: CohortRow, previous: CohortRow | None, user_id: int, at: datetime, by: int | None
) -> None:
    if by is not None:
        payload = CohortMovePayload(
            user_id=user_id,
            **_names(cohort),
            previous_cohort_id=previous.pk if previous else None,
            previous_cohort_name=previous.name if previous else None,
        )
        _tell(run, "user_add_requested", payload, at, by)
    _tell_member("user_added", run, cohort, user_id, at, by)


def _tell_member(what: str, run: Run, cohort: CohortRow, user_id: int, at: datetime, by: int | None) -> None:
    payload = CohortMemberPayload(user_id=user_id, **_names(cohort))
    _tell(run, what, payload, at, user_id if by is None else by)


def _names(cohort: CohortRow) -> CohortPayload:
    return {"cohort_id": cohort.pk, "cohort_name": cohort.name}


def _tell(run: Run, what: str, event: CohortPayload, at: datetime, by: int | None) -> None:
    events.emit(f"edx.cohort.{what}", event, course_id=run.key, org_id=run.org, user_id=by, at=at)
