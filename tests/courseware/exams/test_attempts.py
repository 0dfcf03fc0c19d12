"""Alice takes a timed exam."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from webob import Request

from lykeion.core.keys import usage_of
from lykeion.courseware import api as courseware
from lykeion.courseware.entering import plan, sheet
from lykeion.courseware.exams.reading import attempts_of
from lykeion.courseware.models import ExamAttempt, LearnerState
from lykeion.courseware.types import AccessDenied, Attempt, ExamError, Visitor
from lykeion.grades import api as grades
from lykeion.grades.models import BlockScore
from tests.courseware.acting import ENTER, answer, enter, post, usage
from tests.factories import (
    NOW,
    RUN,
    chapter,
    course,
    learner,
    person,
    question,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
EXAM = "sequential@s2"
POLICY = {
    "GRADER": [{"type": "Exam", "short_label": "Ex", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}


def store(**fields: Any) -> None:
    """A course with a lesson, an exam of 30 minutes with two questions, and an end."""
    given = {"is_time_limited": True, "default_time_limit_minutes": 30, "graded": True, "format": "Exam", **fields}
    exam = sequential("s2", vertical("u2", question("p1")), vertical("u3", question("p2"), text("t2")), **given)
    lesson, end = sequential("s1", vertical("u1", text("t1"))), sequential("s3", vertical("u4", text("t4")))
    store_course(course(chapter("c1", lesson, exam, end), grading_policy=POLICY))


def code(call: Any) -> str:
    """The code of a refusal; '' when there was none."""
    try:
        call()
    except AccessDenied as denied:
        return denied.code
    return ""


def attempt(user: Any) -> Attempt:
    run = enter(user).run
    return attempts_of(user.pk, run.id)[EXAM]


def every_way(visitor: Visitor) -> dict[str, str]:
    """What each way in says about a question of the exam."""
    return {
        "unit": code(lambda: courseware.unit(visitor, "vertical@u2")),
        "subsection": code(lambda: courseware.unit(visitor, EXAM)),
        "jump": code(lambda: courseware.check_open(visitor, "problem@p1")),
        "view": code(lambda: courseware.view(visitor, "problem@p1")),
        "answer": code(lambda: answer(visitor, "p1")),
        "get": code(lambda: courseware.handle(visitor, usage("problem@p1"), "xmodule_handler", "problem_get", GET)),
    }


GET = Request.blank("/")


def test_before_the_start_no_way_leads_into_an_exam() -> None:
    store()
    alice = enter(learner())

    found = every_way(alice)
    courseware.complete(alice, {"vertical@u3": 1.0, "html@t2": 1.0})
    page = courseware.exam_page(alice, "problem@p1")

    assert set(found.values()) == {"exam_not_started"}
    assert not LearnerState.objects.exists()
    assert page is not None
    assert (page.state, page.minutes, page.ref, page.next) == ("entry", 30, EXAM, "vertical@u4")


def test_an_exam_is_listed_and_counts_before_it_is_started() -> None:
    store()
    alice = enter(learner())

    line = courseware.home(alice).sections[0].subsections[1]

    assert (line.title, line.locked, line.note) == ("s2", "", "Timed exam, 30 minutes")
    assert [one.ref for one in sheet(alice).lines if one.graded] == [EXAM]
    assert plan(alice).way == ("vertical@u1", EXAM, "vertical@u4")


def test_who_has_more_time_than_others_reads_so_on_course_home() -> None:
    store()
    row = learner()
    courseware.allow_exam_time(RUN, row.pk, "s2", minutes=15, at=NOW)

    line = courseware.home(enter(row)).sections[0].subsections[1]

    assert line.note == "Timed exam, 45 minutes"


def test_one_minute_is_said_in_the_singular() -> None:
    store(default_time_limit_minutes=1)

    line = courseware.home(enter(learner())).sections[0].subsections[1]

    assert line.note == "Timed exam, 1 minute"


def test_started_it_opens_for_its_minutes_and_the_answers_count() -> None:
    store()
    user = learner()
    courseware.start_exam(enter(user), EXAM)

    late = enter(user, NOW + timedelta(minutes=29, seconds=59))
    opened = every_way(late)
    clock = courseware.exam_clock(late)
    over = every_way(enter(user, NOW + 30 * MINUTE))

    assert set(opened.values()) == {""}
    assert courseware.exam_page(late, EXAM) is None
    assert clock is not None
    assert (clock.ref, clock.seconds_left, clock.seconds_allowed) == (EXAM, 1, 1800)
    assert set(over.values()) == {"exam_over"}
    assert BlockScore.objects.get().raw_earned == 1
    assert courseware.progress(enter(user, NOW + 31 * MINUTE)).grade.percent == 0.5


def test_starting_twice_starts_once_and_leaving_stops_no_clock() -> None:
    store()
    user = learner()

    for seconds in (0, 1, 600):
        courseware.start_exam(enter(user, NOW + timedelta(seconds=seconds)), EXAM)

    [row] = ExamAttempt.objects.all()
    assert (row.status, row.started_at, row.ends_at) == ("started", NOW, NOW + 30 * MINUTE)


def test_submitting_asks_first_and_the_way_back_is_open() -> None:
    store()
    user = learner()
    courseware.start_exam(enter(user), EXAM)

    courseware.ask_to_submit_exam(enter(user, NOW + MINUTE), EXAM)
    asked = courseware.exam_page(enter(user, NOW + MINUTE), "vertical@u2")
    courseware.start_exam(enter(user, NOW + 2 * MINUTE), EXAM)
    back = courseware.exam_page(enter(user, NOW + 2 * MINUTE), "vertical@u2")
    courseware.submit_exam(enter(user, NOW + 3 * MINUTE), EXAM)

    assert asked is not None
    assert (asked.state, back) == ("ready_to_submit", None)
    assert (attempt(user).status, attempt(user).completed) == ("submitted", NOW + 3 * MINUTE)


def test_once_submitted_it_stays_submitted_and_hidden() -> None:
    store(due=NOW + 60 * MINUTE)
    user = learner()
    courseware.start_exam(enter(user), EXAM)
    courseware.submit_exam(enter(user, NOW + MINUTE), EXAM)

    again = enter(user, NOW + 2 * MINUTE)
    with pytest.raises(ExamError, match="over"):
        courseware.start_exam(again, EXAM)
    courseware.ask_to_submit_exam(again, EXAM)
    courseware.submit_exam(again, EXAM)
    page = courseware.exam_page(again, EXAM)

    assert set(every_way(again).values()) == {"exam_over"}
    assert attempt(user).completed == NOW + MINUTE
    assert page is not None
    assert (page.state, page.shown_later, page.timed_out, page.minutes) == ("submitted", True, False, 30)


def test_after_the_due_date_it_is_shown_again_but_takes_no_answers_despite_grace() -> None:
    store(due=NOW + 60 * MINUTE, graceperiod="2 hours")
    user = learner()
    courseware.start_exam(enter(user), EXAM)
    answer(enter(user, NOW + MINUTE), "p1")
    courseware.submit_exam(enter(user, NOW + 2 * MINUTE), EXAM)

    after = enter(user, NOW + 61 * MINUTE)

    assert courseware.unit(after, "vertical@u2").title == "u2"
    assert code(lambda: answer(after, "p2")) == "exam_over"
    assert (
        code(lambda: courseware.handle(after, usage("problem@p1"), "xmodule_handler", "problem_show", post({}))) == ""
    )
    assert BlockScore.objects.count() == 1


def test_a_submitted_exam_is_done_on_the_list_of_dates() -> None:
    store(due=NOW + 60 * MINUTE)
    user = learner()
    before = [date.done for date in courseware.dates(enter(user)) if date.ref == EXAM]
    courseware.start_exam(enter(user), EXAM)
    courseware.submit_exam(enter(user, NOW + MINUTE), EXAM)

    after = [date.done for date in courseware.dates(enter(user, NOW + 2 * MINUTE)) if date.ref == EXAM]

    assert (before, after) == ([False], [True])


def test_with_hide_after_due_it_is_not_shown_again() -> None:
    store(due=NOW + 60 * MINUTE, hide_after_due=True)
    user = learner()
    courseware.start_exam(enter(user), EXAM)
    courseware.submit_exam(enter(user, NOW + MINUTE), EXAM)

    after = enter(user, NOW + 61 * MINUTE)
    page = courseware.exam_page(after, EXAM)

    assert set(every_way(after).values()) == {"exam_over"}
    assert page is not None
    assert page.shown_later is False


def test_after_the_due_date_nobody_starts() -> None:
    store(due=NOW, graceperiod="2 hours")
    user = learner()
    late = enter(user, NOW + MINUTE)

    with pytest.raises(ExamError, match="due date"):
        courseware.start_exam(late, EXAM)
    page = courseware.exam_page(late, EXAM)

    assert set(every_way(late).values()) == {"exam_over"}
    assert page is not None
    assert page.state == "expired"
    assert not ExamAttempt.objects.exists()


def test_time_is_cut_at_the_due_date_and_allowances_are_read_at_the_start() -> None:
    store(due=NOW + 50 * MINUTE)
    user, dan = learner(), learner("dan")
    courseware.allow_exam_time(RUN, user.pk, "s2", minutes=40, at=NOW)

    courseware.start_exam(enter(user), EXAM)
    courseware.start_exam(enter(dan), EXAM)
    courseware.allow_exam_time(RUN, dan.pk, "s2", minutes=15, at=NOW)

    assert (attempt(user).allowed_minutes, attempt(dan).allowed_minutes) == (50, 30)


def test_the_clock_ends_an_attempt_at_its_end_whenever_somebody_looks() -> None:
    store()
    user, dan = learner(), learner("dan")
    for one in (user, dan):
        courseware.start_exam(enter(one), EXAM)

    page = courseware.exam_page(enter(user, NOW + 45 * MINUTE), EXAM)
    closed = courseware.close_overdue_exams(NOW + 50 * MINUTE)

    assert page is not None
    assert (page.state, page.timed_out) == ("submitted", True)
    assert closed == 1
    assert {(row.status, row.completed_at) for row in ExamAttempt.objects.all()} == {("submitted", NOW + 30 * MINUTE)}


def test_staff_are_not_timed() -> None:
    store()
    bob = enter(teacher())

    courseware.start_exam(bob, EXAM)

    assert set(every_way(bob).values()) == {""}
    assert (courseware.exam_page(bob, EXAM), courseware.exam_clock(bob)) == (None, None)
    assert not ExamAttempt.objects.exists()


def test_only_those_who_take_part_start() -> None:
    store()
    dan = person("dan")

    assert code(lambda: courseware.start_exam(enter(dan), EXAM)) in {"enrollment_required"}
    assert code(lambda: courseware.start_exam(enter(learner()), "sequential@s1")) == "not_found"
    assert code(lambda: courseware.submit_exam(enter(learner("eve")), "nonsense")) == "not_found"


def test_a_reset_takes_everything_away_and_lets_start_again() -> None:
    store()
    user = learner()
    courseware.start_exam(enter(user), EXAM)
    courseware.complete(enter(user, NOW + MINUTE), {"html@t2": 1.0})
    answer(enter(user, NOW + MINUTE), "p1")
    before = courseware.progress(enter(user, NOW + MINUTE)).grade.percent
    courseware.submit_exam(enter(user, NOW + 2 * MINUTE), EXAM)

    done = courseware.reset_exam(RUN, user.pk, str(usage_of(RUN, EXAM)), at=NOW + 3 * MINUTE)
    again = courseware.reset_exam(RUN, user.pk, "s2", at=NOW + 3 * MINUTE)
    courseware.start_exam(enter(user, NOW + 4 * MINUTE), EXAM)

    after = enter(user, NOW + 5 * MINUTE)
    assert (before, done, again) == (0.5, True, False)
    assert courseware.progress(after).grade.percent == 0
    assert grades.scores(user.pk, after.run.id) == {}
    assert not LearnerState.objects.filter(ref__in=["problem@p1", "html@t2"]).exists()
    assert attempt(user).ends == NOW + 34 * MINUTE


def test_events_tell_of_the_whole_way(settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    path = settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    store()
    user = learner()

    with django_capture_on_commit_callbacks(execute=True):
        courseware.allow_exam_time(RUN, user.pk, "s2", multiplier=1.5, at=NOW)
        courseware.start_exam(enter(user), EXAM)
        courseware.ask_to_submit_exam(enter(user, NOW + MINUTE), EXAM)
        courseware.submit_exam(enter(user, NOW + 2 * MINUTE), EXAM)
        courseware.reset_exam(RUN, user.pk, "s2", at=NOW + 3 * MINUTE)
        courseware.allow_exam_time(RUN, user.pk, "s2", minutes=0, at=NOW)

    told = [
        line
        for line in map(orjson.loads, path.read_bytes().splitlines())
        if line["name"].startswith("edx.special_exam.timed.")
    ]
    submitted = next(line for line in told if line["name"].endswith("submitted"))["event"]
    assert [line["name"].removeprefix("edx.special_exam.timed.") for line in told] == [
        "allowance.created", "attempt.created", "attempt.started", "attempt.ready_to_submit", "attempt.submitted",
        "attempt.deleted", "allowance.deleted",
    ]  # fmt: skip
    assert told[0]["event"]["allowance_value"] == "15"
    assert {key: submitted[key] for key in submitted if key not in {"attempt_code", "attempt_id", "exam_id"}} == {
        "exam_content_id": usage(EXAM),
        "exam_name": "s2",
        "exam_default_time_limit_mins": 30,
        "exam_is_proctored": False,
        "exam_is_practice_exam": False,
        "exam_is_active": True,
        "attempt_user_id": user.pk,
        "attempt_started_at": NOW.isoformat(),
        "attempt_completed_at": (NOW + 2 * MINUTE).isoformat(),
        "attempt_allowed_time_limit_mins": 45,
        "attempt_status": "submitted",
        "attempt_event_elapsed_time_secs": 120.0,
    }


@pytest.mark.parametrize("minutes", [-1, 10**9])
def test_allowances_have_bounds(minutes: int) -> None:
    store()

    with pytest.raises(ExamError, match="Give minutes from 0"):
        courseware.allow_exam_time(RUN, 1, "s2", minutes=minutes, at=NOW)
    with pytest.raises(ExamError, match="no timed subsection"):
        courseware.allow_exam_time(RUN, 1, "s1", minutes=5, at=NOW)


def test_an_exam_costs_one_read(django_assert_num_queries: Any) -> None:
    store()
    user = learner()
    enter(user)

    with django_assert_num_queries(ENTER + 1):
        courseware.exam_clock(enter(user))
