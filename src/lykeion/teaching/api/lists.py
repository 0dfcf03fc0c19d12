"""Lists of people to whom the team does one thing: looked at first, done, reported line by line, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.types import JobError, State
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.models import PeopleLine, PeopleList
from lykeion.teaching.people import lists, reading
from lykeion.teaching.people.kinds import BAD_PLANS
from lykeion.teaching.types import LineOfPeople, ListOfPeople, NotAllowed, Teacher, TeachingError

__all__ = ["AT_ONCE", "BAD_PLANS", "PAGE", "WORK", "columns", "discard", "done_at_once", "every_line", "from_file",
           "from_names", "go", "go_on", "latest", "lines", "the_list", "undo", "work_on"]  # fmt: skip

PAGE: Final = 50
AT_ONCE: Final = 50
"""So many lines are done while the teacher waits; longer lists go to a job."""
LOOKED_AT_ONCE: Final = 1_000
"""So many lines are looked at while the teacher waits, which takes a tenth of a second; longer lists by a job."""
UNDER_WAY: Final = ("looking", "ordered", "undoing")
WORK: Final = "teaching.list"


def columns(kind: str) -> tuple[str, ...]:
    """The columns that a CSV file for this kind may have."""
    return lists.KINDS[kind].columns


def from_names(teacher: Teacher, kind: str, text: str, options: dict[str, Any], *, at: datetime) -> int:
    """Makes a list of user names and addresses typed into a box, with what would become of each; its number. Nothing
    is done yet. Raises :class:`FieldError`."""
    return _draft(teacher, kind, reading.names(text), options, at)


def from_file(teacher: Teacher, kind: str, raw: bytes, options: dict[str, Any], *, at: datetime) -> int:
    """The same of a CSV file (:func:`columns`). Raises :class:`FieldError` with what is wrong with it."""
    wanted = lists.KINDS[kind]
    return _draft(teacher, kind, reading.file(raw, wanted.columns, wanted.needed), options, at)


def the_list(teacher: Teacher, number: int) -> ListOfPeople:
    """A list of the teacher's course. Raises :class:`TeachingError` when there is none, :class:`NotAllowed` when the
    teacher may not do such a thing."""
    return _shown(_row(teacher, number))


def latest(teacher: Teacher, *kinds: str, limit: int = 10) -> list[ListOfPeople]:
    """The newest lists of these kinds on which somebody worked, newest first."""
    rows = PeopleList.objects.filter(run_id=teacher.run.id, kind__in=kinds).exclude(phase__in=("looking", "draft"))
    found = list(rows.order_by("-id")[:limit])
    people = accounts.people({row.by_id for row in found})
    return [ListOfPeople(row.pk, row.kind, people.get(row.by_id), row.at, row.options, row.size, row.phase, row.refused,
                         row.size, {}, False) for row in found]  # fmt: skip


def lines(
    teacher: Teacher, number: int, *, code: str = "", after: int = 0, limit: int = PAGE
) -> tuple[list[LineOfPeople], bool]:
    """A page of the lines of a list past the id ``after``, of those with the plan or outcome ``code``; and whether
    there are more. Three reads."""
    row = _row(teacher, number)
    found = list(_some(row, code).filter(pk__gt=after).order_by("pk")[: limit + 1])
    return _values(row, found[:limit]), len(found) > limit


def every_line(teacher: Teacher, number: int) -> Iterator[LineOfPeople]:
    """All lines of a list, for a file; in pages, so it takes no memory."""
    row, after = _row(teacher, number), 0
    while found := list(PeopleLine.objects.filter(people=row, pk__gt=after).order_by("pk")[:500]):
        yield from _values(row, found)
        after = found[-1].pk


def go(teacher: Teacher, number: int, *, at: datetime) -> ListOfPeople:
    """Does a list: short ones now, long ones by a job. Doing it twice changes nothing. Writes it into the audit log."""
    return _order(teacher, number, ("draft",), "ordered", "list_done", at)


def undo(teacher: Teacher, number: int, *, at: datetime) -> ListOfPeople:
    """Takes back what a list did, where that can be. Raises :class:`TeachingError` where it cannot."""
    if not the_list(teacher, number).can_undo:
        raise TeachingError(_("What this list did cannot be taken back, or was already."))
    return _order(teacher, number, ("done",), "undoing", "list_undone", at)


def go_on(teacher: Teacher, number: int, *, at: datetime) -> ListOfPeople:
    """Orders the rest of a list whose work stopped (``phase`` stopped); other lists stay as they are."""
    row = _row(teacher, number)
    if _phase(row) == "stopped":
        with transaction.atomic():
            PeopleList.objects.filter(pk=row.pk).update(by_id=teacher.person.id)
            deeds.record(teacher, "list_continued", details={"kind": row.kind, "list": number}, at=at)
            _send_to_job(teacher, row)
    return _shown(_row(teacher, number))


def discard(teacher: Teacher, number: int) -> None:
    """Forgets a list that nobody wants to do."""
    _row(teacher, number)
    PeopleList.objects.filter(pk=number, run_id=teacher.run.id, phase="draft").delete()


def done_at_once(teacher: Teacher, kind: str, entry: str, options: dict[str, Any], *, at: datetime) -> ListOfPeople:
    """One person, without looking first: where something is wrong nothing is done, and the list says what."""
    number = from_names(teacher, kind, entry, options, at=at)
    if BAD_PLANS & set(the_list(teacher, number).counts):
        return the_list(teacher, number)
    return go(teacher, number, at=at)


def work_on(number: int, running: jobs.Running | None = None) -> None:
    """The work of the job: as the person who ordered it, if they still may."""
    row = PeopleList.objects.filter(pk=number, phase__in=UNDER_WAY).first()
    if row is None:
        return
    try:
        teacher = _teacher_of(row)
        courses.require(teacher, lists.KINDS[row.kind].needs)
    except NotAllowed as error:
        PeopleList.objects.filter(pk=row.pk).update(phase="refused", refused=str(error)[:500], finished=now())
        return
    work = {"looking": lists.look, "ordered": lists.do, "undoing": lists.undo}[row.phase]
    work(teacher, row, at=now(), running=running)


def _draft(teacher: Teacher, kind: str, typed: Sequence[reading.Typed], options: dict[str, Any], at: datetime) -> int:
    wanted = lists.KINDS[kind]
    courses.require(teacher, wanted.needs)
    with transaction.atomic():
        row = lists.write(teacher, wanted, typed, options, at=at)
        if row.size > LOOKED_AT_ONCE:
            _send_to_job(teacher, row)
        else:
            lists.look(teacher, row, at=at)
    return int(row.pk)


def _order(teacher: Teacher, number: int, was: tuple[str, ...], phase: str, deed: str, at: datetime) -> ListOfPeople:
    row = _row(teacher, number)
    with transaction.atomic():
        mine = PeopleList.objects.filter(pk=row.pk, phase__in=was).update(phase=phase, by_id=teacher.person.id)
        if not mine:  # somebody was first
            return _shown(_row(teacher, number))
        deeds.record(teacher, deed, details={"kind": row.kind, "list": number, "lines": row.size}, at=at)
        if row.size > AT_ONCE:
            _send_to_job(teacher, row)
    if row.size <= AT_ONCE:
        work_on(row.pk)
    return _shown(_row(teacher, number))


def _send_to_job(teacher: Teacher, row: PeopleList) -> None:
    job = jobs.enqueue(WORK, {"list": row.pk}, by=teacher.person.id, about=str(teacher.run.key))
    PeopleList.objects.filter(pk=row.pk).update(job=job)


def _phase(row: PeopleList) -> str:
    """As the row says, or ``stopped``: nobody works on it any more, though it is not finished."""
    if row.phase not in UNDER_WAY:
        return str(row.phase)
    try:
        state = jobs.status(row.job).state if row.job else State.FAILED
    except JobError:  # forgotten, long ago
        state = State.FAILED
    return str(row.phase) if state in (State.WAITING, State.RUNNING) else "stopped"


def _row(teacher: Teacher, number: int) -> PeopleList:
    row = PeopleList.objects.filter(pk=number, run_id=teacher.run.id).first()
    if row is None:
        raise TeachingError(_("This list is not there any more. Make it again."))
    courses.require(teacher, lists.KINDS[row.kind].needs)
    return row


def _shown(row: PeopleList) -> ListOfPeople:
    counts = _counts(row)
    undoable = lists.KINDS[row.kind].undoable
    left = sum(counts.get(outcome, 0) for outcome in undoable)
    by = accounts.people([row.by_id]).get(row.by_id)
    done = left if row.phase == "undoing" else sum((counts if row.phase == "looking" else _outcomes(row)).values())
    can_undo = row.phase == "done" and bool(left)
    phase = _phase(row)
    return ListOfPeople(row.pk, row.kind, by, row.at, row.options, row.size, phase, row.refused, done, counts, can_undo)


def _counts(row: PeopleList) -> dict[str, int]:
    """Lines by what is to become of them, or what became of them; those that were passed over by their plan."""
    if row.phase in ("looking", "draft"):
        rows = PeopleLine.objects.filter(people=row).exclude(plan="").values_list("plan")
        return dict(rows.annotate(count=Count("pk")).order_by("plan"))
    skipped = PeopleLine.objects.filter(people=row, outcome="", plan__in=BAD_PLANS).values_list("plan")
    counts = _outcomes(row)
    for plan, count in skipped.annotate(count=Count("pk")).order_by("plan"):
        counts[plan] = counts.get(plan, 0) + count
    return counts


def _outcomes(row: PeopleList) -> dict[str, int]:
    rows = PeopleLine.objects.filter(people=row).exclude(outcome="").values_list("outcome")
    return dict(rows.annotate(count=Count("pk")).order_by("outcome"))


def _some(row: PeopleList, code: str) -> Any:
    rows = PeopleLine.objects.filter(people=row)
    if row.phase == "looking":
        rows = rows.exclude(plan="")
    if code == "wrong":
        return rows.filter(plan__in=BAD_PLANS, outcome="")
    if not code:
        return rows
    if row.phase in ("looking", "draft"):
        return rows.filter(plan=code)
    passed_over = Q(outcome="", plan=code) if code in BAD_PLANS else Q()
    return rows.filter(Q(outcome=code) | passed_over) if passed_over else rows.filter(outcome=code)


def _values(row: PeopleList, found: Sequence[PeopleLine]) -> list[LineOfPeople]:
    people = accounts.people({line.user_id for line in found if line.user_id})
    names = {number: person.username for number, person in people.items()}
    return [
        LineOfPeople(
            line.pk,
            line.number,
            line.entry,
            {**line.details, **({"was": line.before["cohort"]} if line.before.get("cohort") else {})},
            names.get(line.user_id or 0, ""),
            line.outcome or line.plan,
            line.note,
        )
        for line in found
    ]


def _teacher_of(row: PeopleList) -> Teacher:
    person = accounts.people([row.by_id]).get(row.by_id)
    if person is None or not person.is_active:
        raise NotAllowed(_("The account of whoever ordered this is gone."))
    return courses.enter(person, catalog.keys([row.run_id])[row.run_id])
