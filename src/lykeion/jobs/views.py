"""``/jobs/``: what runs in the background, for the staff of the site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.clock import now
from lykeion.jobs import api
from lykeion.jobs.types import JobError, JobStatus, State
from lykeion.ui.sitestaff import for_site_staff

_PAGE: Final = 50
_STATES: Final = {
    State.WAITING: gettext_lazy("Waiting"),
    State.RUNNING: gettext_lazy("Running"),
    State.DONE: gettext_lazy("Done"),
    State.FAILED: gettext_lazy("Failed"),
    State.CANCELLED: gettext_lazy("Cancelled"),
}
_BADGES: Final = {State.RUNNING: "badge-accent", State.DONE: "badge-good", State.FAILED: "badge-bad"}


@dataclass(frozen=True, slots=True)
class Row:
    """A job as the page shows it."""

    job: JobStatus
    asked_by: str
    state: str
    badge: str

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1."""
        return self.job.done / self.job.total if self.job.total else 0.0

    @property
    def may_retry(self) -> bool:
        """Whether it can be done again."""
        return self.job.state in (State.FAILED, State.CANCELLED)


@require_safe
@for_site_staff
def jobs_list(request: HttpRequest) -> HttpResponse:
    """The newest jobs, of one state or queue if asked; what waits in each queue."""
    state, queue = request.GET.get("state", ""), request.GET.get("queue", "")
    before = request.GET.get("before", "")
    found = api.find(
        state=State(state) if state in {one.value for one in State} else None,
        queue=queue if queue in api.QUEUES else "",
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        limit=_PAGE + 1,
    )
    rows = _rows(found[:_PAGE])
    return render(
        request,
        "jobs/list.html",
        {
            "rows": rows,
            "older": rows[-1].job.id if len(found) > _PAGE else None,
            "first": not before,
            "states": [(one.value, words) for one, words in _STATES.items()],
            "queues": api.QUEUES,
            "chosen": {"state": state, "queue": queue},
            "backlog": api.backlog(now()),
            "lively": any(not row.job.is_over for row in rows),
        },
    )


@require_safe
@for_site_staff
def job_page(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job: how far it is, its log, its file."""
    (row,) = _rows([_known(job_id)])
    return render(request, "jobs/job.html", {"row": row, "job": row.job, "lines": api.lines(job_id)})


@require_safe
@for_site_staff
def job_file(request: HttpRequest, job_id: int) -> FileResponse:
    """The file that a job made."""
    job = _known(job_id)
    try:
        content = api.open_file(job_id)
    except (JobError, FileNotFoundError) as error:
        raise Http404(str(error)) from error
    return FileResponse(content, as_attachment=True, filename=job.file.name if job.file else "")


@require_POST
@for_site_staff
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ends a job."""
    _known(job_id)
    if api.cancel(job_id, at=now(), by=request.user.get_username()):
        messages.success(request, _("Job {number} ends.").format(number=job_id))
    else:
        messages.info(request, _("Job {number} was over already.").format(number=job_id))
    return redirect("jobs:job", job_id)


@require_POST
@for_site_staff
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Lets a job that failed or was cancelled be done again."""
    _known(job_id)
    if api.retry_failed(job_id, at=now(), by=request.user.get_username()):
        messages.success(request, _("Job {number} waits to be done again.").format(number=job_id))
    else:
        messages.error(request, _("What job {number} was to do is not kept.").format(number=job_id))
    return redirect("jobs:job", job_id)


def _known(job_id: int) -> JobStatus:
    try:
        return api.status(job_id)
    except JobError as error:
        raise Http404(str(error)) from error


def _rows(found: Iterable[JobStatus]) -> list[Row]:
    jobs = list(found)
    people: Any = get_user_model().objects.in_bulk({job.by for job in jobs if job.by is not None})
    return [
        Row(
            job,
            people[job.by].get_username() if job.by in people else "",
            str(_STATES[job.state]),
            _BADGES.get(job.state, ""),
        )
        for job in jobs
    ]
