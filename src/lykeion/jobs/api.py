"""The door of ``jobs``: order something to be done later, see how far it is, do it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import JSONField, Value

from lykeion.core.clock import now
from lykeion.jobs.models import Job
from lykeion.jobs.registry import Running, forgets, job, kind
from lykeion.jobs.types import JobError, JobStatus, Json, State
from lykeion.jobs.worker import run_pending, wake, work_forever

__all__ = ["Running", "enqueue", "job", "latest", "retry_failed", "run_pending", "status", "work_forever"]

_TRIES = 5


def enqueue(
    name: str, payload: Json, *, at: datetime | None = None, key: str | None = None, priority: int | None = None
) -> int:
    """Orders job ``name``; the order commits or vanishes with the caller's transaction. Returns the job's id.

    ``at``: not before then. ``key``: while an order with this key waits, ordering again changes nothing and returns
    its id. Raises :class:`JobError` when no such job is registered.
    """
    work = kind(name)
    moment = now()
    row = Job(
        name=name,
        payload=Value(None, JSONField()) if payload is None else payload,  # JSON's null, not the database's
        key=key,
        priority=work.priority if priority is None else priority,
        due=at or moment,
        created=moment,
    )
    if key is None:
        row.save()
    else:
        row = _save_once(row)
    transaction.on_commit(wake.set)
    return row.pk


def status(job_id: int) -> JobStatus:
    """How job ``job_id`` stands. Raises :class:`JobError` when it is not (or no longer) known."""
    row = Job.objects.filter(pk=job_id).first()
    if row is None:
        raise JobError(f"There is no job {job_id}; finished jobs are forgotten after 30 days.")
    return _status(row)


def latest(name: str, *, limit: int = 20) -> list[JobStatus]:
    """The newest jobs of this name, newest first."""
    return [_status(row) for row in Job.objects.filter(name=name).order_by("-id")[:limit]]


def retry_failed(job_id: int, *, at: datetime) -> bool:
    """Gives a job that failed for good a fresh set of tries; False when it did not fail, or what it was to do is
    forgotten."""
    failed = Job.objects.filter(pk=job_id, state=State.FAILED)
    name = failed.values_list("name", flat=True).first()
    return (
        name is not None
        and not forgets(name)
        and bool(failed.update(state=State.WAITING, due=at, attempts=0, finished=None))
    )


def _save_once(row: Job) -> Job:
    """Saves ``row`` unless its key waits already; a key that a worker takes in between is free again."""
    for _ in range(_TRIES):
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
    )
