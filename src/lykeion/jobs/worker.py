"""The worker: takes jobs one after the other and does them."""

from __future__ import annotations

import logging
import os
import random
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Event, Lock, Thread
from typing import BinaryIO, cast

from django.db import Error as AnyDatabaseError
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.jobs import claims, files, signals
from lykeion.jobs.claims import Claim
from lykeion.jobs.limits import Limits
from lykeion.jobs.registry import Kind, kind
from lykeion.jobs.types import Cancelled, GiveUp, JobError, Json, LeaseLost, OverLimit, UnknownJob

logger = logging.getLogger(__name__)

POLL = 0.5  # seconds between two looks when there is nothing to do
_LONGEST_PAUSE = timedelta(hours=1)
_LOOK = 1.0  # seconds between two looks at a job's memory
_PATIENCE = 30  # seconds that a database may be away before an order is left to the sweeper
_UNKNOWN_ATTEMPTS = 10  # a job of a newer release waits for a worker of it, half an hour at least

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

    @property
    def kept(self) -> Json:
        """What an earlier try kept."""
        return self.claim.kept

    def progress(self, done: int, total: int, message: str = "", kept: Json = None) -> None:
        """Shows ``done`` of ``total`` steps and keeps the job this worker's. Raises :class:`LeaseLost`."""
        claims.show_progress(self.claim, now(), done=done, total=total, message=message, kept=kept)

    def log(self, text: str) -> None:
        """Adds a line to the job's log."""
        claims.add_line(self.claim.id, now(), text)

    @contextmanager
    def result_file(self, name: str) -> Iterator[BinaryIO]:
        """A file to write, kept as the job's own when the block ends well. Raises as :meth:`progress`."""
        with tempfile.TemporaryFile() as written:
            yield cast(BinaryIO, written)
            size = written.seek(0, os.SEEK_END)
            written.seek(0)
            claims.show_file(self.claim, files.keep(cast(BinaryIO, written)), name=name, size=size)


class Pulse:
    """While the function of the job at hand is busy: extends its claim, and sees what memory it takes.

    From a thread with its own connection. Should it fail, it ends its process: without it, each job that takes longer
    than its lease would be done by several."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._lock = Lock()
        self._claim: Claim | None = None
        self._limits: Limits | None = None
        self._stopped = Event()
        self._thread = Thread(target=self._beat, name="lykeion-jobs-pulse", daemon=True)
        self._thread.start()

    @contextmanager
    def of(self, claim: Claim, limits: Limits) -> Iterator[None]:
        """Beats for ``claim`` within the block."""
        with self._lock:
            self._claim, self._limits = claim, limits
        try:
            with limits.kept():
                yield
        finally:
            with self._lock:
                self._claim = self._limits = None

    def stop(self) -> None:
        """Ends the thread."""
        self._stopped.set()
        self._thread.join()

    def _beat(self) -> None:
        beaten = time.monotonic()
        try:
            while not self._stopped.wait(min(_LOOK, self._every)):
                due = time.monotonic() - beaten >= self._every
                beaten = time.monotonic() if due else beaten
                self._look(extend=due)
            connection.close()
        except BaseException:  # noqa: BLE001  # see above
            traceback.print_exc()
            os._exit(1)

    def _look(self, *, extend: bool) -> None:
        with self._lock:
            claim, limits = self._claim, self._limits
        if claim is None or limits is None:
            return
        try:
            limits.look()
            if extend:
                claims.extend(claim, now())
        except MemoryError:  # there is none left for this thread either
            limits.tell_of_memory()
        except AnyDatabaseError as error:  # the next beat tries again; the lease is four beats long
            logger.warning("The claim on job %d could not be extended: %s", claim.id, error)
            close_old_connections()


def work_forever(stop: Event, *, poll: float = POLL, queues: Sequence[str] = ()) -> None:
    """Does jobs of ``queues`` (none named: of all) until ``stop`` is set; finishes the one at hand first. Survives a
    database that goes away."""
    pulse = Pulse(claims.LEASE.total_seconds() / 4)
    try:
        while not stop.is_set():
            if not _try_one(pulse, queues):
                wake.wait(poll)
                wake.clear()
    finally:
        pulse.stop()
        connection.close()


def run_pending(*, at: datetime | None = None, limit: int = 1_000) -> int:
    """Does what is due, here and now, until nothing is left (at most ``limit``); returns how many.

    With ``at``: as if it were that time for what is ordered already; what these jobs order waits for its own time, or
    one that orders itself anew every minute would be done for every minute until then.
    """
    last, count = claims.last_ordered(), 0

    def take(moment: datetime) -> Claim | None:
        return claims.claim_next(moment, last=last) or claims.claim_next(now())

    while count < limit and _one(take, at or now(), None):
        count += 1
    return count


def do_one(job_id: int) -> bool:
    """Does job ``job_id`` if there is something to do for it now; for a process that does one job at a time, and that a
    broker hands them. A database that is away for a while is waited for."""
    take = lambda moment: claims.claim_one(job_id, moment)  # noqa: E731  # said where it is used
    for _ in range(_PATIENCE):
        close_old_connections()
        try:
            return _one(take, now(), _pulse_here(os.getpid()))
        except AnyDatabaseError as error:
            logger.warning("The job table cannot be used at the moment (%s); trying again.", error)
            time.sleep(1)
    return False  # the sweeper sends it again


@lru_cache(maxsize=1)
def _pulse_here(pid: int) -> Pulse:
    """The pulse of this process: a thread does not survive a fork."""
    return Pulse(claims.LEASE.total_seconds() / 4)


def _try_one(pulse: Pulse, queues: Sequence[str]) -> bool:
    close_old_connections()
    try:
        return _one(lambda moment: claims.claim_next(moment, queues=queues), now(), pulse)
    except AnyDatabaseError:
        logger.exception("The job table cannot be used at the moment; trying again.")
        return False


def _one(take: Callable[[datetime], Claim | None], at: datetime, pulse: Pulse | None) -> bool:
    claim = take(at)
    if claim is not None:
        _do(claim, pulse)
    return claim is not None


def _do(claim: Claim, pulse: Pulse | None) -> None:
    try:
        work = kind(claim.name)
        _may_begin(claim, work)
        with nullcontext() if pulse is None else pulse.of(claim, Limits(work)):
            result = work.work(claim.payload, Attempt(claim))
    except LeaseLost as error:
        logger.warning("%s", error)
    except Cancelled as error:
        logger.info("%s", error)
        _settled(lambda: claims.end_cancelled(claim, now()))
    except OverLimit as error:
        _leave_what_was_interrupted()
        _give_up(claim, error)
    except UnknownJob as error:
        _retry(claim, _UNKNOWN_ATTEMPTS, error)
    except (GiveUp, JobError) as error:
        _give_up(claim, error)
    except Exception as error:  # noqa: BLE001  # whatever a job does wrong must not end the worker
        _retry(claim, kind(claim.name).attempts, error)
    else:
        if not _settled(lambda: claims.finish(claim, now(), result=result)):
            logger.warning("Job %d (%s) was finished by another worker too.", claim.id, claim.name)


def _may_begin(claim: Claim, work: Kind) -> None:
    if claim.cancelling:
        raise Cancelled(f"Job {claim.id} ({claim.name}) was cancelled.")
    if claim.overran:
        raise OverLimit(f"It took longer than {work.limit} and was ended.")
    if claim.attempt > work.attempts:
        raise GiveUp(f"Its worker died {work.attempts} times.")


def _leave_what_was_interrupted() -> None:
    """A job that is over its limits is interrupted anywhere, also between a question to the database and its answer, or
    in the middle of what keeps account of a transaction: nothing of that may reach the next job."""
    signals.interrupted.send(sender=Limits)
    connection.close()
    _settled(connection.connect)  # which begins such accounts anew


def _settled(write: Callable[[], object]) -> object:
    """Writes down how a job ended. A database that went away meanwhile is waited for while the lease may hold: what is
    done need not be done again."""
    until = time.monotonic() + claims.LEASE.total_seconds() / 2
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            logger.warning("The end of a job cannot be written down at the moment (%s); trying again.", error)
            time.sleep(0.5)
            connection.close_if_unusable_or_obsolete()


def _retry(claim: Claim, attempts: int, error: Exception) -> None:
    if claim.attempt >= attempts:
        _give_up(claim, error)
        return
    logger.warning("Job %d (%s), try %d: %r", claim.id, claim.name, claim.attempt, error, exc_info=_trace(error))
    due = now() + pause_after(claim.attempt)
    _settled(lambda: claims.postpone(claim, due, error=_words(error)) or claims.end_cancelled(claim, now()))


def _give_up(claim: Claim, error: Exception) -> None:
    logger.error("Job %d (%s) failed for good: %r", claim.id, claim.name, error, exc_info=_trace(error))
    _settled(lambda: claims.give_up(claim, now(), error=_words(error)))


def _trace(error: Exception) -> Exception | None:
    """What the log tells beside the sentence: nothing of an error that is meant for people, whose sentence is all."""
    return None if isinstance(error, LykeionError) else error


def pause_after(attempt: int) -> timedelta:
    """How long to wait after a failed try: 5 s, 10 s, 20 s ... up to an hour, spread by a fifth."""
    pause = min(timedelta(seconds=5 * 2 ** min(attempt - 1, 16)), _LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  # spreads load, guards nothing


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]
