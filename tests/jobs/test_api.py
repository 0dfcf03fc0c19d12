"""Ordering jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Value

from lykeion.core.clock import now
from lykeion.jobs import api, worker
from lykeion.jobs.models import Job
from lykeion.jobs.types import JobError, State

pytestmark = pytest.mark.usefixtures("registered")


@pytest.fixture(autouse=True)
def _job() -> None:
    @api.job("test.nothing", priority=3)
    def nothing(payload: Any, running: api.Running) -> Any:
        return running.attempt


@pytest.mark.django_db(transaction=True)
def test_an_order_commits_with_the_change_that_asked_for_it() -> None:
    with transaction.atomic():
        api.enqueue("test.nothing", {})

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        api.enqueue("test.nothing", {})
        raise ZeroDivisionError

    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_of_this_process_wakes_on_commit() -> None:
    worker.wake.clear()

    with transaction.atomic():
        api.enqueue("test.nothing", {})
        assert not worker.wake.is_set()

    assert worker.wake.is_set()


@pytest.mark.django_db
def test_a_new_order_waits_with_the_priority_of_its_kind() -> None:
    job_id = api.enqueue("test.nothing", {"a": [1, None]})

    found = api.status(job_id)
    assert (found.name, found.state, found.payload, found.attempts) == (
        "test.nothing",
        State.WAITING,
        {"a": [1, None]},
        0,
    )
    assert Job.objects.get().priority == 3


@pytest.mark.django_db
def test_two_orders_with_one_key_are_one_until_it_begins() -> None:
    first = api.enqueue("test.nothing", {"n": 1}, key="outline of x")
    second = api.enqueue("test.nothing", {"n": 2}, key="outline of x")
    worker.run_pending()
    third = api.enqueue("test.nothing", {"n": 3}, key="outline of x")

    assert first == second != third


@pytest.mark.django_db
@pytest.mark.parametrize("payload", [None, 0, "", [], {}, {"a": None}])
@pytest.mark.parametrize("key", [None, "k"])
def test_any_json_is_an_order(payload: Any, key: str | None) -> None:
    job_id = api.enqueue("test.nothing", payload, key=key)

    assert api.status(job_id).payload == payload


@pytest.mark.django_db
def test_an_order_the_database_cannot_take_is_an_error_and_not_an_endless_loop() -> None:
    with pytest.raises(IntegrityError):
        api.enqueue("test.nothing", {}, key="k", priority=Value(None))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(JobError, match=r"There is no job 'test.nothin'; known are: .*test\.nothing"):
        api.enqueue("test.nothin", {})
    with pytest.raises(JobError, match="There is no job 99"):
        api.status(99)


@pytest.mark.django_db
def test_the_latest_come_newest_first() -> None:
    ids = [api.enqueue("test.nothing", {}) for _ in range(3)]

    assert [one.id for one in api.latest("test.nothing", limit=2)] == [ids[2], ids[1]]


@pytest.mark.django_db
def test_jobs_done_long_ago_are_forgotten_and_failed_ones_later() -> None:
    long_ago, longer_ago = now() - timedelta(days=31), now() - timedelta(days=91)
    done, failed, fresh, given_up = (api.enqueue("test.nothing", {}) for _ in range(4))
    Job.objects.filter(pk=given_up).update(state=State.FAILED, finished=longer_ago)
    Job.objects.filter(pk=done).update(state=State.DONE, finished=long_ago)
    Job.objects.filter(pk=failed).update(state=State.FAILED, finished=long_ago)
    Job.objects.filter(pk=fresh).update(state=State.DONE, finished=now())

    worker._trim()

    assert set(Job.objects.values_list("pk", flat=True)) == {failed, fresh}
