"""Making a report: its rows into a file, with signs of how far it is."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from lykeion.catalog import api as catalog
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.jobs.types import Cancelled, LeaseLost, OverLimit
from lykeion.teaching.models import Report
from lykeion.teaching.reports import keeping
from lykeion.teaching.reports.kinds import KINDS
from lykeion.teaching.reports.types import Archive, Asked, Kind, Told
from lykeion.teaching.reports.writing import FORMATS
from lykeion.teaching.types import ReportState, TeachingError

UNFINISHED = (ReportState.WAITING, ReportState.RUNNING)


class Unwanted(LykeionError):
    """Somebody cancelled the report while it was made."""


def make(report_id: int, *, at: datetime, last_try: bool, told: Told) -> int:
    """Makes an ordered report; how many rows it has. Safe to repeat: it begins from the start.

    One that was cancelled stays so. What a teacher can mend is kept as its error; anything else is raised, and kept as
    a failure after the ``last_try``.
    """
    wanted = Report.objects.filter(pk=report_id, state__in=UNFINISHED)
    row = wanted.first()
    if row is None:
        return 0
    keeping.drop(row.file)
    row.file = keeping.fresh_name()
    wanted.update(state=ReportState.RUNNING, file=row.file, done=0, total=0, touched=at)
    try:
        return _made(row, at, _telling(row, told))
    except Unwanted:
        return 0
    except (TeachingError, RunMissing) as error:
        _fail(row, str(error), at)
        return 0
    except Cancelled:  # by the operators, who see the job
        _end(row, ReportState.CANCELLED, "", at)
        raise
    except LeaseLost:  # another worker makes it now
        raise
    except OverLimit:
        _fail(row, _("It took too long, or too much memory, and was ended. Tell the operators of this site."), at)
        raise
    except Exception:  # the job is tried again or fails by it; the teacher is told of the last time
        if last_try:
            _fail(row, _("Something went wrong on the server. Try again; then tell the operators of this site."), at)
        raise


def _telling(row: Report, told: Told) -> Told:
    def tell(done: int, total: int) -> None:
        mine = Report.objects.filter(pk=row.pk, state=ReportState.RUNNING)
        if not mine.update(done=done, total=total, touched=now()):
            raise Unwanted(_("This report was cancelled."))
        told(done, total)

    return tell


def _made(row: Report, at: datetime, told: Told) -> int:
    run = next(iter(catalog.keys([row.run_id]).values()), None)
    if run is None:
        raise TeachingError(_("This course is not offered any more."))
    asked = Asked(catalog.run(run), at, tuple(row.asked), told)
    with tempfile.TemporaryDirectory(prefix="lykeion-report-") as folder, tempfile.TemporaryFile(dir=folder) as file:
        rows, size = write(KINDS[row.kind], row.format, asked, cast(BinaryIO, file), Path(folder))
        kept = keeping.keep(row.file, cast(BinaryIO, file))
    name = f"{run.org}_{run.course}_{run.run}_{KINDS[row.kind].file}_{at:%Y-%m-%d-%H%M}.{row.format}"
    mine = Report.objects.filter(pk=row.pk, state=ReportState.RUNNING)
    if not mine.update(
        state=ReportState.DONE, file=kept, name=name, rows=rows, size=size, touched=now(), finished=now(), error=""
    ):
        keeping.drop(kept)
        raise Unwanted(_("This report was cancelled."))
    return rows


def write(kind: Kind, form: str, asked: Asked, file: BinaryIO, folder: Path) -> tuple[int, int]:
    """Writes a report to ``file`` (``folder`` takes what is on its way); how many rows and bytes it has.

    Raises :class:`TeachingError`, and whatever ``asked.told`` raises.
    """
    table = kind.make(asked)
    if isinstance(table, Archive):
        return table.pack(file), file.seek(0, 2)
    asked.told(0, table.total)
    writer = FORMATS[form][0](file, table.columns, folder)
    count = 0
    for done, rows in table.parts:
        writer.add(rows)
        count += len(rows)
        asked.told(min(done, table.total), table.total)
    writer.close()
    return count, file.seek(0, 2)


def _fail(row: Report, why: str, at: datetime) -> None:
    _end(row, ReportState.FAILED, why, at)


def _end(row: Report, state: ReportState, why: str, at: datetime) -> None:
    mine = Report.objects.filter(pk=row.pk, state=ReportState.RUNNING)
    mine.update(state=state, error=why[:500], finished=at, touched=at, file="")
    keeping.drop(row.file)


def sweep(before: datetime) -> datetime | None:
    """Removes reports that were over by ``before``, with their files; when the oldest of those that stay was over."""
    while old := list(Report.objects.filter(finished__lt=before).order_by("pk").values_list("pk", "file")[:100]):
        for _pk, file in old:
            keeping.drop(file)
        Report.objects.filter(pk__in=[pk for pk, _file in old]).delete()
    stays = Report.objects.filter(finished__isnull=False).order_by("finished")
    return stays.values_list("finished", flat=True).first()
