"""Reports: ordered, made in the background, listed, fetched. Only for those who have Capability.REPORTS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.content import api as content
from lykeion.events import api as events
from lykeion.events.types import ReportFilePayload, ReportPayload
from lykeion.jobs import api as jobs
from lykeion.jobs.types import JobError, State
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.models import Report
from lykeion.teaching.reports import keeping
from lykeion.teaching.reports.kinds import GROUPS, KINDS
from lykeion.teaching.reports.making import UNFINISHED
from lykeion.teaching.reports.types import Kind
from lykeion.teaching.reports.writing import ARCHIVE, FORMATS, MEDIA
from lykeion.teaching.types import Capability, FieldError, ReportLine, ReportState, Teacher, TeachingError

__all__ = ["FORMATS", "GROUPS", "PAGE", "Part", "cancel", "fetch", "kinds", "kinds_by_name", "latest", "order", "parts"]

MAKE, SWEEP = "teaching.make_report", "teaching.sweep_reports"
PAGE: Final = 50
_SILENT: Final = timedelta(minutes=5)
_MOST: Final = 10
"""Reports of one course that may be under way at once."""

_PARTS_DEPTH: Final = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the course to choose: its ref, title and depth (course 0, section 1, subsection 2, unit 3)."""

    ref: str
    title: str
    depth: int


def kinds() -> tuple[Kind, ...]:
    """What reports there are on this site, in the order of their page."""
    return tuple(one for one in KINDS.values() if one.there())


def kinds_by_name() -> dict[str, Kind]:
    """All kinds there may be, by name: also of reports that were made when a package was still there."""
    return dict(KINDS)


def parts(teacher: Teacher) -> tuple[Part, ...]:
    """What problem responses can be asked about: the course, its sections, subsections, units, and blocks in them that
    are scored."""
    outline = content.outline(teacher.run.key)
    shown = (one for one in outline.blocks if one.depth <= _PARTS_DEPTH or one.facts.has_score)
    return tuple(Part(one.ref, one.title, one.depth) for one in shown)


def order(teacher: Teacher, kind: str, form: str, refs: Iterable[str] = (), *, at: datetime) -> int:
    """Orders a report as a file of the format ``form``; its id. The same one that is still under way is not made twice.

    Raises :class:`FieldError` for what there is not, :class:`TeachingError` when too many are under way.
    """
    courses.require(teacher, Capability.REPORTS)
    wanted, found = tuple(dict.fromkeys(refs)), KINDS.get(kind)
    if found is None or not found.there():
        raise FieldError(_("There is no such report."), "kind")
    if form not in ((ARCHIVE,) if found.archive else FORMATS):
        words = _("This report is a ZIP file.") if found.archive else _("Choose CSV, XLSX or Parquet.")
        raise FieldError(words, "format")
    if found.chooses and not wanted:
        raise FieldError(_("Choose at least one part of the course."), "refs")
    refs_kept = list(wanted) if found.chooses else []
    with transaction.atomic():
        under_way = list(Report.objects.filter(run_id=teacher.run.id, state__in=UNFINISHED))
        same = [one for one in under_way if (one.kind, one.format, one.asked) == (kind, form, refs_kept)]
        if same:
            return int(same[0].pk)
        if len(under_way) >= _MOST:
            raise TeachingError(_("Ten reports are being made already. Wait until one is done, or cancel one."))
        row = Report.objects.create(
            run_id=teacher.run.id,
            kind=kind,
            format=form,
            asked=refs_kept,
            by_id=teacher.person.id,
            state=ReportState.WAITING,
            ordered=at,
            touched=at,
        )
        row.job_id = jobs.enqueue(
            MAKE,
            {"report": row.pk},
            at=at,
            by=teacher.person.id,
            title=str(found.title),
            about=str(teacher.run.key),
        )
        row.save(update_fields=["job_id"])
        jobs.enqueue(SWEEP, None, at=at + keeps(), key=SWEEP)
        deeds.record(teacher, "report", details={"report": kind, "format": form}, at=at)
        _tell(teacher, "requested", ReportPayload(report_type=kind), at)
    return int(row.pk)


def cancel(teacher: Teacher, report_id: int, *, at: datetime) -> bool:
    """Stops a report that is under way, at its next step; whether it was."""
    courses.require(teacher, Capability.REPORTS)
    with transaction.atomic():
        mine = Report.objects.filter(pk=report_id, run_id=teacher.run.id, state__in=UNFINISHED)
        row = mine.first()
        if row is None or not mine.update(state=ReportState.CANCELLED, finished=at, touched=at):
            return False
        jobs.cancel(row.job_id, at=at)
        deeds.record(teacher, "cancel_report", details={"report": row.kind}, at=at)
    return True


def latest(teacher: Teacher, *, at: datetime, before: int | None = None) -> tuple[list[ReportLine], bool]:
    """The newest reports of the course, and whether there are older ones. Two reads (more for silent ones)."""
    courses.require(teacher, Capability.REPORTS)
    rows = Report.objects.filter(run_id=teacher.run.id).order_by("-id")
    found = list((rows if before is None else rows.filter(pk__lt=before))[: PAGE + 1])
    people = accounts.people({row.by_id for row in found})
    for row in found:
        _settle(row, at)
    lines = [
        ReportLine(
            id=row.pk,
            kind=row.kind,
            format=row.format,
            by=people.get(row.by_id),
            state=ReportState(row.state),
            done=row.done,
            total=row.total,
            rows=row.rows,
            size=row.size,
            name=row.name,
            error=row.error,
            ordered=row.ordered,
            finished=row.finished,
        )
        for row in found[:PAGE]
    ]
    return lines, len(found) > PAGE


def fetch(teacher: Teacher, report_id: int, *, at: datetime) -> tuple[str, str, int, BinaryIO]:
    """Name, media type, size and content of a report's file; that it was fetched is logged. The caller closes it.

    Raises :class:`TeachingError` when there is no such file in the teacher's course.
    """
    courses.require(teacher, Capability.REPORTS)
    row = Report.objects.filter(pk=report_id, run_id=teacher.run.id, state=ReportState.DONE).first()
    try:
        stream = None if row is None else keeping.open_kept(row.file)
    except FileNotFoundError:
        stream = None
    if row is None or stream is None:
        raise TeachingError(_("There is no such file any more. Make the report again."))
    deeds.record(teacher, "fetch_report", details={"report": row.kind, "file": row.name}, at=at)
    _tell(teacher, "downloaded", ReportFilePayload(report_type=row.kind, report_url=row.name), at)
    return row.name, MEDIA[row.format], row.size, stream


def _tell(teacher: Teacher, what: str, event: ReportPayload, at: datetime) -> None:
    run = teacher.run.key
    events.emit(f"edx.instructor.report.{what}", event, course_id=run, user_id=teacher.person.id, at=at)


def keeps() -> timedelta:
    """How long files of reports are kept."""
    return timedelta(days=settings.LYKEION_REPORT_DAYS)


def _settle(row: Report, at: datetime) -> None:
    """A worker may die as often as a job is tried, and nobody tells the report: its job is asked."""
    if row.state not in UNFINISHED or row.touched > at - _SILENT:
        return
    try:
        over = jobs.status(row.job_id).state not in (State.WAITING, State.RUNNING)
    except JobError:
        over = True
    if over:
        row.state, row.finished, row.touched = ReportState.FAILED, at, at
        row.error = _("Something went wrong on the server. Try again; then tell the operators of this site.")
        row.save(update_fields=["state", "finished", "touched", "error"])
