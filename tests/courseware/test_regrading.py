from datetime import timedelta

import pytest

from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content import signals
from lykeion.content.types import ObjectId
from lykeion.courseware import api as courseware
from lykeion.courseware.ordering import REGRADE
from lykeion.courseware.regrading import catch_up
from lykeion.courseware.tasks import CATCH_UP
from lykeion.grades.models import BlockScore, CourseGrade
from lykeion.jobs import api as jobs
from lykeion.jobs.plans import give_due
from tests.courseware.acting import answer, enter
from tests.factories import NOW, RUN, Spec, chapter, course, learner, question, sequential, store_course, vertical

pytestmark = pytest.mark.django_db(transaction=True)

HALF = {
    "GRADER": [{"type": "Homework", "min_count": 2, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}


def publish(spec: Spec, old: ObjectId) -> None:
    """Publishes ``spec`` and tells everybody, as content does."""
    store_course(spec)
    told = signals.RunPublished(RUN, old, content.head(RUN), "carol", NOW)
    signals.published.send(sender=None, payload=told)


def percent() -> float:
    return CourseGrade.objects.get().percent


def test_a_new_policy_regrades_everybody(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))
    answer(alice, "p1")

    publish(course(*trees.children, **{**trees.fields, "grading_policy": HALF}), alice.outline.root)

    assert (percent(), len(jobs.latest(REGRADE))) == (0.5, 1)
    jobs.run_pending()
    assert percent() == 0.25
    assert CourseGrade.objects.get().passed_at is not None  # once passed is dated for good


def test_other_changes_regrade_nobody(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))
    answer(alice, "p1")

    publish(course(*trees.children[:1], **trees.fields), alice.outline.root)

    assert jobs.latest(REGRADE) == []


def test_another_track_regrades_its_learner() -> None:
    verified = vertical("u2", question("p2"), group_access={50: [2]})
    part = sequential("s", vertical("u1", question("p1")), verified, graded=True, format="Homework")
    policy = {**HALF, "GRADER": [{"type": "Homework", "min_count": 1, "drop_count": 0, "weight": 1.0}]}
    store_course(course(chapter("c", part), grading_policy=policy))
    catalog.set_mode(RUN, "audit")
    catalog.set_mode(RUN, "verified")
    alice = learner("alice")
    answer(enter(alice), "p1")
    assert percent() == 1.0

    catalog.enrol(alice.pk, RUN, mode="verified", at=NOW, by=alice.pk)
    jobs.run_pending()

    assert percent() == 0.5


def test_grades_freeze_30_days_after_the_end(trees: Spec) -> None:
    end = NOW - timedelta(days=31)
    store_course(course(*trees.children, **{**trees.fields, "end": end}))
    user = learner("alice")
    answer(enter(user, end), "p1")

    late = answer(enter(user, NOW), "p2")

    assert (late.status, late.grade, percent()) == (200, None, 0.5)
    assert BlockScore.objects.count() == 2


def test_a_policy_that_cannot_be_read_loses_no_answer(trees: Spec, caplog: pytest.LogCaptureFixture) -> None:
    broken = {"GRADER": [{"type": "Homework", "weight": "lots"}]}
    store_course(course(*trees.children, **{**trees.fields, "grading_policy": broken}))
    alice = enter(learner("alice"))

    reply = answer(alice, "p1")

    assert (reply.status, reply.grade.percent) == (200, 0.0)
    assert courseware.progress(alice).sections[0].subsections[0].earned == 1.0
    assert "weight: 'lots' is not a number" in caplog.text


def test_a_regrade_that_was_never_ordered_is_caught_up_with(trees: Spec) -> None:
    store_course(trees)
    answer(enter(learner("alice")), "p1")
    store_course(course(*trees.children, **{**trees.fields, "grading_policy": HALF}))  # and nobody is told

    jobs.enqueue(CATCH_UP, None, key=f"{CATCH_UP}:now")
    jobs.run_pending(at=NOW)
    jobs.run_pending()

    assert percent() == 0.25
    assert catch_up(NOW) == []


def test_it_is_caught_up_with_every_hour(db: None) -> None:
    orders: list[str] = []

    for at in (NOW, NOW + timedelta(minutes=50), NOW + timedelta(hours=1)):
        give_due(orders.append, at)

    assert orders.count(CATCH_UP) == 2


def test_grades_by_the_rules_of_today_are_left_alone(trees: Spec) -> None:
    store_course(trees)
    answer(enter(learner("alice")), "p1")

    store_course(course(*trees.children[:1], **trees.fields))

    assert catch_up(NOW) == []


def test_frozen_grades_are_not_caught_up_with(trees: Spec) -> None:
    end = NOW - timedelta(days=31)
    store_course(course(*trees.children, **{**trees.fields, "end": end}))
    answer(enter(learner("alice"), end), "p1")

    store_course(course(*trees.children, **{**trees.fields, "end": end, "grading_policy": HALF}))

    assert catch_up(NOW) == []


def test_the_grade_of_an_account_that_is_gone_is_not_ordered_anew_for_ever(trees: Spec) -> None:
    store_course(trees)
    user = learner("alice")
    answer(enter(user), "p1")
    store_course(course(*trees.children, **{**trees.fields, "grading_policy": HALF}))
    CourseGrade.objects.update(user_id=user.pk + 1000)

    first = catch_up(NOW)
    jobs.run_pending()

    assert (first, catch_up(NOW), percent()) == ([RUN], [], 0.5)
