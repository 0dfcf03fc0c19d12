"""Workers: each job is done, whoever dies; failures wait and give up."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.jobs import api, worker
from lykeion.jobs.models import Job
from lykeion.jobs.types import GiveUp, State
from tests.jobs.home import Home, noted, until


@pytest.mark.django_db
@pytest.mark.usefixtures("registered")
class TestOneWorker:
    """What happens to one job after the other, without processes."""

    def test_a_job_is_done_once_and_its_result_kept(self) -> None:
        @api.job("test.add")
        def add(payload: Any, running: api.Running) -> Any:
            running.progress(1, 2, "half way")
            return payload["a"] + payload["b"]

        job_id = api.enqueue("test.add", {"a": 1, "b": 2})

        assert worker.run_pending() == 1
        assert worker.run_pending() == 0
        found = api.status(job_id)
        assert (found.state, found.result, found.done, found.total, found.message) == (State.DONE, 3, 2, 2, "half way")
        assert found.finished is not None

    def test_a_failed_job_waits_longer_each_time_and_gives_up(self) -> None:
        @api.job("test.fail", attempts=3)
        def fail(payload: Any, running: api.Running) -> Any:
            raise ValueError("no luck")

        job_id = api.enqueue("test.fail", {})
        pauses = []
        at = now()
        for _ in range(3):
            worker.run_pending(at=at)
            found = api.status(job_id)
            pauses.append((found.due - now()).total_seconds())
            at = max(found.due, at) + timedelta(seconds=1)

        assert (found.state, found.attempts, found.error) == (State.FAILED, 3, "ValueError: no luck")
        assert 3 <= pauses[0] < pauses[1]
        assert worker.run_pending(at=at + timedelta(days=1)) == 0

    @pytest.mark.parametrize(("error", "traced"), [(ValueError("no luck"), True), (LykeionError("It is away."), False)])
    def test_what_a_person_can_mend_is_said_in_one_line(
        self, caplog: pytest.LogCaptureFixture, error: Exception, traced: bool
    ) -> None:
        @api.job("test.fail", attempts=2)
        def fail(payload: Any, running: api.Running) -> Any:
            raise error

        job_id = api.enqueue("test.fail", {})
        worker.run_pending()
        worker.run_pending(at=now() + timedelta(minutes=1))

        told = [record for record in caplog.records if f"Job {job_id}" in record.getMessage()]
        assert [record.levelname for record in told] == ["WARNING", "ERROR"]
        assert [bool(record.exc_info) for record in told] == [traced, traced]
        assert all(str(error) in record.getMessage() for record in told)

    def test_a_job_that_can_never_succeed_is_not_repeated(self) -> None:
        @api.job("test.hopeless")
        def hopeless(payload: Any, running: api.Running) -> Any:
            raise GiveUp("the course is gone")

        job_id = api.enqueue("test.hopeless", {})
        worker.run_pending()

        found = api.status(job_id)
        assert (found.state, found.attempts, found.error) == (State.FAILED, 1, "GiveUp: the course is gone")

    def test_a_failed_job_can_be_tried_again_by_hand(self) -> None:
        luck = iter([False, True])

        @api.job("test.moody", attempts=1)
        def moody(payload: Any, running: api.Running) -> Any:
            if not next(luck):
                raise ValueError("not today")
            return "fine"

        job_id = api.enqueue("test.moody", {})
        worker.run_pending()

        assert api.retry_failed(job_id, at=now())
        worker.run_pending()
        assert api.status(job_id).result == "fine"

    def test_a_job_of_a_name_that_is_not_known_waits_for_a_worker_of_a_newer_release_and_fails_in_the_end(self) -> None:
        job_id = api.enqueue("accounts.send_mail", {})
        Job.objects.filter(pk=job_id).update(name="newer.job")

        worker.run_pending()
        assert api.status(job_id).state == State.WAITING
        for hour in range(10):
            worker.run_pending(at=now() + timedelta(hours=2 * hour))

        assert (api.status(job_id).state, api.status(job_id).attempts) == (State.FAILED, 10)
        assert "There is no job 'newer.job'" in api.status(job_id).error

    def test_urgent_jobs_go_first_then_the_older(self) -> None:
        done: list[int] = []

        @api.job("test.note")
        def note(payload: Any, running: api.Running) -> Any:
            done.append(payload)

        for number, priority in ((1, 0), (2, 5), (3, 0), (4, 5)):
            api.enqueue("test.note", number, priority=priority)
        worker.run_pending()

        assert done == [2, 4, 1, 3]

    def test_a_job_for_later_waits(self) -> None:
        @api.job("test.later")
        def later(payload: Any, running: api.Running) -> Any:
            return None

        api.enqueue("test.later", {}, at=now() + timedelta(hours=1))

        assert worker.run_pending() == 0
        assert worker.run_pending(at=now() + timedelta(hours=2)) == 1

    def test_a_job_that_lost_its_lease_leaves_the_other_one_s_result_alone(self) -> None:
        @api.job("test.overtaken")
        def overtaken(payload: Any, running: api.Running) -> Any:
            Job.objects.update(claim="another worker", message="mine now")
            running.progress(1, 2)
            raise AssertionError("it should have stopped")

        job_id = api.enqueue("test.overtaken", {})
        worker.run_pending()

        assert (api.status(job_id).state, api.status(job_id).message) == (State.RUNNING, "mine now")

    def test_a_worker_that_dies_again_and_again_is_not_fed_the_same_job_for_ever(self) -> None:
        @api.job("test.deadly", attempts=2)
        def deadly(payload: Any, running: api.Running) -> Any:
            raise AssertionError("it must not run again")

        job_id = api.enqueue("test.deadly", {})
        Job.objects.update(state=State.RUNNING, attempts=2, lease_until=now() - timedelta(seconds=1))
        worker.run_pending()

        assert api.status(job_id).error == "GiveUp: Its worker died 2 times."


def test_pauses_grow_and_end_at_an_hour() -> None:
    assert timedelta(seconds=4) <= worker.pause_after(1) <= timedelta(seconds=6)
    assert worker.pause_after(99) <= timedelta(hours=1.2)


def test_of_several_workers_exactly_one_does_each_job(home: Home) -> None:
    home.run("order", "30")
    workers = [home.start("work", "60") for _ in range(3)]

    until(lambda: len(noted(home)) >= 60)
    assert ended(home, workers) == [0, 0, 0]

    assert Counter(noted(home)) == Counter([f"{what} {n}" for n in range(30) for what in ("start", "end")])
    assert home.run("states") == ["done"] * 30


def test_the_job_of_a_killed_worker_is_done_by_another_after_its_lease(home: Home) -> None:
    home.run("order", "1", "-1")
    first = home.start("work", "1")
    until(lambda: noted(home) == ["start 0"])
    os.kill(first, signal.SIGKILL)
    (home.folder / "go").touch()

    second = home.start("work", "1")
    until(lambda: "end 0" in noted(home))
    assert ended(home, [first, second]) == [-signal.SIGKILL, 0]

    assert noted(home) == ["start 0", "start 0", "end 0"]
    assert home.run("states") == ["done"]


def test_a_long_job_of_a_living_worker_is_nobody_else_s(home: Home) -> None:
    home.run("order", "1", "2.5")
    workers = [home.start("work", "1") for _ in range(2)]

    until(lambda: "end 0" in noted(home))
    assert ended(home, workers) == [0, 0]

    assert noted(home) == ["start 0", "end 0"]


def test_a_worker_that_is_asked_to_stop_finishes_what_it_began(home: Home) -> None:
    home.run("order", "2", "-1")
    one = home.start("work", "60")
    until(lambda: noted(home) == ["start 0"])

    (home.folder / "stop").touch()
    until((home.folder / "stopping").exists)
    (home.folder / "go").touch()
    assert ended(home, [one]) == [0]

    assert noted(home) == ["start 0", "end 0"]
    assert home.run("states") == ["done", "waiting"]


def test_a_broker_is_only_loaded_where_there_is_one(home: Home) -> None:
    home.run("order", "1")

    assert home.run("loaded") is False


def ended(home: Home, workers: list[int]) -> list[int]:
    """The exit codes of workers that are asked to stop."""
    (home.folder / "stop").touch()
    return [home.run("wait", str(one)) for one in workers]


@pytest.mark.django_db
@pytest.mark.usefixtures("registered")
def test_of_a_failed_job_that_is_to_be_forgotten_only_the_kind_of_failure_is_kept() -> None:
    @api.job("test.secret", attempts=1, forget=True)
    def secret(payload: Any, running: api.Running) -> Any:
        running.log("to alice@example.org")
        running.progress(1, 2, "alice@example.org", kept={"to": "alice@example.org"})
        raise ValueError("nobody lives at alice@example.org")

    job_id = api.enqueue("test.secret", {"to": "alice@example.org", "link": "https://example.org/reset/1"})
    worker.run_pending()

    found = api.status(job_id)
    assert (found.state, found.payload, found.error) == (State.FAILED, None, "ValueError")
    assert "alice" not in repr(list(Job.objects.values())) + repr(api.lines(job_id))
    assert api.retry_failed(job_id, at=now()) is False
