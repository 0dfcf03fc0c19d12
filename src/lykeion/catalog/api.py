"""The door of ``catalog``: runs as offered, who takes them, who may."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import FilteredRelation, Q

from lykeion.accounts import api as accounts
from lykeion.accounts.types import AccountError, Person
from lykeion.catalog import enrolling, listing, syncing
from lykeion.catalog.models import CourseMode, EnrolmentAllowed
from lykeion.catalog.models import Enrolment as EnrolmentRow
from lykeion.catalog.models import Run as RunRow
from lykeion.catalog.rows import ENROLMENT_COLUMNS, RUN_COLUMNS, run_of
from lykeion.catalog.types import Enrolment, EnrolmentRefused, Prerequisite, Run, RunPage, RunQuery
from lykeion.content import api as content
from lykeion.content.types import Outline, RunMissing
from lykeion.core.keys import CourseLocator, parse_run
from lykeion.core.prepared import Prepared

_MINE = tuple(f"mine__{column}" for column in ENROLMENT_COLUMNS)
_WITH_MINE = Prepared(
    RunRow,
    lambda rows, key, user: (
        rows.filter(key=key)
        .annotate(mine=FilteredRelation("enrolments", condition=Q(enrolments__user_id=user)))
        .values_list(*RUN_COLUMNS, *_MINE)
    ),
)


def run(key: CourseLocator | str) -> Run:
    """The run with this key; one query. Raises :class:`RunMissing` when it is not offered."""
    row = RunRow.objects.filter(key=str(key)).values_list(*RUN_COLUMNS).first()
    if row is None:
        raise _missing(key)
    return run_of(row)


def keys(run_ids: Collection[int]) -> dict[int, CourseLocator]:
    """The keys of runs by id. One read for every 500."""
    wanted = list(run_ids)
    parts = [wanted[start : start + 500] for start in range(0, len(wanted), 500)]
    rows = (row for part in parts for row in RunRow.objects.filter(pk__in=part).values_list("pk", "key"))
    return {run_id: parse_run(key) for run_id, key in rows}


def run_and_enrolment(key: CourseLocator | str, user_id: int | None) -> tuple[Run, Enrolment | None]:
    """A run, and how ``user_id`` takes or took it; ONE query. Raises :class:`RunMissing` when it is not offered."""
    if user_id is None:
        return run(key), None
    rows = _WITH_MINE(str(key), user_id)
    if not rows:
        raise _missing(key)
    row = rows[0]
    found, enrolment = row[: len(RUN_COLUMNS)], row[len(RUN_COLUMNS) :]
    return run_of(found), None if enrolment[0] is None else Enrolment(*enrolment)


def runs(person: Person | None, query: RunQuery | None = None) -> RunPage:
    """One page of 20 of the runs ``person`` may see listed (the team of a course sees hidden ones too)."""
    return listing.listing(person, query or RunQuery())


def is_shown(person: Person | None, offered: Run) -> bool:
    """Whether the about page of a run is there for ``person``: always, unless ``catalog_visibility`` is ``none``.

    A hidden run is there for its team, and for those whom the team invited.
    """
    if offered.catalog_visibility != "none":
        return True
    if person is None:
        return False
    if person.is_staff or listing.is_team(accounts.roles(person.id, offered.org, offered.key)):
        return True
    return enrolling.is_invited(person, offered)


def prerequisites(offered: Run) -> tuple[Prerequisite, ...]:
    """The runs to pass before ``offered`` opens, with their titles; at most one query."""
    if not offered.prerequisites:
        return ()
    titles = dict(RunRow.objects.filter(key__in=offered.prerequisites).values_list("key", "title"))
    return tuple(Prerequisite(key, titles.get(key, key), key in titles) for key in offered.prerequisites)


def sync_run(outline: Outline) -> None:
    """Makes the catalog say what this published root says (new runs appear). Enrolments and modes stay."""
    syncing.sync(outline)


def catch_up() -> list[CourseLocator]:
    """Syncs the runs that were published while nobody listened; returns them. Costs two reads when there are none."""
    roots = dict(RunRow.objects.values_list("key", "root"))
    behind = [key for key, root in content.heads("published").items() if roots.get(str(key)) != str(root)]
    for key in behind:
        syncing.sync_to_head(key)
    return behind


def can_enrol(person: Person | None, offered: Run, *, at: datetime) -> None:
    """Raises :class:`EnrolmentRefused` with the reason in words when ``person`` may not enrol by themselves."""
    enrolling.check(person, offered, at=at)


def closed(offered: Run, *, at: datetime) -> EnrolmentRefused | None:
    """Why the run takes nobody without an invitation at ``at``, for pages; None when it does."""
    return enrolling.closed(offered, at)


def enrol(
    user_id: int, run_key: CourseLocator | str, *, at: datetime, mode: str | None = None, by: int | None = None
) -> Enrolment:
    """Enrols a person; what they did before is there again. Already enrolled: changes nothing (but the mode, if given).

    ``by`` is the id of the staff member who does it for them: then the rules for learners do not apply. ``mode``
    None: the one they had, else the free one. Raises :class:`EnrolmentRefused`, :class:`RunMissing`,
    :class:`AccountError` when there is no such person.
    """
    return enrolling.enrol(_person(user_id), run(run_key), mode=mode, at=at, by=by)


def unenrol(user_id: int, run_key: CourseLocator | str, *, at: datetime, by: int | None = None) -> Enrolment | None:
    """Ends an enrolment; state and grades stay. None when the person never took the run."""
    return enrolling.unenrol(user_id, run(run_key), at=at, by=by)


def enrolments_of(user_id: int, *, active: bool = True) -> list[tuple[Run, Enrolment]]:
    """What a person takes (``active`` off: also what they left), newest first; one query."""
    rows = EnrolmentRow.objects.filter(user_id=user_id, **({"is_active": True} if active else {}))
    columns = [*(f"run__{column}" for column in RUN_COLUMNS), *ENROLMENT_COLUMNS]
    width = len(RUN_COLUMNS)
    found = rows.order_by("-created", "-id").values_list(*columns)
    return [(run_of(row[:width]), Enrolment(*row[width:])) for row in found]


def taken(user_id: int, run_ids: list[int]) -> frozenset[int]:
    """Those of ``run_ids`` that a person takes; one query."""
    rows = EnrolmentRow.objects.filter(user_id=user_id, is_active=True, run_id__in=run_ids)
    return frozenset(rows.values_list("run_id", flat=True))


def learners(run_key: CourseLocator | str) -> int:
    """How many take a run now."""
    return EnrolmentRow.objects.filter(run__key=str(run_key), is_active=True).count()


def modes(offered: Run) -> tuple[tuple[str, datetime | None], ...]:
    """The modes of a run with their upgrade deadlines; ``audit`` alone when it has none of its own."""
    return enrolling.modes_of(offered)


def set_mode(run_key: CourseLocator | str, mode: str, *, expiration: datetime | None = None) -> None:
    """Offers a run in ``mode``; ``expiration`` is the deadline for choosing it, not the end of access."""
    CourseMode.objects.update_or_create(run_id=run(run_key).id, mode=mode, defaults={"expiration": expiration})


def allow(email: str, run_key: CourseLocator | str, *, at: datetime, auto_enroll: bool = False) -> None:
    """Invites whoever owns ``email``. ``auto_enroll``: they are enrolled as soon as the address is confirmed."""
    offered = run(run_key)
    EnrolmentAllowed.objects.update_or_create(
        email=email.strip().lower(),
        run_id=offered.id,
        defaults={"auto_enroll": auto_enroll},
        create_defaults={"auto_enroll": auto_enroll, "created": at},
    )
    person = accounts.find_person(email)
    if auto_enroll and person is not None:
        enrol_invited(person, email, at=at)


def enrol_invited(person: Person, email: str, *, at: datetime) -> None:
    """Enrols ``person`` wherever ``email``, which they own, was invited with ``auto_enroll``."""
    if not accounts.has_confirmed(person.id, email):
        return
    waiting = EnrolmentAllowed.objects.filter(email=email.lower(), auto_enroll=True, used_by=None)
    for row in waiting.values_list(*(f"run__{column}" for column in RUN_COLUMNS)):
        enrolling.enrol(person, run_of(row), mode=None, at=at, by=None, checked=True)


def forget_person(user_id: int, email: str, *, at: datetime) -> None:
    """After an account was deleted: ends its enrolments and removes invitations of its address."""
    EnrolmentAllowed.objects.filter(Q(email=email.lower()) | Q(used_by_id=user_id)).delete()
    for offered, _enrolment in enrolments_of(user_id):
        enrolling.unenrol(user_id, offered, at=at, by=user_id)


def _person(user_id: int) -> Person:
    found = accounts.people([user_id]).get(user_id)
    if found is None:
        raise AccountError(f"There is no person with the id {user_id}.")
    return found


def _missing(key: CourseLocator | str) -> RunMissing:
    return RunMissing(f"There is no course {parse_run(str(key))} here.")
