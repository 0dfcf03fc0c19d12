"""``lykeion jobs`` and ``worker``: what the operator reads and does."""

from __future__ import annotations

import json
import signal
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from lykeion.commands import jobs as command
from lykeion.commands.services import ask_jobs
from lykeion.commands.worker import Lane, share_out
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.jobs import api
from lykeion.jobs.models import Job
from lykeion.jobs.types import JobError
from tests.homes import GIVEN, LYKEION, migrated
from tests.jobs.conftest import registered
from tests.jobs.home import until
from tests.processes import running

__all__ = ["registered"]


@pytest.fixture
def job_id(db: None, registered: None) -> int:
    """A job that failed."""

    @api.job("test.fails", attempts=1, queue="reports")
    def fails(payload: Any, running: api.Running) -> Any:
        running.log("about to fail")
        running.progress(1, 2)
        raise ValueError("no luck")

    made = api.enqueue("test.fails", {"secret": "s3cret"}, title="Grades")
    api.run_pending()
    return made


def test_jobs_are_listed_with_what_waits(job_id: int, capsys: pytest.CaptureFixture[str]) -> None:
    api.enqueue("test.fails", {})

    command.show_all(None, "", "", 20)
    shown = capsys.readouterr().out
    command.show_all("failed", "", "", 20, json=True)
    told = json.loads(capsys.readouterr().out)

    lines = [line.split() for line in shown.splitlines()]
    assert [str(job_id), "reports", "test.fails", "failed", "1/2", "0", "h", "0", "min", "Grades"] in lines
    assert ["reports", "1", "0", "h", "0", "min"] in lines
    assert [one["id"] for one in told["jobs"]] == [job_id]
    with pytest.raises(LykeionError, match="There is no queue 'mial'; --queue takes one of: high, mail, default, rep"):
        command.show_all(None, "mial", "", 20)


def test_alerts_are_told_how_long_jobs_wait_and_how_many_failed_lately(
    job_id: int, capsys: pytest.CaptureFixture[str]
) -> None:
    at = now()
    api.enqueue("test.fails", {}, queue="mail", at=at - timedelta(minutes=20))
    api.enqueue("test.fails", {}, queue="mail", at=at - timedelta(minutes=5))
    long_ago = Job(name="test.fails", payload={}, state="failed", due=at, created=at, finished=at - timedelta(hours=2))
    long_ago.save()

    command.show_all(None, "", "", 1, json=True)

    told = json.loads(capsys.readouterr().out)
    (waiting,) = told["waiting"]
    assert (waiting["queue"], waiting["waiting"], waiting["oldest"]) == ("mail", 2, "0 h 20 min")
    assert 1200 <= waiting["seconds"] < 1300
    assert told["failed_within_hour"] == 1


def test_one_is_shown_with_its_log_and_without_its_payload(job_id: int, capsys: pytest.CaptureFixture[str]) -> None:
    command.show(job_id)

    shown = capsys.readouterr().out
    assert "about to fail" in shown and "ValueError: no luck" in shown and "s3cret" not in shown
    with pytest.raises(JobError, match="There is no job 0"):
        command.show(0)


def test_what_came_of_one_is_shown_as_words_not_as_a_program_writes_it(
    db: None, registered: None, capsys: pytest.CaptureFixture[str]
) -> None:
    @api.job("test.counts", title="Counts")
    def counts(payload: Any, running: api.Running) -> Any:
        with running.result_file("grades.csv") as out:
            out.write(b"a,b\n")
        return {"done": 3, "failed": 0, "words": ["bob: no", "eva: no"], "none": None}

    made = api.enqueue("test.counts", {})
    api.run_pending()

    command.show(made)

    shown = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert (shown["title"], shown["result"]) == ("Counts", "done: 3, failed: 0, words: bob: no, eva: no")
    assert shown["file"] == "name: grades.csv, size: 4"


def test_what_people_wrote_gives_the_terminal_no_orders(job_id: int, capsys: pytest.CaptureFixture[str]) -> None:
    api.enqueue("test.fails", {}, title="Grades\x1b[2J\r\u202eomeD")

    command.show_all(None, "", "", 20)
    listed = capsys.readouterr().out
    command.show(api.latest("test.fails", limit=1)[0].id)
    shown = capsys.readouterr().out

    assert r"Grades\x1b[2J\r\u202eomeD" in listed and r"Grades\x1b[2J\r\u202eomeD" in shown


def test_failed_ones_wait_again_and_waiting_ones_are_cancelled(job_id: int, capsys: pytest.CaptureFixture[str]) -> None:
    codes = [command.retry([job_id]), command.retry([job_id]), command.cancel([job_id]), command.cancel([job_id, 0])]

    assert codes == [0, 1, 0, 1]
    assert f"{job_id} waits again\n{job_id} cancelled\n" in capsys.readouterr().out


def test_half_of_the_processes_leave_reports_alone() -> None:
    quick, everything = ("high", "mail", "default"), ("high", "mail", "default", "reports")

    assert share_out(everything, 1) == [Lane(everything, 1)]
    assert share_out(everything, 5) == [Lane(quick, 3), Lane(everything, 2)]
    assert share_out(quick, 4) == [Lane(quick, 4)]
    assert share_out(["reports"], 4) == [Lane(("reports",), 4)]


def test_jobs_that_wait_too_long_are_told_of(job_id: int) -> None:
    api.enqueue("test.fails", {})
    assert [one.mend for one in ask_jobs()] == ["", ""]

    Job.objects.update(due=now().replace(year=2020))

    assert [one.mend for one in ask_jobs()] == ["", "see that `lykeion worker` runs, with enough --concurrency"]


def test_a_worker_is_a_family_that_lives_again_and_ends_together(tmp_path: Path) -> None:
    environ, log = {**GIVEN, "LYKEION_HOME": str(migrated(tmp_path / "home"))}, tmp_path / "log"
    wrong = subprocess.run([*LYKEION, "worker", "--queues", "mial"], env=environ, capture_output=True, text=True)

    with running([*LYKEION, "worker", "--queues", "mail", "--concurrency", "1"], environ, log) as process:
        crew = psutil.Process(process.pid)
        until(lambda: len(crew.children()) == 2, 60)  # one that works, and the keeper
        first = crew.children()[0]
        first.send_signal(signal.SIGKILL)
        until(lambda: len(crew.children()) == 2 and first not in crew.children(), 60)
        held = [file.path for file in crew.open_files() if "sqlite3" in file.path]

    assert held == []  # no lock survives a fork
    assert "starting it anew" in log.read_text()
    assert "There is no queue 'mial'; --queues takes some of: high, mail, default, reports." in wrong.stderr
