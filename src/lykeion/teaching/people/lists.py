"""Making a list, and working on it in chunks: what a job repeats, it finds done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from lykeion.accounts.types import AccountError
from lykeion.catalog import api as catalog
from lykeion.catalog.types import CohortError, EnrolmentRefused
from lykeion.core.upsert import upsert
from lykeion.jobs.api import Running
from lykeion.teaching.models import PeopleLine, PeopleList
from lykeion.teaching.people import beta, cohort, enrol, register, unenrol
from lykeion.teaching.people.kinds import BAD_PLANS, Done, Kind, Work
from lykeion.teaching.people.reading import Typed
from lykeion.teaching.types import Teacher, TeachingError

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind for kind in (enrol.KIND, unenrol.KIND, beta.KIND, cohort.KIND, register.KIND)
}
DRAFTS_KEPT: Final = timedelta(days=1)
_AT_ONCE: Final = 500  # lines whose people are looked up together
_CHUNK: Final = 20  # lines of one transaction: others want to write, too
_LONGEST_NOTE: Final = 500
_REFUSALS: Final = (AccountError, CohortError, EnrolmentRefused, TeachingError)


def write(teacher: Teacher, kind: Kind, typed: Sequence[Typed], options: dict[str, Any], *, at: datetime) -> PeopleList:
    """Writes a list, which nobody has looked at yet (:func:`look`). Old drafts of the course go."""
    old = PeopleList.objects.filter(run_id=teacher.run.id, phase__in=("looking", "draft"), at__lt=at - DRAFTS_KEPT)
    old.delete()
    row = PeopleList.objects.create(
        run_id=teacher.run.id,
        kind=kind.name,
        by_id=teacher.person.id,
        at=at,
        options=options,
        size=len(typed),
        phase="looking",
    )
    PeopleLine.objects.bulk_create((_line(row, one) for one in typed), batch_size=_AT_ONCE)
    return row


def look(teacher: Teacher, row: PeopleList, *, at: datetime, running: Running | None = None) -> None:
    """Says of each line what would become of it, of those of which nobody did, with progress for those who wait."""
    kind, work = KINDS[row.kind], working(teacher, row, at)
    looked_at = PeopleLine.objects.filter(people=row).exclude(plan="").values_list("user_id", "entry")
    seen: set[int | str] = {user_id or entry.lower() for user_id, entry in looked_at}
    done = len(looked_at)
    rest, last = PeopleLine.objects.filter(people=row, plan="").order_by("pk"), 0
    while lines := list(rest.filter(pk__gt=last)[:_AT_ONCE]):
        kind.find(lines)
        kind.plan(work, lines)
        _mark_twice(lines, seen)
        upsert(lines, ["user_id", "plan"])
        last, done = lines[-1].pk, done + len(lines)
        _tell(running, done, row.size)
    PeopleList.objects.filter(pk=row.pk, phase="looking").update(phase="draft")


def working(teacher: Teacher, row: PeopleList, at: datetime) -> Work:
    """What the lines of ``row`` have in common."""
    work = Work(teacher, row.pk, row.options, at)
    work.tracks = frozenset(mode for mode, _until in catalog.modes(teacher.run))
    if row.kind == cohort.KIND.name:
        work.cohorts = {one.name: one for one in catalog.cohorts(teacher.run.key)}
    return work


def do(teacher: Teacher, row: PeopleList, *, at: datetime, running: Running | None = None) -> None:
    """Does what is still to be done of a list, with progress for those who wait."""
    kind, work, last = KINDS[row.kind], working(teacher, row, at), 0
    good = PeopleLine.objects.filter(people=row, outcome="").exclude(plan__in=BAD_PLANS)
    done = PeopleLine.objects.filter(people=row).exclude(outcome="").count()
    while ids := list(good.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        with transaction.atomic():
            lines = list(_held(ids, outcome=""))
            kind.find(lines)
            for line in lines:
                _do(kind, work, line)
        last, done = ids[-1], done + len(ids)
        _tell(running, done, row.size)
    PeopleList.objects.filter(pk=row.pk).update(phase="done", finished=at)


def undo(teacher: Teacher, row: PeopleList, *, at: datetime, running: Running | None = None) -> None:
    """Takes back what was done, line by line."""
    kind, work, last, done = KINDS[row.kind], working(teacher, row, at), 0, 0
    if kind.undo is None:
        raise LookupError(f"What lists of the kind {kind.name} do cannot be taken back.")
    undoable = PeopleLine.objects.filter(people=row, outcome__in=kind.undoable)
    total = undoable.count()
    while ids := list(undoable.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        with transaction.atomic():
            for line in _held(ids, outcome__in=kind.undoable):
                _undo(kind.undo, work, line)
        last, done = ids[-1], done + len(ids)
        _tell(running, done, total)
    PeopleList.objects.filter(pk=row.pk).update(phase="undone", finished=at)


def _do(kind: Kind, work: Work, line: PeopleLine) -> None:
    """Does one line whole, or not at all with the reason kept."""
    whose = line.user_id
    try:
        with transaction.atomic():
            found = kind.do(work, line)
    except _REFUSALS as error:
        found, line.user_id = Done("refused", note=str(error)), whose
    line.outcome, line.before, line.note = found.outcome, found.before, found.note[:_LONGEST_NOTE]
    line.save(update_fields=["outcome", "before", "note", "user_id"])


def _undo(undo_one: Callable[[Work, PeopleLine], None], work: Work, line: PeopleLine) -> None:
    try:
        with transaction.atomic():
            undo_one(work, line)
        line.outcome, line.note = "undone", ""
    except _REFUSALS as error:
        line.outcome, line.note = "not_undone", str(error)[:_LONGEST_NOTE]
    line.save(update_fields=["outcome", "note"])


def _line(row: PeopleList, one: Typed) -> PeopleLine:
    return PeopleLine(people=row, number=one.number, entry=one.entry, details=one.details)


def _held(ids: list[int], **state: Any) -> Iterable[PeopleLine]:
    """The lines under lock, if nobody else worked on them meanwhile."""
    return PeopleLine.objects.select_for_update().filter(pk__in=ids, **state).order_by("pk")


def _mark_twice(lines: Iterable[PeopleLine], seen: set[int | str]) -> None:
    for line in lines:
        key = line.user_id or line.entry.lower()
        if key in seen and line.plan not in BAD_PLANS:
            line.plan = "twice"
        seen.add(key)


def _tell(running: Running | None, done: int, total: int) -> None:
    if running is not None:
        running.progress(done, total)
