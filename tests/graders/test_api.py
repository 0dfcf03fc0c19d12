"""What the operator sees and does; what is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.graders import api as graders
from lykeion.graders.files import storage
from lykeion.graders.models import Submission
from lykeion.graders.types import QueueLine, State
from tests.factories import NOW, learner, person
from tests.graders.course import QUEUE, submit

DAY = timedelta(days=1)


def test_the_operator_sees_what_waits_and_since_when(alice: User) -> None:
    submit(alice, "code", "x")
    submit(learner("bob"), "code", "y", NOW + DAY)
    graders.allow(person("robot").pk, "quiet")
    graders.pull(QUEUE, NOW)

    assert graders.lines() == [QueueLine(QUEUE, 1, 1, 0, NOW), QueueLine("quiet", 0, 0, 0, None)]


def test_two_graders_never_get_the_same_submission(alice: User) -> None:
    submit(alice, "code", "x")

    assert graders.pull(QUEUE, NOW) is not None
    assert graders.pull(QUEUE, NOW) is None


def test_a_failed_submission_may_be_tried_again_by_queue(alice: User) -> None:
    submit(alice, "code", "x")
    graders.fail(Submission.objects.get().key, "no sense")

    assert (graders.retry(queue="another"), graders.retry(queue=QUEUE), graders.retry()) == (0, 1, 0)


def test_what_waits_at_a_grader_may_be_called_back_by_id(alice: User) -> None:
    submit(alice, "code", "x")
    found = graders.pull(QUEUE, NOW)
    assert found is not None

    assert graders.retry(ids=[found.id]) == 1
    again = graders.pull(QUEUE, NOW)
    assert again is not None
    assert again.pull_key != found.pull_key


def test_what_is_over_is_not_tried_again(alice: User) -> None:
    submit(alice, "code", "x")
    graders.close(Submission.objects.get().key, NOW)

    assert graders.retry(ids=[Submission.objects.get().pk]) == 0


def test_old_answers_are_forgotten_with_their_files_and_those_that_wait_are_not(alice: User) -> None:
    submit(alice, "files", [("a.py", b"x")])
    submit(alice, "code", "x")
    row = Submission.objects.exclude(files={}).get()
    graders.close(row.key, NOW)

    kept, gone = graders.forget(NOW), graders.forget(NOW + DAY)

    assert (kept, gone) == (0, 1)
    assert Submission.objects.get().state == State.QUEUED
    assert not storage().exists(row.files["a.py"])


def test_a_retired_account_may_grade_no_more(db: None) -> None:
    robot = person("robot")
    graders.allow(robot.pk, QUEUE)

    accounts.retire(robot.pk, at=NOW)

    assert graders.queues_of(robot.pk) == frozenset()


def test_a_right_is_given_once(db: None) -> None:
    robot = person("robot")

    for _ in range(2):
        graders.allow(robot.pk, QUEUE)

    assert graders.queues_of(robot.pk) == {QUEUE}


def test_a_failure_is_told_with_its_reason(alice: User) -> None:
    submit(alice, "code", "x")
    graders.fail(Submission.objects.get().key, "The reply is not JSON.")

    assert [one.error for one in graders.failures()] == ["The reply is not JSON."]


@pytest.mark.parametrize("token", ["", "x", "W10:1:x"])
def test_a_link_nobody_signed_opens_nothing(token: str) -> None:
    with pytest.raises(graders.NoSuchSubmission):
        graders.open_link(token)
