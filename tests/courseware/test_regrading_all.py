"""Grades computed anew for everybody: in chunks, going on where they stopped, ending where a fresh computation does."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.catalog.models import Enrolment
from lykeion.courseware import api as courseware
from lykeion.courseware import regrading
from lykeion.courseware.entering import sheet
from lykeion.courseware.models import LearnerState
from lykeion.courseware.ordering import order_regrade
from lykeion.courseware.regrading import regrade
from lykeion.grades import api as grades
from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.jobs import api as jobs
from tests.courseware.acting import answer, enter
from tests.factories import NOW, RUN, Spec, course, learner, person, store_course
from tests.memory import peak_of

pytestmark = pytest.mark.django_db(transaction=True)


def with_policy(trees: Spec, *, count: int, drop: int, weight: float, cutoff: float) -> Spec:
    kind = {"type": "Homework", "short_label": "HW", "min_count": count, "drop_count": drop, "weight": weight}
    policy = {"GRADER": [kind], "GRADE_CUTOFFS": {"Pass": cutoff}}
    return course(*trees.children, **{**trees.fields, "grading_policy": policy})


def test_a_killed_regrade_goes_on_with_the_next_learner(trees: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    store_course(trees)
    people = [learner(f"l{number}") for number in range(5)]
    for one in people:
        answer(enter(one), "p1")
    store_course(with_policy(trees, count=2, drop=0, weight=1, cutoff=0.5))
    monkeypatch.setattr(regrading, "CHUNK", 2)
    seen: list[tuple[int, int, Any]] = []

    def told(done: int, total: int, _message: str, kept: Any) -> None:
        seen.append((done, total, kept))
        if len(seen) == 2:
            raise SystemExit

    with pytest.raises(SystemExit):
        regrade(str(RUN), None, at=NOW, kept=None, told=told)
    halfway = CourseGrade.objects.filter(percent=0.25).count()
    count = regrade(str(RUN), None, at=NOW, kept=seen[-1][2], told=told)

    assert (halfway, count, CourseGrade.objects.filter(percent=0.25).count()) == (2, 5, 5)
    assert [(done, total) for done, total, _kept in seen] == [(0, 5), (2, 5), (2, 5), (4, 5), (5, 5)]


def test_a_regrade_is_under_way_until_it_is_done(trees: Spec) -> None:
    store_course(trees)
    answer(enter(learner()), "p1")
    before = courseware.regrade_under_way(RUN)
    order_regrade(RUN)
    waiting = courseware.regrade_under_way(RUN)

    jobs.run_pending()

    assert (before, waiting and waiting.state, courseware.regrade_under_way(RUN)) == (None, "waiting", None)


@given(
    work=st.lists(
        st.tuples(st.sampled_from(("", "choice_0", "choice_1")), st.sampled_from(("", "choice_1")), st.booleans()),
        min_size=1,
        max_size=3,
    ),
    count=st.integers(1, 4),
    drop=st.integers(0, 2),
    weight=st.sampled_from((0.0, 0.5, 1.0, 1.3)),
    cutoff=st.sampled_from((0.2, 0.5, 0.9)),
)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_new_policy_ends_in_the_numbers_of_a_fresh_computation(
    trees: Spec, work: list[tuple[str, str, bool]], count: int, drop: int, weight: float, cutoff: float
) -> None:
    run = store_course(trees)
    people = [_learner(f"l{number}") for number in range(len(work))]
    for model in (CourseGrade, SubsectionGrade, BlockScore, LearnerState):
        model.objects.all().delete()
    for one, (first, second, overridden) in zip(people, work, strict=True):
        for name, choice in (("p1", first), ("p2", second)):
            if choice:
                answer(enter(one), name, choice)
        if overridden:
            courseware.override_grade(RUN, one.pk, "sequential@s1", 1.5, reason="", at=NOW)
    store_course(with_policy(trees, count=count, drop=drop, weight=weight, cutoff=cutoff))

    order_regrade(RUN)
    jobs.run_pending()

    for one, (_first, _second, overridden) in zip(people, work, strict=True):
        row = CourseGrade.objects.filter(user_id=one.pk).first()
        if row is not None:
            visitor = enter(one)
            fresh = grades.course_grade(one.pk, run.id, sheet(visitor))
            assert (row.percent, row.letter, row.passed) == (fresh.percent, fresh.letter, fresh.passed)
            assert courseware.subsection_grade(RUN, one.pk, "sequential@s1", NOW).overridden == overridden


def _learner(name: str) -> Any:
    user = User.objects.filter(username=name).first() or person(name)
    catalog.enrol(user.pk, RUN, at=NOW, by=user.pk)
    return user


def test_twenty_learners_cost_the_statements_of_one(trees: Spec) -> None:
    store_course(trees)
    counts = []
    for count in (1, 20):
        for number in range(count):
            answer(enter(_learner(f"many{number}")), "p1")
        store_course(with_policy(trees, count=2 + count, drop=0, weight=1, cutoff=0.01))
        with CaptureQueriesContext(connection) as queries:
            regrade(str(RUN), None, at=NOW, kept=None, told=lambda *_told: None)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert set(CourseGrade.objects.values_list("percent", flat=True)) == {0.02}


def test_memory_does_not_grow_with_the_number_of_learners(trees: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store_course(with_policy(trees, count=2, drop=0, weight=1, cutoff=0.9))  # nobody passes
    monkeypatch.setattr(regrading, "CHUNK", 20)
    monkeypatch.setattr(regrading, "TOGETHER", 10)
    _many(run.id, "first", 1)
    again = partial(regrade, str(RUN), None, at=NOW, kept=None, told=lambda *_told: None)
    again()  # what is kept for good is there
    peaks = []
    for begin, count in (("a", 40), ("b", 260)):
        _many(run.id, begin, count)
        peaks.append(peak_of(again))

    assert CourseGrade.objects.exclude(policy_hash="").count() == 301
    assert peaks[1] < peaks[0] + 100_000  # 260 learners more


def _many(run_id: int, begin: str, count: int) -> None:
    """So many learners, each with a right answer to the first problem."""
    names = [f"{begin}{number:04}" for number in range(count)]
    User.objects.bulk_create(
        User(username=name, username_key=name, email=f"{name}@example.org", password="!") for name in names
    )
    people = User.objects.filter(username__in=names)  # MySQL does not say which ids it gave
    common = {"run_id": run_id, "modified": NOW}
    Enrolment.objects.bulk_create(
        Enrolment(user=one, mode="audit", name_key=one.username_key, created=NOW, **common) for one in people
    )
    CourseGrade.objects.bulk_create(CourseGrade(user_id=one.pk, **common) for one in people)
    BlockScore.objects.bulk_create(
        BlockScore(user_id=one.pk, ref="problem@p1", raw_earned=1, raw_possible=1, first_attempted=NOW, **common)
        for one in people
    )
