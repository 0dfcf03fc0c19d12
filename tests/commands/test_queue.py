"""``lykeion queue``: what the operator reads and does."""

from __future__ import annotations

import json

import pytest

from lykeion.accounts import api as accounts
from lykeion.commands import queue
from lykeion.core.errors import LykeionError
from lykeion.graders import api as graders
from lykeion.graders.models import Submission
from tests.factories import PAST, learner, person, store_course
from tests.graders.course import QUEUE, coding, submit

pytestmark = pytest.mark.django_db


def submitted() -> str:
    store_course(coding())
    submit(learner("alice"), "code", "x")
    return str(Submission.objects.get().key)


def test_a_site_without_graders_shows_an_empty_table(capsys: pytest.CaptureFixture[str]) -> None:
    queue.show()

    assert capsys.readouterr().out == "queue  waiting  grading  failed  oldest\n"


def test_what_waits_and_what_failed_is_shown_with_its_age_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    graders.fail(submitted(), "The reply is not JSON.")

    queue.show(json=True)
    told = json.loads(capsys.readouterr().out)
    queue.show()
    shown = capsys.readouterr().out

    [line], [failure] = told["queues"], told["failures"]
    assert {name: line[name] for name in ("queue", "waiting", "grading", "failed")} == {
        "queue": QUEUE, "waiting": 0, "grading": 0, "failed": 1,
    }  # fmt: skip
    assert line["oldest"].endswith(" h")
    assert (failure["error"], failure["queue"]) == ("The reply is not JSON.", QUEUE)
    assert "The reply is not JSON." in shown


def test_failed_submissions_are_queued_again(capsys: pytest.CaptureFixture[str]) -> None:
    graders.fail(submitted(), "no")

    queue.retry(queue=QUEUE)

    assert capsys.readouterr().out == "1 queued again\n"
    assert Submission.objects.get().state == "queued"


def test_answered_submissions_are_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    graders.close(submitted(), PAST)

    queue.forget(days=90)

    assert capsys.readouterr().out == "1 removed\n"


def test_an_account_for_a_grader_is_made_with_a_password_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    queue.allow("robot", QUEUE, create=True)

    said = capsys.readouterr().out
    made = accounts.find_person("robot")
    assert made is not None
    assert (graders.queues_of(made.id), made.is_staff) == ({QUEUE}, False)
    assert len(said.split("\n")[0].removeprefix("password: ")) == 32


def test_an_account_that_is_there_is_given_the_right_only(capsys: pytest.CaptureFixture[str]) -> None:
    robot = person("robot")

    queue.allow("robot", QUEUE)

    assert capsys.readouterr().out == f"robot may grade what is in {QUEUE}\n"
    assert graders.queues_of(robot.pk) == {QUEUE}


def test_an_account_that_is_not_there_is_not_made_by_a_slip() -> None:
    with pytest.raises(LykeionError, match="--create"):
        queue.allow("robto", QUEUE)
