"""Ordering jobs."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from lykeion.core.clock import now
from lykeion.jobs import api, claims, files, tending, worker
from lykeion.jobs.broker import Order
from lykeion.jobs.models import Job, JobLine
from lykeion.jobs.sending import Sender, mark_sent
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

    tending.trim(now())

    assert set(Job.objects.values_list("pk", flat=True)) == {failed, fresh}


@pytest.mark.django_db
class TestWhatPeopleSeeOfAJob:
    """Who asked for it, its log, its file; and ending it."""

    def test_it_is_found_by_who_asked_and_by_what_it_is_about(self) -> None:
        mine = api.enqueue("test.nothing", {}, by=7, title="Grades of Demo", about="course-v1:A+B+C", queue="reports")
        api.enqueue("test.nothing", {}, by=8, about="course-v1:A+B+D")

        (found,) = api.find(by=7)
        assert (found.id, found.title, found.queue) == (mine, "Grades of Demo", "reports")
        assert [one.id for one in api.find(about="course-v1:A+B+C")] == [mine]

    def test_its_file_and_its_log_are_kept_and_go_with_it(self) -> None:
        @api.job("test.report")
        def report(payload: Any, running: api.Running) -> Any:
            running.log("three\nrows")
            for words in (b"a first try", b"a,b\n1,2\n"):
                with running.result_file("grades.csv") as out:
                    out.write(words)

        job_id = api.enqueue("test.report", {})
        worker.run_pending()

        found = api.status(job_id).file
        assert found is not None
        assert (found.name, found.size) == ("grades.csv", 8)
        with api.open_file(job_id) as kept:
            assert kept.read() == b"a,b\n1,2\n"
        assert [line.text for line in api.lines(job_id)] == ["three rows"]

        Job.objects.update(finished=now() - timedelta(days=31))
        key = Job.objects.get().file
        tending.trim(now())
        assert not files.storage().exists(key)

    def test_a_waiting_job_is_cancelled_at_once_and_may_be_ordered_again(self) -> None:
        job_id = api.enqueue("test.nothing", {}, key="k")

        assert api.cancel(job_id, at=now())
        assert worker.run_pending() == 0
        assert (api.status(job_id).state, api.cancel(job_id, at=now())) == (State.CANCELLED, False)
        assert api.enqueue("test.nothing", {}, key="k") != job_id
        assert api.retry_failed(job_id, at=now())
        assert worker.run_pending() == 2

    def test_a_running_job_ends_at_its_next_sign_of_progress(self) -> None:
        @api.job("test.long")
        def long(payload: Any, running: api.Running) -> Any:
            running.progress(1, 3)
            assert api.cancel(running.id, at=now())
            assert api.status(running.id).cancelling
            running.progress(2, 3)
            raise AssertionError("it should have ended")

        job_id = api.enqueue("test.long", {})
        worker.run_pending()

        found = api.status(job_id)
        assert (found.state, found.done, found.error, found.cancelling) == (State.CANCELLED, 1, "", False)

    def test_a_cancelled_job_whose_worker_died_is_not_begun_again(self) -> None:
        job_id = api.enqueue("test.nothing", {})
        Job.objects.update(state=State.RUNNING, cancelling=True, lease_until=now() - timedelta(seconds=1))

        worker.run_pending()

        assert api.status(job_id).state == State.CANCELLED

    def test_a_cancelled_job_that_fails_before_its_next_sign_of_progress_is_not_tried_again(self) -> None:
        @api.job("test.failing")
        def failing(payload: Any, running: api.Running) -> Any:
            assert api.cancel(running.id, at=now())
            raise ValueError("no luck")

        job_id = api.enqueue("test.failing", {})
        worker.run_pending()

        assert (api.status(job_id).state, api.status(job_id).error) == (State.CANCELLED, "")

    def test_of_a_cancelled_job_that_is_to_be_forgotten_nothing_is_kept(self) -> None:
        @api.job("test.secret", forget=True)
        def secret(payload: Any, running: api.Running) -> Any:
            """Nothing."""

        job_id = api.enqueue("test.secret", {"to": "alice@example.org"}, title="To alice@example.org")
        claims.add_line(job_id, now(), "to alice@example.org")

        assert api.cancel(job_id, at=now())

        assert "alice" not in repr(list(Job.objects.values())) + repr(api.lines(job_id))
        assert not api.retry_failed(job_id, at=now())

    def test_an_unknown_queue_is_refused(self) -> None:
        with pytest.raises(JobError, match="There is no queue 'fast'; use one of: high, mail, default, reports"):
            api.enqueue("test.nothing", {}, queue="fast")
        with pytest.raises(JobError, match=r"no queue 'fast' \(of job 'test.x'\)"):
            api.job("test.x", queue="fast")


@pytest.mark.django_db(transaction=True)
def test_another_try_goes_on_from_what_the_last_one_kept() -> None:
    seen: list[Any] = []

    @api.job("tests.resumed")
    def resumed(_payload: Any, running: api.Running) -> Any:
        seen.append(running.kept)
        running.progress(1, 2, kept={"after": 7})
        if running.attempt == 1:
            raise OSError("the disk is gone")
        return "done"

    order = api.enqueue("tests.resumed", None)
    api.run_pending()
    between = api.status(order)
    api.run_pending(at=now() + timedelta(minutes=1))

    assert (seen, between.result, api.status(order).result) == ([None, {"after": 7}], {"after": 7}, "done")


@pytest.mark.django_db(transaction=True)
def test_what_is_under_way_is_found_by_a_part_of_its_payload() -> None:
    @api.job("tests.asked")
    def asked(_payload: Any, _running: api.Running) -> None:
        """Nothing."""

    mine = api.enqueue("tests.asked", {"run": "a", "user_id": None}, about="a")
    api.enqueue("tests.asked", {"run": "a", "user_id": 3}, about="a")
    api.enqueue("tests.asked", {"run": "b", "user_id": None}, about="b")

    found = [one.id for one in api.under_way("tests.asked", {"run": "a", "user_id": None}, about="a")]
    api.run_pending()

    assert (found, api.under_way("tests.asked", {"run": "a"}, about="a"), list(api.statuses([mine]))) == (
        [mine], [], [mine]
    )  # fmt: skip


@pytest.mark.django_db
def test_a_job_s_log_keeps_its_newest_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MOST_LINES", 40)
    for number in range(120):
        claims.add_line(1, now(), f"line {number}")

    texts = [line.text for line in api.lines(1)]
    assert texts[-1] == "line 119"
    assert 40 <= len(texts) <= 90


@pytest.mark.django_db
def test_a_worker_of_some_queues_leaves_the_others_alone() -> None:
    report, mail = (api.enqueue("test.nothing", {}, queue=queue) for queue in ("reports", "mail"))

    first = claims.claim_next(now(), queues=("high", "mail"))
    second = claims.claim_next(now(), queues=("high", "mail"))

    assert (first and first.id, second, api.status(report).state) == (mail, None, State.WAITING)


@pytest.mark.django_db
def test_who_runs_the_keeper_has_old_jobs_removed_with_a_broker_and_without() -> None:
    Job.objects.filter(pk=api.enqueue("test.nothing", {})).update(state=State.DONE, finished=now() - timedelta(days=31))

    tending._tend(lambda name: None)

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_worker_thought_dead_that_gives_a_sign_of_life_keeps_its_job() -> None:
    api.enqueue("test.nothing", {})
    at = now()
    slow = claims.claim_next(at)
    assert slow is not None
    late = at + claims.LEASE + timedelta(seconds=1)
    (seen,) = claims._candidates(Job.objects.all(), late)

    claims.extend(slow, late)

    assert claims._take(seen, late, None) is None


@pytest.mark.django_db(transaction=True)  # the sender closes connections of its own
def test_a_job_that_failed_before_it_was_noted_as_sent_is_sent_again() -> None:
    failed, waiting = (api.enqueue("test.nothing", {}) for _ in range(2))
    at = now()
    claim = claims.claim_one(failed, at)
    assert claim is not None
    claims.postpone(claim, at + timedelta(seconds=5), error="no luck")

    mark_sent([Order(one, "test.nothing", "default") for one in (failed, waiting)], at)

    assert dict(Job.objects.values_list("pk", "sent")) == {failed: None, waiting: at}


def test_a_thread_that_died_is_replaced_by_the_next_order() -> None:
    seen: list[Any] = []

    class Brief(Sender):
        def _send_forever(self, waiting: Any) -> None:
            seen.append(waiting.get())

    brief = Brief()
    for number in (1, 2):
        brief.offer(number, "test.nothing", "default")
        brief._thread.join()

    assert [one[0] for one in seen] == [1, 2]


def _made(state: State) -> Job:
    row = Job.objects.create(
        name="test.nothing", payload={"a": 1}, state=state, created=now(), due=now(), result={"b": 2}, message="c",
        error="d", file=files.keep(BytesIO(b"e")), file_name="e.csv", file_size=1,
    )  # fmt: skip
    JobLine.objects.create(job=row.pk, at=now(), text="f")
    return row


@pytest.mark.django_db
def test_what_a_job_made_can_be_forgotten_and_all_of_it_too(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_JOB_FILES = tmp_path
    row, other = _made(State.DONE), _made(State.FAILED)

    dropped = [api.drop_result(row.pk), api.drop_result(row.pk), api.drop(other.pk), api.drop(other.pk)]

    left = api.status(row.pk)
    assert dropped == [True, False, True, False]
    assert (left.state, left.payload, left.result, left.file) == (State.DONE, {"a": 1}, None, None)
    assert (left.message, left.error, api.lines(row.pk), api.lines(other.pk)) == ("", "", [], [])
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []
    with pytest.raises(JobError):
        api.status(other.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING])
def test_a_job_that_is_not_over_is_not_forgotten(settings: Any, tmp_path: Path, state: State) -> None:
    settings.LYKEION_JOB_FILES = tmp_path
    row = _made(state)

    assert (api.drop(row.pk), api.drop_result(row.pk)) == (False, False)
    assert api.status(row.pk).result == {"b": 2}


@pytest.mark.django_db
def test_failures_are_counted_by_index_however_many_jobs_there_were() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert api.failed_since(now()) == 0

    with connection.cursor() as cursor:
        words = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{words} {asked.captured_queries[0]['sql']}")
        assert "jobs_job_over" in str(cursor.fetchall())
