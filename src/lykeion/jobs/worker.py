"""The worker: takes jobs one after the other and does them."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from django.db import DatabaseError, close_old_connections, connection

from lykeion.core.clock import now
from lykeion.jobs import claims
from lykeion.jobs.claims import Claim
from lykeion.jobs.models import Job
from lykeion.jobs.registry import Kind, forgets, kind
from lykeion.jobs.types import GiveUp, JobError, LeaseLost, State

logger = logging.getLogger(__name__)

POLL = 0.5  # seconds between two looks when there is nothing to do
KEEP_DONE = timedelta(days=30)
KEEP_FAILED = timedelta(days=90)
_LONGEST_PAUSE = timedelta(hours=1)
_TRIM_EVERY = timedelta(hours=1)

wake = Event()
"""Set when this process ordered a job, so that its own worker does not wait for the next look."""


@dataclass(slots=True)
class Attempt:
    """What a job's function is handed: who it is and how to show progress."""

    claim: Claim

    @property
    def id(self) -> int:
        """The job's id."""
        return self.claim.id

    @property
    def attempt(self) -> int:
        """1 for the first try."""
        return self.claim.attempt

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Shows ``done`` of ``total`` steps and keeps the job this worker's. Raises :class:`LeaseLost`."""
        claims.show_progress(self.claim, now(), done=done, total=total, message=message)


class Pulse:
    """Extends the claim of the job at hand while its function is busy, from a thread with its own connection."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._lock = Lock()
        self._claim: Claim | None = None
        self._stopped = Event()
        self._thread = Thread(target=self._beat, name="lykeion-jobs-pulse", daemon=True)
        self._thread.start()

    def of(self, claim: Claim | None) -> None:
        """From now on beats for ``claim`` (None: rests)."""
        with self._lock:
            self._claim = claim

    def stop(self) -> None:
        """Ends the thread."""
        self._stopped.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stopped.wait(self._every):
            with self._lock:
                claim = self._claim
            if claim is not None:
                self._extend(claim)
        connection.close()

    def _extend(self, claim: Claim) -> None:
        try:
            claims.extend(claim, now())
        except DatabaseError as error:  # the next beat tries again; the lease is four beats long
            logger.warning("The claim on job %d could not be extended: %s", claim.id, error)
            close_old_connections()


def work_forever(stop: Event, *, poll: float = POLL) -> None:
    """Does jobs until ``stop`` is set; finishes the one at hand first. Survives a database that goes away."""
    pulse = Pulse(claims.LEASE.total_seconds() / 4)
    trimmed = datetime.min.replace(tzinfo=now().tzinfo)
    try:
        while not stop.is_set():
            if now() - trimmed > _TRIM_EVERY:
                trimmed = _trim()
            if not _try_one(pulse):
                wake.wait(poll)
                wake.clear()
    finally:
        pulse.stop()
        connection.close()


def run_pending(*, at: datetime | None = None, limit: int = 1_000) -> int:
    """Does what is due, here and now, until nothing is left (at most ``limit``); returns how many."""
    count = 0
    while count < limit and _one(at or now(), None):
        count += 1
    return count


def _try_one(pulse: Pulse) -> bool:
    close_old_connections()
    try:
        return _one(now(), pulse)
    except DatabaseError:
        logger.exception("The job table cannot be used at the moment; trying again.")
        return False


def _one(at: datetime, pulse: Pulse | None) -> bool:
    claim = claims.claim_next(at)
    if claim is None:
        return False
    if pulse is not None:
        pulse.of(claim)
    try:
        _do(claim, at)
    finally:
        if pulse is not None:
            pulse.of(None)
    return True


def _do(claim: Claim, at: datetime) -> None:
    try:
        work = kind(claim.name)
        if claim.attempt > work.attempts:
            raise GiveUp(f"Its worker died {work.attempts} times.")
        result = work.work(claim.payload, Attempt(claim))
    except LeaseLost as error:
        logger.warning("%s", error)
    except (GiveUp, JobError) as error:
        _give_up(claim, error)
    except Exception as error:  # noqa: BLE001  # whatever a job does wrong must not end the worker
        _retry(claim, kind(claim.name), error)
    else:
        if not claims.finish(claim, now(), result=result, forget=work.forget):
            logger.warning("Job %d (%s) was finished by another worker too.", claim.id, claim.name)


def _retry(claim: Claim, work: Kind, error: Exception) -> None:
    if claim.attempt >= work.attempts:
        _give_up(claim, error)
        return
    logger.warning("Job %d (%s), try %d: %r", claim.id, claim.name, claim.attempt, error, exc_info=error)
    claims.postpone(claim, now() + pause_after(claim.attempt), error=_words(error))


def _give_up(claim: Claim, error: Exception) -> None:
    logger.error("Job %d (%s) failed for good: %r", claim.id, claim.name, error, exc_info=error)
    forget = forgets(claim.name)
    claims.give_up(claim, now(), error=type(error).__name__ if forget else _words(error), forget=forget)


def pause_after(attempt: int) -> timedelta:
    """How long to wait after a failed try: 5 s, 10 s, 20 s ... up to an hour, spread by a fifth."""
    pause = min(timedelta(seconds=5 * 2 ** min(attempt - 1, 16)), _LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  # spreads load, guards nothing


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def _trim() -> datetime:
    at = now()
    try:
        Job.objects.filter(state=State.DONE, finished__lt=at - KEEP_DONE).delete()
        Job.objects.filter(state=State.FAILED, finished__lt=at - KEEP_FAILED).delete()
    except DatabaseError:
        logger.exception("Old jobs could not be removed; trying again in an hour.")
    return at
