"""Long work on a course that somebody asked for: its order, how far it is, and the report that stays.

The order and its row commit together. The job's function finds the row, does the work and keeps its report; a worker
that is killed makes another one repeat it, and one whose report is there does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.authoring.models import Errand
from lykeion.authoring.types import Author, AuthoringError
from lykeion.content.types import ContentError
from lykeion.core import parcels
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.types import JobError, State

Json = dict[str, Any]
Phase = Literal["waiting", "running", "done", "refused", "failed"]
KEPT: Final = timedelta(days=7)  # archives to be fetched
_PHASES: Final[dict[State, Phase]] = {
    State.WAITING: "waiting",
    State.RUNNING: "running",
    State.DONE: "done",
    State.FAILED: "failed",
}


_LOOKED_AT: Final = 5  # the newest errands, when somebody orders once more


@dataclass(frozen=True, slots=True)
class Shown:
    """An errand as pages show it. ``stage`` names what it does now, ``done`` of ``total`` how far that is; ``report``
    is there when ``phase`` is done, ``refused`` says in words why nothing was done."""

    id: int
    kind: str
    username: str
    at: datetime
    phase: Phase
    stage: str
    done: int
    total: int
    payload: Mapping[str, Any]
    report: Mapping[str, Any]
    refused: str
    file: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.phase in ("done", "refused", "failed")


def order(author: Author, kind: str, payload: Json, *, at: datetime) -> int:
    """Orders the job ``authoring.KIND`` for the author's course; the number of the errand. Ordered again before it is
    over, the same errand is meant."""
    mine = Errand.objects.filter(run=str(author.run), kind=kind, username=author.person.username).order_by("-pk")
    for row in mine[:_LOOKED_AT]:
        if row.payload.items() >= payload.items() and not _shown(row).is_over:
            return int(row.pk)
    with transaction.atomic():
        named = {"username": author.person.username, "payload": payload, "at": at}
        row = Errand.objects.create(run=str(author.run), kind=kind, **named)
        row.job = jobs.enqueue(f"authoring.{kind}", {"errand": row.pk})
        row.save(update_fields=["job"])
    return int(row.pk)


def shown(author: Author, number: int, kind: str) -> Shown:
    """One errand of the author's course. Raises :class:`ContentError` when there is none of that number and kind."""
    row = Errand.objects.filter(pk=number, run=str(author.run), kind=kind).first()
    if row is None:
        raise ContentError(_("That is not known any more."))
    return _shown(row)


def latest(author: Author, kind: str, *, limit: int = 10) -> list[Shown]:
    """The newest errands of one kind in the author's course, newest first."""
    rows = Errand.objects.filter(run=str(author.run), kind=kind).order_by("-id")[:limit]
    return [_shown(row) for row in rows]


def carry_out(payload: Any, running: jobs.Running, work: Callable[[Errand, jobs.Running], Json]) -> None:
    """Does what a job was ordered for and keeps its report; what is refused for a reason is a report, too."""
    row = Errand.objects.filter(pk=payload["errand"]).first()
    if row is None or row.report is not None:
        return
    try:
        report = work(row, running)
    except (ContentError, AuthoringError) as error:
        report = {"refused": str(error)}
    Errand.objects.filter(pk=row.pk).update(report=report, finished=now(), file=row.file)


def drop_files(at: datetime) -> int:
    """Removes archives that were made a week ago; how many."""
    old = list(Errand.objects.filter(at__lt=at - KEPT).exclude(file=""))
    parcels.drop([row.file for row in old])
    Errand.objects.filter(pk__in=[row.pk for row in old]).update(file="")
    return len(old)


def some_files_left() -> bool:
    """Whether archives wait to be fetched."""
    return Errand.objects.exclude(file="").exists()


def _shown(row: Errand) -> Shown:
    report = row.report or {}
    refused = str(report.get("refused", ""))
    phase: Phase = "refused" if refused else "done" if row.report is not None else "waiting"
    stage, done, total = "", 0, 0
    if row.report is None and row.job is not None:
        phase, stage, done, total = _progress(row.job)
    told = (row.payload, report, refused, row.file)
    return Shown(row.pk, row.kind, row.username, row.at, phase, stage, done, total, *told)


def _progress(job: int) -> tuple[Phase, str, int, int]:
    try:
        status = jobs.status(job)
    except JobError:  # forgotten before it wrote a report
        return "failed", "", 0, 0
    phase = _PHASES[status.state]
    return ("running" if phase == "done" else phase), status.message, status.done, status.total
