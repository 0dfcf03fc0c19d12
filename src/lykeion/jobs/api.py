"""The door of ``jobs``: order something to be done later, see how far it is, do it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from threading import Event
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Count, JSONField, Min, Value
from django.utils.translation import gettext as _

from lykeion.core.clock import now
from lykeion.core.prepared import Prepared
from lykeion.jobs import claims, files, tending
from lykeion.jobs.models import Job, JobLine
from lykeion.jobs.plans import daily, every
from lykeion.jobs.registry import QUEUES, SLOW, Running, forgets, job, kind, titled
from lykeion.jobs.sending import has_broker, sender
from lykeion.jobs.types import Backlog, JobError, JobStatus, Json, Line, ResultFile, State
from lykeion.jobs.worker import run_pending, wake, work_forever

__all__ = [
    "QUEUES",
    "SLOW",
    "Running",
    "ask_broker",
    "backlog",
    "cancel",
    "daily",
    "drop",
    "drop_result",
    "enqueue",
    "every",
    "failed_since",
    "find",
    "has_broker",
    "job",
    "latest",
    "lines",
    "open_file",
    "retry_failed",
    "run_pending",
    "serve_broker",
    "status",
    "statuses",
    "tend_forever",
    "under_way",
    "work_forever",
]

_TRIES = 5
_UNDER_WAY = Prepared(
    Job,
    lambda rows, about, name: rows.filter(about=about, name=name, state__in=(State.WAITING, State.RUNNING)).values_list(
        "pk"
    ),
    write=True,
)


def enqueue(
    name: str,
    payload: Json,
    *,
    at: datetime | None = None,
    key: str | None = None,
    priority: int | None = None,
    queue: str | None = None,
    by: int | None = None,
    title: str = "",
    about: str = "",
) -> int:
    """Orders job ``name``; the order commits or vanishes with the caller's transaction. Returns the job's id.

    ``at``: not before then. ``key``: while an order with this key waits, ordering again changes nothing and returns
    its id. ``priority`` and ``queue`` (one of :data:`QUEUES`): other than its kind's. ``by``: id of the person who
    asks; ``title``: what it is called for people, in their language; ``about``: key of what it is about, such as a
    run, to find it again (:func:`find`). Raises :class:`JobError` when no such job is registered.
    """
    work = kind(name)
    if queue is not None and queue not in QUEUES:
        raise JobError(f"There is no queue {queue!r}; use one of: {', '.join(QUEUES)}.")
    moment = now()
    row = Job(
        name=name,
        payload=Value(None, JSONField()) if payload is None else payload,  # JSON's null, not the database's
        key=key,
        priority=work.priority if priority is None else priority,
        queue=queue or work.queue,
        due=at or moment,
        created=moment,
        by=by,
        title=title[:200],
        about=about,
    )
    if key is None:
        row.save()
    else:
        row = _save_once(row)
    if row.due <= moment:
        _tell(row.pk, row.name, row.queue)
    return row.pk


def status(job_id: int) -> JobStatus:
    """How job ``job_id`` stands. Raises :class:`JobError` when it is not (or no longer) known."""
    row = Job.objects.filter(pk=job_id).first()
    if row is None:
        raise JobError(f"There is no job {job_id}; finished jobs are forgotten after 30 days.")
    return _status(row)


def latest(name: str, *, limit: int = 20) -> list[JobStatus]:
    """The newest jobs of this name, newest first."""
    return find(name=name, limit=limit)


def find(
    *,
    name: str = "",
    about: str = "",
    by: int | None = None,
    state: State | None = None,
    queue: str = "",
    before: int | None = None,
    limit: int = 20,
) -> list[JobStatus]:
    """Jobs to which all that is given applies, newest first; ``before``: only those with smaller ids."""
    wanted = {"name": name, "about": about, "by": by, "state": state, "queue": queue, "pk__lt": before}
    rows = Job.objects.filter(**{field: value for field, value in wanted.items() if value not in ("", None)})
    return [_status(row) for row in rows.order_by("-id")[:limit]]


def lines(job_id: int) -> list[Line]:
    """The log of a job, oldest line first."""
    rows = JobLine.objects.filter(job=job_id).order_by("id")
    return [Line(row.at, row.text) for row in rows]


def open_file(job_id: int) -> BinaryIO:
    """The file that a job made, to be read; the caller closes it. Raises :class:`JobError` when there is none."""
    key = Job.objects.filter(pk=job_id).values_list("file", flat=True).first()
    if not key:
        raise JobError(f"Job {job_id} has no file; files go with their jobs, after 30 days.")
    return files.open_kept(key)


def cancel(job_id: int, *, at: datetime, by: str = "") -> bool:
    """Ends a job: one that waits at once, one that runs at its next sign of progress; False when it is over.

    ``by``: who is named in its log.
    """
    unfinished = Job.objects.filter(pk=job_id, state__in=[State.WAITING, State.RUNNING])
    name = unfinished.values_list("name", flat=True).first()
    if name is None or not unfinished.update(cancelling=True):
        return False
    claims.end(
        Job.objects.filter(state=State.WAITING), job_id, name, State.CANCELLED, at
    )  # who begins it finds the mark
    if by:
        claims.add_line(job_id, at, _("Cancelled by {name}.").format(name=by))
    return True


def drop(job_id: int) -> bool:
    """Forgets a job that is over, with its file and what it said; False when it is not, or not known any more."""
    row = _over(job_id)
    if row is None:
        return False
    files.drop([row.file])
    row.delete()
    JobLine.objects.filter(job=job_id).delete()
    return True


def drop_result(job_id: int) -> bool:
    """Forgets what a job that is over made: its result, its file, what it said; that it was done stays. False when it
    made nothing, or is not over."""
    row = _over(job_id)
    if row is None:
        return False
    files.drop([row.file])
    Job.objects.filter(pk=job_id).update(file="", file_name="", file_size=0, result=None, message="", error="")
    JobLine.objects.filter(job=job_id).delete()
    return bool(row.file) or row.result is not None


def _over(job_id: int) -> Job | None:
    return Job.objects.filter(pk=job_id).exclude(state__in=[State.WAITING, State.RUNNING]).first()


def statuses(job_ids: Collection[int]) -> dict[int, JobStatus]:
    """How these jobs stand, by id; those that are forgotten are left out. One query."""
    return {row.pk: _status(row) for row in Job.objects.filter(pk__in=list(job_ids))} if job_ids else {}


def under_way(name: str, payload: Mapping[str, Any], *, about: str, limit: int = 20) -> list[JobStatus]:
    """The jobs of this name that were ordered ``about`` this, wait or run, and whose payload holds all of ``payload``,
    oldest first. One query where there are none, two else: pages ask it, and very much else may wait meanwhile."""
    ids = [job_id for (job_id,) in _UNDER_WAY(about, name)]
    found = Job.objects.filter(pk__in=ids).order_by("id") if ids else ()
    return [_status(row) for row in found if payload.items() <= row.payload.items()][:limit]


def retry_failed(job_id: int, *, at: datetime, by: str = "") -> bool:
    """Gives a job that failed for good (or was cancelled) a fresh set of tries; False when it did not, or what it was
    to do is forgotten. ``by``: who is named in its log."""
    ended = Job.objects.filter(pk=job_id, state__in=[State.FAILED, State.CANCELLED])
    row = ended.first()
    if row is None or forgets(row.name):
        return False
    fresh = {"state": State.WAITING, "due": at, "attempts": 0, "finished": None, "sent": None, "cancelling": False}
    if not ended.update(**fresh, done=0, total=0, message=""):
        return False
    if by:
        claims.add_line(job_id, at, _("Ordered again by {name}.").format(name=by))
    _tell(row.pk, row.name, row.queue)
    return True


def tend_forever(stop: Event) -> None:
    """Sends what the broker does not know of, ends jobs over their time, and orders what is planned (:func:`every`,
    :func:`daily`), until ``stop`` is set. Any number of processes may."""
    tending.tend_forever(stop, _order_planned)


def serve_broker(queues: Sequence[str], processes: int) -> None:
    """Does what the broker hands out of ``queues``, in so many processes, until SIGTERM."""
    from lykeion.jobs import broker  # Celery is loaded where there is a broker

    broker.serve(queues, processes)


def ask_broker() -> dict[str, int]:
    """How many messages wait in each queue of the broker. Raises what its driver raises when it does not answer."""
    from lykeion.jobs import broker  # Celery is loaded where there is a broker

    with broker.connected() as link:
        return broker.depths(link)


def _order_planned(name: str) -> int:
    return enqueue(name, None, key=f"plan:{name}")


def backlog(at: datetime) -> list[Backlog]:
    """What waits in each queue, and since when the oldest could have begun."""
    waiting = Job.objects.filter(state=State.WAITING, due__lte=at)
    rows = waiting.values("queue").annotate(count=Count("id"), oldest=Min("due")).order_by("queue")
    return [Backlog(row["queue"], row["count"], row["oldest"]) for row in rows]


def failed_since(moment: datetime) -> int:
    """How many jobs failed for good since then; those that wait again are not among them."""
    return Job.objects.filter(state=State.FAILED, finished__gte=moment).count()


def _tell(job_id: int, name: str, queue: str) -> None:
    """Once the transaction is committed, those who work hear of it."""
    told = partial(sender.offer, job_id, name, queue) if has_broker() else wake.set
    transaction.on_commit(told, robust=True)  # what is committed is done: nothing here may tell the caller otherwise


def _save_once(row: Job) -> Job:
    """Saves ``row`` unless its key waits already; a key that a worker takes in between is free again."""
    for _attempt in range(_TRIES):
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                return row
        except IntegrityError as error:
            row.pk, refused = None, error
        waiting = Job.objects.filter(key=row.key).first()
        if waiting is not None:
            return waiting
    raise refused


def _status(row: Job) -> JobStatus:
    return JobStatus(
        id=row.pk,
        name=row.name,
        state=State(row.state),
        payload=row.payload,
        attempts=row.attempts,
        done=row.done,
        total=row.total,
        message=row.message,
        result=row.result,
        error=row.error,
        created=row.created,
        due=row.due,
        finished=row.finished,
        queue=row.queue,
        priority=row.priority,
        by=row.by,
        title=row.title or titled(row.name),
        about=row.about,
        file=ResultFile(row.file_name, row.file_size) if row.file else None,
        started=row.started,
        cancelling=row.cancelling and row.state == State.RUNNING,
    )
