"""Learners' work: of one learner at once, of all of them by a job that ends where a fresh computation does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.roots import moved
from lykeion.content.types import LogEntry
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState
from lykeion.courseware.reworking import rework
from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.jobs import api as jobs
from lykeion.jobs.types import State
from lykeion.teaching import tasks
from lykeion.teaching.api import deeds, gradebook, work
from lykeion.teaching.types import NotAllowed, Teacher, TeachingError
from tests.content.trees import NOON, root_of
from tests.courseware.acting import post
from tests.instructor.conftest import COURSE, PROBLEM
from tests.learn.conftest import person
from tests.teaching.test_gradebook import SUB, person_row, whose
from tests.teaching.test_gradefile import Running

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Teacher]
SUM, DEEP = "problem@sum", "problem@deep"
MENDED = PROBLEM.replace("correct='true'>yes", "correct='false'>yes").replace("correct='false'>no", "correct='true'>no")


def answer(run: CourseLocator, name: str, ref: str, choice: int) -> None:
    """A learner submits a choice to a problem."""
    visitor = courseware.enter(person_row(name), run, now())
    form = post({f"input_{ref.partition('@')[2]}_2_1": f"choice_{choice}"})
    reply = courseware.handle(visitor, ref, "xmodule_handler", "problem_check", form)
    assert reply.status == 200, reply.body


def mend(run: CourseLocator, data: str = MENDED) -> None:
    """Publishes the course with other XML in the problem ``sum``."""

    publish(run, _with(COURSE, data))


def publish(run: CourseLocator, *sections: Any, **fields: Any) -> None:
    """Publishes the course with these sections."""
    store = content.store()
    root = root_of(store, *sections, display_name="Waters", start="2020-01-01T00:00:00Z", **fields)
    moves = {"published": (content.head(run), root)}
    store.compare_and_set_refs(moved(run, moves, LogEntry("", None, None, "carol", NOON, "Mended")))
    catalog.catch_up()


def _with(tree: Any, data: str) -> Any:
    name, fields, *below = tree
    return (name, {**fields, "data": data} if name == SUM else fields, *(_with(one, data) for one in below))


def numbers() -> dict[str, Any]:
    """All stored scores and grades."""
    return {
        "scores": sorted(BlockScore.objects.values_list("user_id", "ref", "raw_earned", "raw_possible")),
        "subsections": sorted(
            SubsectionGrade.objects.values_list("user_id", "ref", "earned_graded", "possible_graded", "earned_all")
        ),
        "courses": sorted(CourseGrade.objects.values_list("user_id", "percent", "letter", "passed")),
    }


def class_of(run: CourseLocator, count: int) -> list[str]:
    """The names of so many learners, who are made if need be."""
    there = set(User.objects.filter(username__startswith="many").values_list("username", flat=True))
    names = [f"many{number:02d}" for number in range(count)]
    for name in names:
        if name not in there:
            catalog.enrol(person(name), run, at=now())
    return names


def test_one_learner_is_rescored_and_the_log_says_so(run: CourseLocator, teacher: Enter) -> None:
    admin, alice = teacher("staff"), whose("alice")
    answer(run, "alice", SUM, 1)
    mend(run)

    made = work.do(admin, alice, SUM, "rescore", reason="The key was wrong", at=now())

    assert (made.done, work.one(admin, alice, SUM, at=now()).earned) == (1, 1.0)
    [deed] = deeds.log(admin, about=alice)[0]
    assert (deed.what, deed.reason, deed.details["title"]) == ("rescore", "The key was wrong", "Sum")
    assert [score and score.earned for _problem, score in work.of_learner(admin, alice).problems] == [1.0, None]


@pytest.mark.usefixtures("run")
def test_what_changes_nothing_is_not_logged(teacher: Enter) -> None:
    admin, alice = teacher(), whose("alice")

    assert work.do(admin, alice, SUM, "delete_state", at=now()).done == 0
    with pytest.raises(TeachingError, match="no such action"):
        work.do(admin, alice, SUM, "explode", at=now())
    with pytest.raises(TeachingError, match="no such learner"):
        work.do(admin, whose("dan"), SUM, "rescore", at=now())
    assert deeds.log(admin) == ([], False)


def test_all_learners_are_rescored_by_a_job_that_says_how_many(run: CourseLocator, teacher: Enter) -> None:
    for name in class_of(run, 3):
        answer(run, name, SUM, 1)
    mend(run)
    admin = teacher()

    job = work.order(admin, SUM, "rescore", reason="Mended", at=now())
    with pytest.raises(TeachingError, match="already"):
        work.order(admin, SUM, "rescore", at=now())
    jobs.run_pending()

    done = jobs.status(job)
    [task] = work.tasks(admin)
    assert (done.state, done.done, done.total, done.result["done"], work.affected(admin, SUM)) == (
        State.DONE,
        3,
        3,
        3,
        3,
    )
    assert (task.deed.what, task.title, task.job and task.job.id) == ("rescore_all", "Sum", job)
    assert set(BlockScore.objects.values_list("raw_earned", flat=True)) == {1.0}


def test_a_learner_is_let_in_without_the_entrance_exam_and_it_is_reset(run: CourseLocator, teacher: Enter) -> None:
    admin, alice = teacher("staff"), whose("alice")
    with pytest.raises(TeachingError, match="no entrance exam"):
        work.skip_entrance(admin, alice, at=now())
    fields = {"entrance_exam_enabled": True, "entrance_exam_minimum_score_pct": 0.5, "entrance_exam_id": "week1"}
    later = ("chapter@week2", {}, ("sequential@s", {}, ("vertical@v", {}, ("html@h", {"data": "<p>In</p>"}))))
    publish(run, COURSE, later, **fields)
    answer(run, "alice", SUM, 0)
    answer(run, "alice", DEEP, 0)
    inside = courseware.home(courseware.enter(person_row("alice"), run, now())).entrance

    made = work.do(admin, alice, work.entrance(admin), "delete_state", at=now())
    outside = courseware.home(courseware.enter(person_row("alice"), run, now())).entrance
    work.skip_entrance(admin, alice, at=now())
    skipped = courseware.home(courseware.enter(person_row("alice"), run, now())).entrance

    assert (inside, made.done, outside and outside.ref, skipped) == (None, 1, "chapter@week1", None)
    assert [deed.what for deed in deeds.log(admin, about=alice)[0]] == ["skip_entrance", "delete_state"]


@pytest.mark.usefixtures("run")
def test_only_admins_change_the_work_of_all(teacher: Enter) -> None:
    with pytest.raises(NotAllowed):
        work.order(teacher("staff"), SUM, "rescore", at=now())
    with pytest.raises(TeachingError, match="nothing to score"):
        work.order(teacher(), "html@text", "rescore", at=now())


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    run: CourseLocator, teacher: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in class_of(run, 5):
        answer(run, name, SUM, 1)
    mend(run)
    monkeypatch.setattr(tasks, "CHUNK", 2)
    seen: list[int] = []
    monkeypatch.setattr(courseware, "rework", lambda *a, **k: (seen.append(a[1]), rework(*a, **k))[1])
    payload = {"run": str(run), "ref": SUM, "what": "rescore", "by": teacher().person.id}
    dying = Running(3)

    with pytest.raises(SystemExit):
        tasks.rework_all(payload, dying)
    kept = tasks.rework_all(payload, Running(-1, dying.kept))

    assert (kept["done"], len(seen), len(set(seen))) == (5, 5, 5)


def test_deleting_the_work_of_all_leaves_no_score_and_no_state(run: CourseLocator, teacher: Enter) -> None:
    admin = teacher()
    for name in class_of(run, 2):
        answer(run, name, SUM, 0)
        answer(run, name, DEEP, 0)
    work.set_score(admin, whose("dora"), SUM, 1, reason="", at=now())

    work.order(admin, SUM, "delete_state", at=now())
    jobs.run_pending()

    assert set(BlockScore.objects.values_list("ref", flat=True)) == {DEEP}
    assert set(LearnerState.objects.exclude(state="").values_list("ref", flat=True)) == {DEEP}


@given(
    choices=st.lists(st.tuples(st.sampled_from((None, 0, 1)), st.booleans()), min_size=1, max_size=4),
    repeat=st.booleans(),
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rescored_grades_are_those_of_people_who_answer_the_mended_problem(
    run: CourseLocator, teacher: Enter, choices: list[tuple[int | None, bool]], repeat: bool
) -> None:
    admin = teacher()
    names = class_of(run, len(choices))
    _forget()
    for name, (choice, overridden) in zip(names, choices, strict=True):
        if choice is not None:
            answer(run, name, SUM, choice)
        if overridden:
            gradebook.override(admin, whose(name), SUB, 0.25, reason="", at=now())
    mend(run)

    for _time in range(1 + repeat):
        work.order(admin, SUM, "rescore", at=now())
        jobs.run_pending()
    rescored = numbers()

    _forget()
    for name, (choice, overridden) in zip(names, choices, strict=True):
        if choice is not None:
            answer(run, name, SUM, choice)
        if overridden:
            gradebook.override(admin, whose(name), SUB, 0.25, reason="", at=now())
    assert rescored == numbers()
    mend(run, PROBLEM)


def _forget() -> None:
    for model in (BlockScore, SubsectionGrade, CourseGrade, LearnerState):
        model.objects.all().delete()
