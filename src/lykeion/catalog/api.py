"""The door of ``catalog``: runs as offered, who takes them, who may."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import FilteredRelation, Q

from lykeion.accounts import api as accounts
from lykeion.accounts.types import AccountError, Person
from lykeion.catalog import (
    cohorting,
    counting,
    enrolling,
    inviting,
    listing,
    placing,
    rolls,
    rostering,
    signals,
    syncing,
    taking,
)
from lykeion.catalog.models import CourseMode, EnrolmentAllowed
from lykeion.catalog.models import Enrolment as EnrolmentRow
from lykeion.catalog.models import Run as RunRow
from lykeion.catalog.rows import ENROLMENT_COLUMNS, RUN_COLUMNS, TAKING, enrolment_of, run_of
from lykeion.catalog.types import (
    Cohort,
    Enrolled,
    Enrolment,
    EnrolmentRefused,
    Placed,
    Prerequisite,
    Roster,
    RosterLine,
    RosterQuery,
    Run,
    RunPage,
    RunQuery,
    Takers,
)
from lykeion.content import api as content
from lykeion.content.types import ObjectId, Outline, RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, parse_run
from lykeion.core.prepared import Ids, Prepared

cohort_members = inviting.members
cohort_choices = cohorting.choices
cohort_names = inviting.cohort_names
cohort_waiting = inviting.waiting_for
enrolments_among = inviting.enrolments
forget_address = inviting.forget_address
in_cohort = rostering.in_cohort
invitations = inviting.pending
invited_among = inviting.invited
says_cohorted = syncing.says_cohorted
withdraw = inviting.withdraw

_MINE = tuple(f"mine__{column}" for column in ENROLMENT_COLUMNS)
_RUN = Prepared(RunRow, lambda rows, key: rows.filter(key=key).values_list(*RUN_COLUMNS))
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
    rows = _RUN(str(key))
    if not rows:
        raise _missing(key)
    return run_of(rows[0])


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


def roots(run_ids: Collection[int]) -> dict[int, ObjectId]:
    """The published roots that the catalog says what it says by, of these runs; one query."""
    rows = RunRow.objects.filter(pk__in=list(run_ids)).values_list("pk", "root")
    return {run_id: ObjectId(root) for run_id, root in rows}


def runs(person: Person | None, query: RunQuery | None = None) -> RunPage:
    """One page of 20 of the runs ``person`` may see listed (the team of a course sees hidden ones too)."""
    return listing.listing(person, query or RunQuery())


def led(run_keys: Collection[str], orgs: Collection[str], *, limit: int) -> tuple[Run, ...]:
    """The runs with these keys or of these organisations, by title, ``limit`` at most; one query."""
    rows = RunRow.objects.filter(Q(key__in=run_keys) | Q(org__in=orgs)).order_by("sort_title", "id")
    return tuple(run_of(row) for row in rows.values_list(*RUN_COLUMNS)[:limit])


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


def set_schedule_start(user_id: int, run_id: int, start: datetime | None, *, was: datetime | None) -> bool:
    """Lets a learner's relative due dates count from ``start`` (None: from the rule), if they count from ``was`` now;
    whether they did."""
    mine = EnrolmentRow.objects.filter(user_id=user_id, run_id=run_id, schedule_start=was)
    return bool(mine.update(schedule_start=start))


def set_own_dates(user_id: int, run_id: int, own_dates: bool) -> None:
    """Remembers whether a learner has due dates of their own in a run."""
    EnrolmentRow.objects.filter(user_id=user_id, run_id=run_id).update(own_dates=own_dates)


def hold(user_id: int, run_id: int) -> Enrolment | None:
    """An enrolment as it is, under lock until the transaction ends; None when there is none."""
    row = EnrolmentRow.objects.select_for_update().filter(user_id=user_id, run_id=run_id).first()
    return None if row is None else enrolment_of(row)


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
    return EnrolmentRow.objects.filter(run__key=str(run_key), **TAKING).count()


def roll(offered: Run, *, after: int = 0, limit: int = 500) -> tuple[Enrolled, ...]:
    """At most ``limit`` of those who take or took a run, by id, past ``after``. One read, or two with cohorts."""
    return rolls.part(offered, after, limit)


def roll_size(offered: Run) -> int:
    """How many take or took a run. One read over an index."""
    return rolls.count(offered)


def invited(offered: Run, *, limit: int = 500) -> Iterator[tuple[str, ...]]:
    """The addresses that may enrol by an invitation and have not, in order, in parts; one read for each part."""
    return rolls.invited(offered, limit)


def count_invited(offered: Run) -> int:
    """How many addresses :func:`invited` yields. One read."""
    return rolls.count_invited(offered)


def roster(run_id: int, query: RosterQuery, *, among: Sequence[Ids] = (), outside: Ids | None = None) -> Roster:
    """A page of those who take a run now, by user name; of those who are in all of ``among`` and not ``outside`` of
    many. Where each learner has to be asked, at most so many are for one page; the next goes on from there. Two queries
    where nothing narrows it, else one more for each that does."""
    return rostering.roster(run_id, query, among, outside)


def roster_size(run_id: int, query: RosterQuery) -> int:
    """How many are on all pages of :func:`roster`, of nobody in particular; of many as of the last minute. One query
    at most."""
    return counting.size(run_id, query)


def roster_chunk(run_id: int, query: RosterQuery, *, after: int = 0) -> tuple[RosterLine, ...]:
    """At most ``query.limit`` of those who take a run now, by id, past ``after``: for jobs. One query."""
    return rostering.chunk(run_id, query, after)


def learners_named(run_id: int, names: Collection[str]) -> dict[str, int]:
    """The ids of those who take a run now and have these user names, by the name in lower case. One query."""
    return rostering.named(run_id, list(names))


def takers(run_id: int, among: Takers, *, after: int, limit: int) -> list[tuple[int, int]]:
    """Places and user ids of the next ``limit`` who take a run behind the place ``after`` (0: from the first), in the
    order in which they came. One read."""
    return taking.page(run_id, among, after=after, limit=limit)


def tally(run_id: int, among: Takers, apart: Mapping[str, taking.Ids]) -> dict[str, int]:
    """How many of ``among`` are in each of ``apart`` (user ids, as a query or a few of them); who is in
    several counts in the first, who is in none under ''. One read, nobody is fetched."""
    return taking.tally(run_id, among, apart)


def enrolments_in(run_id: int, user_ids: Collection[int]) -> dict[int, Enrolment]:
    """How these people take or took a run, by person; one query."""
    rows = EnrolmentRow.objects.filter(run_id=run_id, user_id__in=list(user_ids))
    return {row[0]: Enrolment(*row) for row in rows.values_list(*ENROLMENT_COLUMNS)}


def learners_after(run_id: int, last: int, limit: int) -> list[int]:
    """The ids of up to ``limit`` people who take a run now, in order, from the one after ``last`` on. For jobs."""
    rows = EnrolmentRow.objects.filter(run_id=run_id, is_active=True, user_id__gt=last).order_by("user_id")
    return list(rows.values_list("user_id", flat=True)[:limit])


def enrolled_by_mode(run_id: int) -> dict[str, int]:
    """How many take a run now, by mode; of a large run as of the last minute. One read over an index at most."""
    return counting.by_mode(run_id)


def modes(offered: Run) -> tuple[tuple[str, datetime | None], ...]:
    """The modes of a run with their upgrade deadlines; ``audit`` alone when it has none of its own."""
    return enrolling.modes_of(offered)


def set_mode(run_key: CourseLocator | str, mode: str, *, expiration: datetime | None = None) -> None:
    """Offers a run in ``mode``; ``expiration`` is the deadline for choosing it, not the end of access."""
    offered = run(run_key)
    with transaction.atomic():
        CourseMode.objects.update_or_create(run_id=offered.id, mode=mode, defaults={"expiration": expiration})
        if offered.gates_graded:  # whether anything is shut depends on the tracks there are
            _announce(offered, now())


def set_limits(
    run_key: CourseLocator | str,
    *,
    at: datetime,
    audit_ends: bool | None = None,
    gates_graded: bool | None = None,
    weeks_to_complete: int | None = None,
) -> Run:
    """What learners who do not pay may not do in a run that also offers a verified track; None: as it was.

    ``audit_ends``: their access ends ``weeks_to_complete`` weeks (at least 4, at most 18) after they enrolled or the
    course began. ``gates_graded``: graded content is shut for them, so all grades are computed anew.
    """
    wanted = {"audit_ends": audit_ends, "gates_graded": gates_graded, "weeks_to_complete": weeks_to_complete}
    columns = {name: value for name, value in wanted.items() if value is not None}
    with transaction.atomic():
        before = run(run_key)
        if columns:
            RunRow.objects.filter(pk=before.id).update(**columns)
        after = run(run_key)
        if after.gates_graded != before.gates_graded:
            _announce(after, at)
    return after


def set_cohorted(run_key: CourseLocator | str, cohorted: bool | None, *, at: datetime) -> Run:
    """Whether learners of a run are in cohorts; None: as the course says. Who is in which is kept."""
    with transaction.atomic():
        before = run(run_key)
        RunRow.objects.filter(pk=before.id).update(team_cohorted=cohorted)
        after = run(run_key)
        if after.cohorted != before.cohorted:
            _announce(after, at)
    return after


def _announce(offered: Run, at: datetime) -> None:
    """Other parts of the run are for its learners now."""
    signals.audience_changed.send(sender=RunRow, run=offered.key, user_ids=None, at=at)


def cohorts(run_key: CourseLocator | str) -> tuple[Cohort, ...]:
    """The cohorts of a run, by name, with how many are in each."""
    return cohorting.cohorts(run(run_key))


def make_cohort(
    run_key: CourseLocator | str, name: str, *, at: datetime, automatic: bool = False, by: int | None = None
) -> Cohort:
    """Makes a cohort; into ``automatic`` ones learners without a cohort are put at random. Raises
    :class:`CohortError` when the name is bad or taken."""
    return cohorting.make(run(run_key), name, automatic=automatic, by=by, at=at)


def rename_cohort(run_key: CourseLocator | str, name: str, new: str) -> Cohort:
    """Gives a cohort another name. Raises :class:`CohortError`."""
    return cohorting.rename(run(run_key), name, new)


def set_cohort_automatic(run_key: CourseLocator | str, name: str, automatic: bool) -> Cohort:
    """Whether learners without a cohort may come into this one by themselves. Raises :class:`CohortError`."""
    return cohorting.set_automatic(run(run_key), name, automatic)


def link_cohort(run_key: CourseLocator | str, name: str, group: tuple[int, int] | None, *, at: datetime) -> Cohort:
    """Puts the members of a cohort into a content group (ids of partition and group) or into none: what they see
    changes at once, their grades are computed anew. Raises :class:`CohortError`."""
    return cohorting.link(run(run_key), name, group, at=at)


def delete_cohort(run_key: CourseLocator | str, name: str) -> None:
    """Removes a cohort with nobody in it. Raises :class:`CohortError`."""
    cohorting.delete(run(run_key), name)


def add_to_cohort(
    run_key: CourseLocator | str, name: str, entries: Iterable[str], *, at: datetime, by: int | None = None
) -> tuple[Placed, ...]:
    """Puts people, by user name or e-mail address, into a cohort and out of the one they were in; what became of each.

    Addresses that nobody here proved to own are remembered: whoever does is put into the cohort then. Raises
    :class:`CohortError` when there is no such cohort.
    """
    return placing.place_all(run(run_key), name, entries, by=by, at=at)


def import_cohorts(
    run_key: CourseLocator | str, text: str, *, at: datetime, by: int | None = None
) -> tuple[Placed, ...]:
    """Places the people of a CSV file with the columns ``username``, ``email`` (either or both; the name goes first)
    and ``cohort``; what became of each line. Raises :class:`CohortError` when the first line is something else."""
    return placing.place_file(run(run_key), text, by=by, at=at)


def remove_from_cohort(run_key: CourseLocator | str, user_id: int, *, at: datetime, by: int | None = None) -> bool:
    """Takes a person out of their cohort; whether they were in one."""
    return cohorting.remove(run(run_key), user_id, by=by, at=at)


def cohort_of(offered: Run, user_id: int) -> Cohort | None:
    """The cohort of a person in a run whose learners are in cohorts; one query, none for other runs."""
    return cohorting.cohort_of(user_id, offered) if offered.cohorted else None


def assigned_cohort(offered: Run, user_id: int, *, at: datetime) -> Cohort:
    """The cohort of a learner who may have none yet: then they are put into an automatic one, at random."""
    return cohorting.assign(offered, user_id, at=at)


def content_groups(offered: Run) -> dict[tuple[int, int], str]:
    """The content groups of a course: ids of partition and group, with the group's name."""
    return cohorting.content_groups(offered)


def allow(email: str, run_key: CourseLocator | str, *, at: datetime, auto_enroll: bool = False, mode: str = "") -> None:
    """Invites whoever owns ``email``. ``auto_enroll``: they are enrolled as soon as the address is confirmed, in
    ``mode`` ('' for the free one)."""
    inviting.invite(email, run(run_key).id, at=at, auto_enroll=auto_enroll, mode=mode)
    person = accounts.find_person(email)
    if auto_enroll and person is not None:
        inviting.enrol_invited(person, email, at=at)


def enrol_invited(person: Person, email: str, *, at: datetime) -> None:
    """Enrols ``person`` wherever ``email``, which they own, was invited with ``auto_enroll``."""
    inviting.enrol_invited(person, email, at=at)


def place(offered: Run, cohort: Cohort, entry: str, *, at: datetime, by: int | None = None) -> Placed:
    """Puts one person, by user name or e-mail address, into a cohort; see :func:`add_to_cohort`."""
    return placing.place(offered, cohort, entry, by=by, at=at)


def place_person(offered: Run, cohort: Cohort, user_id: int, *, at: datetime, by: int | None = None) -> None:
    """Puts a person into a cohort and out of the one they were in."""
    cohorting.place(offered, cohort.id, user_id, by=by, at=at)


def forget_person(user_id: int, email: str, *, at: datetime) -> None:
    """After an account was deleted: ends its enrolments and removes invitations of its address."""
    EnrolmentAllowed.objects.filter(Q(email=email.lower()) | Q(used_by_id=user_id)).delete()
    cohorting.forget(user_id, email)
    for offered, _enrolment in enrolments_of(user_id):
        enrolling.unenrol(user_id, offered, at=at, by=user_id)
    EnrolmentRow.objects.filter(user_id=user_id).update(name_key="")


def _person(user_id: int) -> Person:
    found = accounts.people([user_id]).get(user_id)
    if found is None:
        raise AccountError(f"There is no person with the id {user_id}.")
    return found


def _missing(key: CourseLocator | str) -> RunMissing:
    return RunMissing(f"There is no course {parse_run(str(key))} here.")
