"""Who works on which job: claims by compare-and-set, the same on every database."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, JSONField, Max, QuerySet, Value

from lykeion.jobs import files
from lykeion.jobs.models import Job, JobLine
from lykeion.jobs.registry import forgets, hard_limit_of
from lykeion.jobs.types import Cancelled, Json, LeaseLost, State

LEASE = timedelta(seconds=60)
MOST_LINES = 1_000
_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Claim:
    """One job, claimed by one worker for this attempt."""

    id: int
    name: str
    payload: Json
    attempt: int
    token: str
    kept: Json = None
    """What an earlier try left for this one."""
    cancelling: bool = False
    overran: bool = False
    """The worker before lived until the job had to be over: it was ended, and the job is not to be repeated."""


def last_ordered() -> int:
    """The number of the youngest job; 0 without any."""
    return Job.objects.aggregate(last=Max("pk"))["last"] or 0


def claim_next(
    at: datetime, *, lease: timedelta | None = None, queues: Sequence[str] = (), last: int | None = None
) -> Claim | None:
    """Takes the most urgent job of ``queues`` (none named: of all) that is due at ``at``, or one whose worker died;
    with ``last``, of those that are no younger than that job. None when there is none.

    Two workers may see the same candidate; the one whose UPDATE finds it unchanged has it. A worker thought dead that
    gives a sign of life in between keeps its job: its lease is not what was seen.
    """
    jobs = Job.objects.filter(queue__in=queues) if queues else Job.objects.all()
    jobs = jobs if last is None else jobs.filter(pk__lte=last)
    return next((claim for row in _candidates(jobs, at) if (claim := _take(row, at, lease))), None)


def claim_one(job_id: int, at: datetime, *, lease: timedelta | None = None) -> Claim | None:
    """Takes job ``job_id`` if it is due at ``at`` or its worker died; None when there is nothing to do for it now."""
    row = next(iter(_candidates(Job.objects.filter(pk=job_id), at)), None)
    return None if row is None else _take(row, at, lease)


def _take(row: Job, at: datetime, lease: timedelta | None) -> Claim | None:
    token = secrets.token_hex(16)
    seen = {"state": row.state, "claim": row.claim, "attempts": row.attempts, "lease_until": row.lease_until}
    unchanged = Job.objects.filter(pk=row.pk, **seen)
    taken = unchanged.update(
        state=State.RUNNING,
        claim=token,
        lease_until=at + (lease or LEASE),
        attempts=row.attempts + 1,
        key=None,
        started=at,
        ends=at + hard_limit_of(row.name),
    )
    if not taken:
        return None
    overran = bool(row.lease_until and row.ends and row.ends <= min(at, row.lease_until))
    return Claim(row.pk, row.name, row.payload, row.attempts + 1, token, row.result, row.cancelling, overran)


def extend(claim: Claim, at: datetime, *, lease: timedelta | None = None) -> bool:
    """A sign of life: the claim holds for another ``lease``. False when it is lost."""
    return bool(_mine(claim).update(lease_until=at + (lease or LEASE)))


def show_progress(claim: Claim, at: datetime, *, done: int, total: int, message: str, kept: Json = None) -> None:
    """Stores how far a job is (and what it ``kept`` for another try), and extends its claim. Raises
    :class:`LeaseLost` and :class:`Cancelled`."""
    going_on = _mine(claim).filter(cancelling=False)
    more = {} if kept is None else {"result": kept}
    if not going_on.update(done=done, total=total, message=message[:500], lease_until=at + LEASE, **more):
        _stop(claim)


def show_file(claim: Claim, key: str, *, name: str, size: int) -> None:
    """The job's file is what is kept under ``key``; an earlier one goes. Raises as :func:`show_progress`."""
    before = _mine(claim).values_list("file", flat=True).first()
    if not _mine(claim).filter(cancelling=False).update(file=key, file_name=name[-200:], file_size=size):
        files.drop([key])
        _stop(claim)
    files.drop([before or ""])


def add_line(job_id: int, at: datetime, text: str) -> None:
    """Adds a line to the job's log; of very many the newest are kept."""
    JobLine.objects.create(job=job_id, at=at, text=" ".join(text.split())[:1000])
    mine = JobLine.objects.filter(job=job_id).order_by("-id")
    surplus = mine.values_list("id", flat=True)[MOST_LINES : MOST_LINES + 1].first() if _maybe_many(mine) else None
    if surplus is not None:
        mine.filter(id__lte=surplus).delete()


def _maybe_many(lines: QuerySet[JobLine]) -> bool:
    newest = lines.values_list("id", flat=True).first()
    return newest is not None and newest % 50 == 0


def _stop(claim: Claim) -> None:
    if _mine(claim).exists():
        raise Cancelled(f"Job {claim.id} ({claim.name}) was cancelled.")
    raise LeaseLost(f"Job {claim.id} ({claim.name}) was given to another worker.")


def finish(claim: Claim, at: datetime, *, result: Json) -> bool:
    """The job is done; False when somebody else has it by now."""
    if not forgets(claim.name):
        return bool(_mine(claim).update(state=State.DONE, result=result, finished=at, error="", done=F("total")))
    files.drop(_mine(claim).values_list("file", flat=True))
    gone = bool(_mine(claim).delete()[0])
    JobLine.objects.filter(job=claim.id).delete()
    return gone


def postpone(claim: Claim, due: datetime, *, error: str) -> bool:
    """The job failed this time and is tried again at ``due``; False when it was cancelled meanwhile, too."""
    waits = {"state": State.WAITING, "due": due, "error": error, "claim": "", "lease_until": None, "sent": None}
    return bool(_mine(claim).filter(cancelling=False).update(**waits))


def give_up(claim: Claim, at: datetime, *, error: str) -> bool:
    """The job failed for good; it is kept for people to look at."""
    return end(_mine(claim), claim.id, claim.name, State.FAILED, at, error=error)


def end_cancelled(claim: Claim, at: datetime) -> bool:
    """The job ended because somebody cancelled it."""
    return end(_mine(claim), claim.id, claim.name, State.CANCELLED, at)


def end(jobs: QuerySet[Job], job_id: int, name: str, state: State, at: datetime, *, error: str = "") -> bool:
    """Job ``job_id``, if it is among ``jobs``, ends without success; whether it was.

    Of a kind that is to be forgotten only that it was, and the kind of failure (what ``error`` says before a colon) is
    kept.
    """
    changes: dict[str, Any] = {"state": state, "finished": at, "error": error, "claim": "", "lease_until": None}
    changes["key"] = None
    if not forgets(name):
        return bool(jobs.filter(pk=job_id).update(**changes))
    nothing = {"payload": Value(None, JSONField()), "result": None, "message": "", "title": ""}
    ended = bool(jobs.filter(pk=job_id).update(**changes | nothing | {"error": error.partition(":")[0]}))
    if ended:
        JobLine.objects.filter(job=job_id).delete()
    return ended


def _candidates(jobs: QuerySet[Job], at: datetime) -> list[Job]:
    orphaned = jobs.filter(state=State.RUNNING, lease_until__lt=at)[:_CANDIDATES]
    waiting = jobs.filter(state=State.WAITING, due__lte=at).order_by("-priority", "due", "id")
    return [*orphaned, *waiting[:_CANDIDATES]]


def _mine(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.id, state=State.RUNNING, claim=claim.token)
