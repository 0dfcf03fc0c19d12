"""Jobs that take too much time or memory."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from lykeion.content.stores.mongo import forget_clients, mongo_store
from lykeion.content.types import Node
from lykeion.core.clock import now
from lykeion.jobs import api, claims, tending, worker
from lykeion.jobs.limits import Limits
from lykeion.jobs.models import Job
from lykeion.jobs.registry import Kind
from lykeion.jobs.signals import interrupted
from lykeion.jobs.types import JobStatus, OverLimit, State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registered")]


MONGO = "LYKEION_TEST_MONGO_URL"


@pytest.fixture
def pulse() -> Iterator[worker.Pulse]:
    """As a worker's process has one."""
    made = worker.Pulse(60)
    yield made
    made.stop()


def kind(name: str, *, limit: timedelta) -> Kind:
    """A kind of job that may take little memory."""
    return Kind(name, lambda payload, running: None, attempts=1, priority=0, forget=False, limit=limit, memory_mb=64)


def done_by_a_worker(name: str, pulse: worker.Pulse) -> JobStatus:
    """Does one job as a worker's process would."""
    job_id = api.enqueue(name, {})
    claim = claims.claim_one(job_id, now())
    assert claim is not None
    worker._do(claim, pulse)
    return api.status(job_id)


def test_a_job_over_its_time_fails_with_words_and_is_not_repeated(pulse: worker.Pulse) -> None:
    @api.job("test.endless", limit=timedelta(seconds=0.1))
    def endless(payload: Any, running: api.Running) -> Any:
        while True:
            time.sleep(0.01)

    found = done_by_a_worker("test.endless", pulse)

    assert (found.state, found.attempts) == (State.FAILED, 1)
    assert found.error == "OverLimit: It took longer than 0:00:00.100000."


def test_a_job_over_its_memory_fails_with_words(pulse: worker.Pulse) -> None:
    @api.job("test.greedy", memory_mb=64, limit=timedelta(seconds=60))
    def greedy(payload: Any, running: api.Running) -> Any:
        return len([bytearray(1024 * 1024) for _ in range(4_000)])

    found = done_by_a_worker("test.greedy", pulse)

    assert (found.state, found.error) == (State.FAILED, "OverLimit: It needed more than 64 MB of memory.")


def test_a_job_below_its_limits_leaves_none_behind(pulse: worker.Pulse) -> None:
    @api.job("test.modest", memory_mb=1, limit=timedelta(seconds=0.2))
    def modest(payload: Any, running: api.Running) -> Any:
        return "done"

    found = done_by_a_worker("test.modest", pulse)
    time.sleep(0.3)

    assert (found.state, len(bytearray(32 * 1024 * 1024))) == (State.DONE, 32 * 1024 * 1024)


def test_a_limit_is_told_of_once_and_only_while_the_job_runs(pulse: worker.Pulse) -> None:
    limits = Limits(kind("test", limit=timedelta(seconds=60)))

    with pytest.raises(OverLimit, match="It needed more than 64 MB"), limits.kept():
        limits.tell_of_memory()
        time.sleep(1)
    limits.tell_of_memory()  # from a thread that did not know that it is over
    time.sleep(0.01)


def test_a_job_that_leaves_no_memory_for_the_pulse_is_told_to_end(pulse: worker.Pulse) -> None:
    class Starved(Limits):
        def look(self) -> None:
            raise MemoryError

    claim, limits = claims.Claim(1, "test", {}, 1, "x"), Starved(kind("test", limit=timedelta(seconds=60)))

    with pytest.raises(OverLimit, match="It needed more than 64 MB"), pulse.of(claim, limits):
        time.sleep(30)

    assert pulse._thread.is_alive()


def test_a_job_interrupted_within_a_transaction_leaves_nothing_of_it_to_the_next(pulse: worker.Pulse) -> None:
    @api.job("test.endless", limit=timedelta(seconds=0.1))
    def endless(payload: Any, running: api.Running) -> Any:
        connection.in_atomic_block = True  # as in the middle of entering or leaving a transaction
        while True:
            time.sleep(0.01)

    found = done_by_a_worker("test.endless", pulse)

    assert (found.state, connection.in_atomic_block) == (State.FAILED, False)


def running_until(**row: Any) -> int:
    """A job that a worker had."""

    @api.job("test.nothing", limit=timedelta(minutes=10))
    def nothing(payload: Any, running: api.Running) -> Any:
        return "done"

    job_id = api.enqueue("test.nothing", {})
    Job.objects.update(state=State.RUNNING, claim="x", attempts=1, **row)
    return job_id


def test_a_job_whose_process_was_ended_for_its_time_is_failed_by_the_sweeper() -> None:
    at = now()
    ends = at - timedelta(seconds=30)
    lived = running_until(started=ends - timedelta(minutes=11), ends=ends, lease_until=ends + timedelta(seconds=20))

    assert tending.end_overdue(at) == 1
    assert api.status(lived).error == "OverLimit: It took longer than 0:11:00 and was ended."


def test_a_job_whose_worker_died_long_before_its_time_was_up_is_done_again() -> None:
    ends = now() - timedelta(hours=1)
    died = running_until(started=ends - timedelta(minutes=11), ends=ends, lease_until=ends - timedelta(minutes=9))

    assert tending.end_overdue(now()) == 0
    worker.run_pending()
    assert api.status(died).state == State.DONE


def test_a_job_found_by_a_worker_after_its_time_was_up_is_not_begun_again() -> None:
    ends = now() - timedelta(hours=1)
    lived = running_until(ends=ends, lease_until=ends + timedelta(seconds=20))

    worker.run_pending()

    assert api.status(lived).error == "OverLimit: It took longer than 0:10:00 and was ended."


def test_who_holds_what_lives_longer_hears_of_a_job_that_was_interrupted(pulse: worker.Pulse) -> None:
    @api.job("test.cut", limit=timedelta(seconds=0.1))
    def cut(payload: Any, running: api.Running) -> Any:
        while True:
            time.sleep(0.01)

    limits: list[tuple[int, int]] = []  # as they are when it is heard

    def hear(**_told: object) -> None:
        limits.append(resource.getrlimit(resource.RLIMIT_DATA))

    before = resource.getrlimit(resource.RLIMIT_DATA)
    interrupted.connect(hear)

    done_by_a_worker("test.cut", pulse)

    interrupted.disconnect(hear)
    assert limits == [before]


@pytest.mark.skipif(MONGO not in os.environ, reason="there is no MongoDB")
def test_a_job_cut_off_in_the_middle_of_mongos_driver_harms_none_after_it(pulse: worker.Pulse) -> None:
    url = os.environ.get(MONGO, "").replace("/lykeion", f"/test_limits_{os.getpid()}")

    @api.job("test.store", memory_mb=32, limit=timedelta(seconds=60))
    def store(payload: Any, running: api.Running) -> Any:
        found, kept = mongo_store(url), []
        ids = found.put_many([Node("html", {"n": number, "text": "x" * 2000}, ()) for number in range(100)])
        while payload["greedy"]:
            kept.append((found.read_many(ids), bytearray(1024 * 1024)))
        return len(found.read_many(ids))

    def done(greedy: bool) -> tuple[State, Any]:
        job_id = api.enqueue("test.store", {"greedy": greedy})
        claim = claims.claim_one(job_id, now())
        assert claim is not None
        worker._do(claim, pulse)
        status = api.status(job_id)
        return status.state, status.result

    found = [done(greedy) for greedy in (False, True, False, True, False)]

    forget_clients()
    assert found == [(State.DONE, 100), (State.FAILED, None)] * 2 + [(State.DONE, 100)]
