"""What Alice must do first: in whole courses, with her answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from lykeion.catalog import api as catalog
from lykeion.core.keys import run_of
from lykeion.courseware import api as courseware
from lykeion.courseware.entering import plan, sheet
from lykeion.courseware.models import EntrancePassed, LearnerState
from lykeion.courseware.types import AccessDenied, EntranceExam, ExamError
from lykeion.grades import api as grades
from lykeion.grades.types import Override
from tests.courseware.acting import ENTER, answer, enter
from tests.factories import (
    FUTURE,
    NOW,
    RUN,
    Spec,
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
OTHER = run_of("Lyk", "T100", "2026")
GROUPS = [{"id": 7, "scheme": "cohort", "active": True, "groups": [{"id": 1, "name": "A"}]}]
POLICY = {
    "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}


def first(**fields: Any) -> Spec:
    """Two questions and a text, to be done first."""
    unit = vertical("u1", question("p1"), question("p2"), text("t1"))
    return sequential("s1", unit, graded=True, format="Homework", display_name="Basics", **fields)


def second(**fields: Any) -> Spec:
    """A question that waits for Basics."""
    unit = vertical("u2", question("p3"), text("t2"))
    return sequential("s2", unit, graded=True, format="Homework", required_prereq="s1", **fields)


def store(*subsections: Spec, **fields: Any) -> None:
    given = {"enable_subsection_gating": True, "grading_policy": POLICY, "user_partitions": GROUPS, **fields}
    store_course(course(chapter("c1", *subsections), **given))


def refused(user: Any, ref: str = "vertical@u2") -> AccessDenied | None:
    """Why somebody does not get a unit; None when they do."""
    try:
        courseware.unit(enter(user), ref)
    except AccessDenied as denied:
        return denied
    return None


# Prerequisites


def test_a_gated_subsection_opens_with_the_answer_that_suffices() -> None:
    store(first(), second(min_score=80, min_completion=0))
    user = learner()
    before = refused(user)
    line = courseware.home(enter(user)).sections[0].subsections[1]

    answer(enter(user), "p1")
    half = refused(user)
    answer(enter(user), "p2")

    assert before is not None
    assert (before.code, before.ref) == ("prerequisite", "sequential@s1")
    assert str(before) == "Finish “Basics” with at least 80\N{NO-BREAK SPACE}% first"
    assert (line.locked, line.unlock, line.total) == (str(before), "sequential@s1", 0)
    assert half is not None
    assert refused(user) is None
    assert answer(enter(user), "p3").status == 200


def test_what_is_gated_gives_nothing_and_still_counts() -> None:
    store(first(), second(min_score=100))
    alice = enter(learner())

    with pytest.raises(AccessDenied):
        answer(alice, "p3")
    with pytest.raises(AccessDenied):
        courseware.view(alice, "html@t2")
    with pytest.raises(AccessDenied):
        courseware.bookmark(alice, "vertical@u2", True)
    courseware.complete(alice, {"vertical@u2": 1.0})

    assert not LearnerState.objects.exists()
    assert [line.ref for line in sheet(alice).lines] == ["sequential@s1", "sequential@s2"]
    progress = courseware.progress(alice)
    assert progress.locked == 2
    assert [len(one.scores or ()) for one in progress.sections[0].subsections] == [2, 0]


def test_the_way_leads_through_what_is_shut_so_that_it_opens_on_the_next_page() -> None:
    store(first(), second(min_score=100), sequential("s3", vertical("u3", text("t3"))))
    user = learner()

    page = courseware.unit(enter(user), "vertical@u1")
    for name in ("p1", "p2"):
        answer(enter(user), name)

    assert page.next == "sequential@s2"
    assert courseware.unit(enter(user), page.next).ref == "vertical@u2"


def test_a_section_with_something_still_shut_is_not_complete() -> None:
    store(first(), second(min_score=100))
    user = learner()
    courseware.complete(enter(user), {"html@t1": 1.0})
    for name in ("p1", "p2"):
        answer(enter(user), name, "choice_0")

    [section] = courseware.home(enter(user)).sections

    assert [one.complete for one in section.subsections] == [True, False]
    assert section.complete is False


def test_completion_counts_without_texts() -> None:
    store(first(), second(min_score=0, min_completion=50))
    user = learner()
    courseware.complete(enter(user), {"html@t1": 1.0})
    read = refused(user)

    answer(enter(user), "p1", "choice_0")

    assert str(read) == "Complete at least 50\N{NO-BREAK SPACE}% of “Basics” first"
    assert refused(user) is None


def test_both_are_said_where_both_are_wanted() -> None:
    store(first(), second(min_score=None, min_completion=50))

    denied = refused(learner())

    said = "Finish “Basics” first: at least 100 % of its points, and 50 % of it completed"
    assert str(denied).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    "fields", [{"visible_to_staff_only": True}, {"group_access": {"7": [1]}}], ids=["hidden", "of another group"]
)
def test_a_prerequisite_that_a_learner_can_never_see_shuts_nothing(fields: dict[str, Any]) -> None:
    store(first(**fields), second())

    assert refused(learner()) is None


def test_a_prerequisite_that_opens_later_is_waited_for() -> None:
    store(first(start=FUTURE), second())

    denied = refused(learner())

    assert denied is not None
    assert denied.code == "prerequisite"


def test_an_override_of_the_grade_opens_too() -> None:
    store(first(), second(min_score=80))
    user = learner()
    alice = enter(user)
    override = Override(earned_graded=2, possible_graded=2)

    grades.override_subsection(
        user_id=user.pk, run_id=alice.run.id, sheet=sheet(alice), ref="sequential@s1", override=override, at=NOW
    )

    assert refused(user) is None


def test_staff_pass_and_visitors_of_public_courses_do_not() -> None:
    store(
        first(),
        second(),
        sequential("s3", vertical("u3", text("t3")), is_time_limited=True),
        course_visibility="public",
    )
    nobody = courseware.enter(AnonymousUser(), RUN, NOW)

    walls = {ref: plan(nobody).wall(nobody.outline.blocks[nobody.outline.index[ref]]) for ref in ("html@t2", "html@t3")}

    assert refused(teacher()) is None
    assert walls == {"html@t2": "prerequisite", "html@t3": "exam_not_started"}


def test_a_running_exam_is_not_shut_by_a_worse_score_of_its_prerequisite() -> None:
    store(first(), second(min_score=50, is_time_limited=True))
    user = learner()
    answer(enter(user), "p1")
    courseware.start_exam(enter(user), "sequential@s2")

    answer(enter(user), "p1", "choice_0")

    assert refused(user) is None


def test_an_exam_behind_a_prerequisite_cannot_be_started() -> None:
    store(first(), second(is_time_limited=True))
    alice = enter(learner())

    with pytest.raises(AccessDenied) as denied:
        courseware.start_exam(alice, "sequential@s2")

    assert denied.value.code == "prerequisite"
    assert courseware.exam_page(alice, "sequential@s2") is None


def test_the_team_is_told_of_prerequisites_that_shut_nothing() -> None:
    store(first(), second(display_name="More"), sequential("s3", required_prereq="gone", display_name="Odd"))

    told = courseware.home(enter(teacher())).warnings

    assert told == ("“Odd” names a prerequisite that is no subsection of this course, so it is open to all.",)
    assert courseware.home(enter(learner())).warnings == ()


@pytest.mark.parametrize("count", [1, 3])
def test_reads_do_not_grow_with_the_gates(count: int, django_assert_num_queries: Any) -> None:
    gated = [sequential(f"g{place}", required_prereq="s1", min_completion=50) for place in range(count)]
    store(first(), *gated)
    user = learner()
    enter(user)

    with django_assert_num_queries(ENTER + 2):  # grades, completion
        enter(user)


def test_a_course_without_gates_reads_nothing_more(django_assert_num_queries: Any) -> None:
    store(first())
    user = learner()
    enter(user)

    with django_assert_num_queries(ENTER):
        enter(user)


# The entrance exam


def store_with_entrance(**fields: Any) -> None:
    exam = chapter("e1", sequential("s1", vertical("u1", question("p1"), question("p2"))), display_name="Way in")
    rest = chapter("c1", sequential("s2", vertical("u2", question("p3"))))
    given = {
        "entrance_exam_enabled": True, "entrance_exam_id": "e1", "entrance_exam_minimum_score_pct": 0.5, **fields,
    }  # fmt: skip
    store_course(course(exam, rest, grading_policy=POLICY, **given))


def test_everything_else_waits_for_the_entrance_exam() -> None:
    store_with_entrance()
    user = learner()
    denied = refused(user)
    page = courseware.home(enter(user), all_open=True)

    answer(enter(user), "p1")

    assert denied is not None
    assert (denied.code, denied.ref, str(denied)) == (
        "entrance_exam",
        "chapter@e1",
        "Pass “Way in” with at least 50\N{NO-BREAK SPACE}% first",
    )
    assert page.entrance == EntranceExam("chapter@e1", 0.0, 0.5)
    assert [[one.locked for one in section.subsections] for section in page.sections] == [[""], [str(denied)]]
    assert refused(user) is None
    assert courseware.home(enter(user)).entrance is None


def test_once_passed_a_worse_answer_shuts_nothing_again() -> None:
    store_with_entrance()
    user = learner()
    answer(enter(user), "p1")

    answer(enter(user), "p1", "choice_0")

    assert refused(user) is None
    assert EntrancePassed.objects.get().skipped is False


def test_staff_let_somebody_in_without_it() -> None:
    store_with_entrance(entrance_exam_minimum_score_pct=100)
    user = learner()

    courseware.skip_entrance_exam(RUN, user.pk, at=NOW)

    assert refused(user) is None
    assert refused(learner("dan")) is not None
    assert EntrancePassed.objects.get().skipped is True


def test_only_a_course_with_an_entrance_exam_can_skip_it() -> None:
    store(first())

    with pytest.raises(ExamError, match="no entrance exam"):
        courseware.skip_entrance_exam(RUN, learner().pk, at=NOW)


@pytest.mark.parametrize(
    "fields", [{"entrance_exam_id": "gone"}, {"entrance_exam_enabled": False}, {"entrance_exam_minimum_score_pct": 0}]
)
def test_an_entrance_exam_that_asks_for_nothing_shuts_nothing(fields: dict[str, Any]) -> None:
    store_with_entrance(**fields)

    assert refused(learner()) is None


def test_staff_need_no_entrance_exam() -> None:
    store_with_entrance()

    assert refused(teacher()) is None


def test_an_entrance_exam_that_opens_later_is_waited_for() -> None:
    exam = chapter("e1", sequential("s1", vertical("u1", question("p1"))), start=FUTURE, is_entrance_exam=True)
    rest = chapter("c1", sequential("s2", vertical("u2", question("p3"))))
    store_course(course(exam, rest, entrance_exam_enabled=True))

    assert refused(learner()) is not None


# Between courses


def test_a_course_that_builds_on_another_says_which_to_pass() -> None:
    store(first(), pre_requisite_courses=["course-v1:Lyk+T100+2026"])
    store_course(course(chapter("c1", first()), display_name="Seeds", grading_policy=POLICY), run=OTHER)
    user = learner()

    with pytest.raises(AccessDenied) as denied:
        enter(user)
    catalog.enrol(user.pk, OTHER, at=NOW, by=user.pk)
    seeds = courseware.enter(user, OTHER, NOW)
    grades.record_score(
        user_id=user.pk, run_id=seeds.run.id, sheet=sheet(seeds), ref="problem@p1", raw_earned=2, raw_possible=2, at=NOW
    )

    assert (denied.value.code, "Seeds" in str(denied.value)) == ("unfulfilled_milestones", True)
    assert enter(user, NOW + timedelta(days=1)).viewer.user_id == user.pk
    assert enter(person("root", is_staff=True)).is_staff
