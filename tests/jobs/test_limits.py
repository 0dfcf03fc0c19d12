"""Jobs that take too much time or memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lykeion.core.clock import now
from lykeion.jobs import api, claims, tending, worker
from lykeion.jobs.models import Job
from lykeion.jobs.types import JobStatus, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registered")]


@pytest.fixture
def pulse() -> Iterator[worker.Pulse]:
    """As a worker's process has one."""
    made = worker.Pulse(60)
    yield made
    made.stop()


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
