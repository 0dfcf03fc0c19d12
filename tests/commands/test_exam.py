"""``lykeion exam``: what those who run exams read and do."""

from __future__ import annotations

import json

import pytest

from lykeion.__main__ import main
from lykeion.commands import exam
from lykeion.core.errors import LykeionError
from lykeion.courseware import api as courseware
from lykeion.courseware.models import EntrancePassed, ExamAllowance
from tests.courseware.acting import enter
from tests.factories import RUN, chapter, course, learner, person, question, sequential, store_course, vertical

pytestmark = pytest.mark.django_db


def store() -> None:
    timed = sequential("s1", vertical("u1", question("p1")), is_time_limited=True, default_time_limit_minutes=20)
    store_course(course(chapter("c1", timed), entrance_exam_enabled=True))


def test_more_time_is_given_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    store()
    learner()

    exam.allow(str(RUN), "alice", "s1", multiplier=1.5)
    exam.show(str(RUN), json=True)
    exam.show(str(RUN))

    said, listed, head, shown = capsys.readouterr().out.splitlines()
    assert said == "alice has 10 minutes more for s1"
    assert [(line["user"], line["extra_minutes"], line["status"]) for line in json.loads(listed)] == [
        ("alice", 10, None)
    ]
    assert head.split("\t") == list(json.loads(listed)[0])
    assert shown.split("\t")[:3] == ["alice", "s1", "-"]


def test_another_grant_and_one_that_comes_late_are_said_to_be_so(capsys: pytest.CaptureFixture[str]) -> None:
    store()
    user = learner()

    exam.allow(str(RUN), "alice", "s1", minutes=10)
    exam.allow(str(RUN), "alice", "s1", minutes=10)
    courseware.start_exam(enter(user), "sequential@s1")
    exam.allow(str(RUN), "alice", "s1", minutes=1)

    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "alice has 10 minutes more for s1",
        "alice has 10 minutes more for s1",
        "alice has 1 minute more for s1, instead of 10",
    ]
    assert said.err.splitlines() == [
        "note: they have begun already; this counts only for an attempt after `lykeion exam reset`"
    ]


def test_who_does_not_take_the_course_gets_no_time() -> None:
    store()
    person("dan")

    with pytest.raises(LykeionError, match=r"does not take course-v1:.*\. Enrol them first\."):
        exam.allow(str(RUN), "dan", "s1", minutes=10)
    exam.allow(str(RUN), "dan", "s1", minutes=0)

    assert not ExamAllowance.objects.exists()


def test_an_attempt_is_listed_and_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    store()
    courseware.start_exam(enter(learner()), "sequential@s1")

    exam.show(str(RUN), json=True)
    exam.reset(str(RUN), "alice", "s1")
    exam.reset(str(RUN), "alice", "s1")

    listed, *said = capsys.readouterr().out.splitlines()
    assert json.loads(listed)[0]["status"] == "started"
    assert said == ["alice may start s1 again", "alice has not started s1"]


def test_the_entrance_exam_is_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    store()
    user = learner()

    exam.skip_entrance(str(RUN), "alice@example.org")

    assert capsys.readouterr().out == "alice@example.org need not pass the entrance exam\n"
    assert list(EntrancePassed.objects.values_list("user_id", "skipped")) == [(user.pk, True)]


def test_nobody_and_nothing_are_said_so() -> None:
    store()
    learner()

    with pytest.raises(LykeionError, match="no account dan"):
        exam.reset(str(RUN), "dan", "s1")
    with pytest.raises(LykeionError, match="no timed subsection"):
        exam.reset(str(RUN), "alice", "u1")


def test_the_command_line_knows_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    store()
    learner()

    status = main(["exam", "allow", str(RUN), "alice", "s1", "--minutes", "15"])

    assert (status, capsys.readouterr().out) == (0, "alice has 15 minutes more for s1\n")
    assert ExamAllowance.objects.get().minutes == 15
