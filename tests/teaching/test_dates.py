"""Due dates and timed exams of single learners, as teachers set them; every change is in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.roots import moved
from lykeion.content.types import LogEntry
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.courseware import api as courseware
from lykeion.courseware.models import ExamAttempt
from lykeion.teaching.api import dates, deeds
from lykeion.teaching.types import NotAllowed, Teacher, TeachingError
from tests.content.trees import NOON, root_of
from tests.instructor.conftest import PROBLEM
from tests.teaching.test_gradebook import SUB, many, person_row, whose

pytestmark = pytest.mark.django_db
Enter = Callable[..., Teacher]
LATER = datetime(2031, 1, 1, tzinfo=UTC)
EXAM = "sequential@exam"
EXAM_TREE = ("chapter@week1", {}, ("sequential@exam", {"display_name": "Exam", "is_time_limited": True, "graded": True,
             "default_time_limit_minutes": 30}, ("vertical@u", {}, ("problem@sum", {"data": PROBLEM}))))  # fmt: skip
MINUTE = timedelta(minutes=1)


@pytest.fixture
def exam(run: CourseLocator) -> CourseLocator:
    """The course with a timed exam of 30 minutes in the place of its sections."""
    publish(run, EXAM_TREE)
    return run


def publish(run: CourseLocator, tree: object, **settings: object) -> None:
    """The course has ``tree`` in the place of its sections."""
    store = content.store()
    root = root_of(store, tree, display_name="Waters", start="2020-01-01T00:00:00Z", **settings)
    moves = {"published": (content.head(run), root)}
    store.compare_and_set_refs(moved(run, moves, LogEntry("", None, None, "carol", NOON, "Exam")))
    catalog.catch_up()


@pytest.mark.usefixtures("run")
def test_a_date_is_given_listed_and_taken_back(teacher: Enter) -> None:
    staff, alice = teacher("staff"), whose("alice")

    dates.extend(staff, alice, SUB, LATER, reason="Ill", at=now())
    by_unit = dates.given(staff, user_id=None, ref=SUB, after=0)
    by_learner = dates.given(staff, user_id=alice, ref="", after=0)
    had = dates.reset(staff, alice, SUB, at=now())

    assert [line.username for line in by_unit[0]] == ["alice"]
    assert (by_learner, had, dates.given(staff, user_id=None, ref=SUB, after=0)) == (by_unit, True, ((), False))
    assert [(deed.what, deed.reason) for deed in deeds.log(staff, about=alice)[0]] == [
        ("reset_due", ""), ("extend", "Ill"),
    ]  # fmt: skip
    assert [one.ref for one in dates.dated(staff)] == [SUB]


@pytest.mark.parametrize("weeks", [None, 3])
def test_in_a_self_paced_course_only_what_is_due_is_offered(
    run: CourseLocator, teacher: Enter, weeks: int | None
) -> None:
    paced = {"graded": True, **({"relative_weeks_due": weeks} if weeks else {})}
    tree = ("chapter@week1", {}, (SUB, paced, ("vertical@u", {}, ("problem@sum", {"data": PROBLEM}))))
    publish(run, tree, self_paced=True)

    offered = [one.ref for one in dates.dated(teacher("staff"))]

    assert offered == ([SUB] if weeks else [])


@pytest.mark.usefixtures("run")
def test_what_cannot_be_extended_is_refused_in_words(teacher: Enter) -> None:
    admin, alice = teacher(), whose("alice")

    with pytest.raises(TeachingError, match="Choose a later date"):
        dates.extend(admin, alice, SUB, datetime(2029, 1, 1, tzinfo=UTC), reason="", at=now())
    with pytest.raises(TeachingError, match="no due date"):
        dates.extend(admin, alice, "sequential@second", LATER, reason="", at=now())
    with pytest.raises(TeachingError, match="no such learner"):
        dates.extend(admin, whose("dan"), SUB, LATER, reason="", at=now())
    with pytest.raises(NotAllowed):
        dates.extend(teacher("data"), alice, SUB, LATER, reason="", at=now())
    assert deeds.log(admin) == ([], False)


def test_the_dates_of_a_large_class_come_in_pages(
    run: CourseLocator, teacher: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(run, 3)
    monkeypatch.setattr(dates, "PAGE", 2)
    admin = teacher()
    for number in range(3):
        dates.extend(admin, whose(f"many{number:02d}"), SUB, LATER, reason="", at=now())

    first, more = dates.given(admin, user_id=None, ref=SUB, after=0)
    second, last = dates.given(admin, user_id=None, ref=SUB, after=first[-1].user_id)

    assert ([line.username for line in (*first, *second)], more, last) == (["many00", "many01", "many02"], True, False)


def test_an_exam_is_lengthened_resumed_and_deleted(exam: CourseLocator, teacher: Enter) -> None:
    staff, alice, began = teacher("staff"), whose("alice"), now() - 40 * MINUTE
    courseware.start_exam(courseware.enter(person_row("alice"), exam, began), EXAM)
    with pytest.raises(TeachingError, match="No time is left"):
        dates.resume(staff, alice, EXAM, reason="", at=now())

    granted = dates.allow_time(staff, alice, EXAM, minutes=None, multiplier=1.5, at=now())
    at = now()
    ends = dates.resume(staff, alice, EXAM, reason="Power cut", at=at)
    [line] = dates.exam_lines(staff, EXAM, user_id=None, after=0)[0]
    with pytest.raises(TeachingError, match="still running"):
        dates.resume(staff, alice, EXAM, reason="", at=now())

    assert (granted.minutes, granted.begun, ends - at) == (15, True, 15 * MINUTE)
    assert (line.username, line.extra, line.attempt and line.attempt.ends) == ("alice", 15, ends)
    assert dates.delete_attempt(staff, alice, EXAM, reason="Again", at=now())
    assert not ExamAttempt.objects.exists()
    assert not dates.delete_attempt(staff, alice, EXAM, reason="Again", at=now())
    whats = [deed.what for deed in deeds.log(staff, about=alice)[0]]
    assert whats == ["delete_attempt", "resume_attempt", "allow_time"]


def test_what_is_no_exam_is_refused(exam: CourseLocator, teacher: Enter) -> None:
    admin = teacher()

    with pytest.raises(TeachingError, match="no timed subsection"):
        dates.exam_lines(admin, "sequential@none", user_id=None, after=0)
    with pytest.raises(TeachingError, match="has not begun"):
        dates.resume(admin, whose("alice"), EXAM, reason="", at=now())
    assert [one.title for one in dates.exams(admin)] == ["Exam"]
