"""Who works on which job: claims by compare-and-set, the same on every database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, JSONField, QuerySet, Value

from lykeion.jobs.models import Job
from lykeion.jobs.types import Json, LeaseLost, State

LEASE = timedelta(seconds=60)
_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Claim:
    """One job, claimed by one worker for this attempt."""

    id: int
    name: str
    payload: Json
    attempt: int
    token: str


def claim_next(at: datetime, *, lease: timedelta = LEASE) -> Claim | None:
    """Takes the most urgent job that is due at ``at``, or one whose worker died; None when there is none.

    Two workers may see the same candidate; the one whose UPDATE finds it unchanged has it.
    """
    for row in _candidates(at):
        token = secrets.token_hex(16)
        unchanged = Job.objects.filter(pk=row.pk, state=row.state, claim=row.claim, attempts=row.attempts)
        if unchanged.update(
            state=State.RUNNING, claim=token, lease_until=at + lease, attempts=row.attempts + 1, key=None
        ):
            return Claim(row.pk, row.name, row.payload, row.attempts + 1, token)
    return None


def extend(claim: Claim, at: datetime, *, lease: timedelta = LEASE) -> bool:
    """A sign of life: the claim holds for another ``lease``. False when it is lost."""
    return bool(_mine(claim).update(lease_until=at + lease))


def show_progress(claim: Claim, at: datetime, *, done: int, total: int, message: str) -> None:
    """Stores how far a job is, and extends its claim. Raises :class:`LeaseLost`."""
    changed = _mine(claim).update(done=done, total=total, message=message[:500], lease_until=at + LEASE)
    if not changed:
        raise LeaseLost(f"Job {claim.id} ({claim.name}) was given to another worker.")


def finish(claim: Claim, at: datetime, *, result: Json, forget: bool) -> bool:
    """The job is done; False when somebody else has it by now."""
    if forget:
        return bool(_mine(claim).delete()[0])
    return bool(_mine(claim).update(state=State.DONE, result=result, finished=at, error="", done=F("total")))


def postpone(claim: Claim, due: datetime, *, error: str) -> bool:
    """The job failed this time and is tried again at ``due``."""
    return bool(_mine(claim).update(state=State.WAITING, due=due, error=error, claim="", lease_until=None))


def give_up(claim: Claim, at: datetime, *, error: str, forget: bool) -> bool:
    """The job failed for good; it is kept for people to look at, without its payload if that is to be forgotten."""
    mine = _mine(claim)
    changes = {"state": State.FAILED, "finished": at, "error": error, "claim": "", "lease_until": None}
    return bool(mine.update(**changes, payload=Value(None, JSONField())) if forget else mine.update(**changes))


def _candidates(at: datetime) -> list[Job]:
    orphaned = Job.objects.filter(state=State.RUNNING, lease_until__lt=at)[:_CANDIDATES]
    waiting = Job.objects.filter(state=State.WAITING, due__lte=at).order_by("-priority", "due", "id")
    return [*orphaned, *waiting[:_CANDIDATES]]


def _mine(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.id, state=State.RUNNING, claim=claim.token)
