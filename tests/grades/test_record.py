from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lykeion.grades import api, signals
from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.grades.sheet import Sheet
from lykeion.grades.types import NewScore, Override, Score
from tests.factories import FUTURE, NOW, PAST, chapter, course, html, outline, problem, sequential, vertical

pytestmark = pytest.mark.django_db

ALICE, RUN_ID = 7, 3
POLICY = {
    "GRADER": [
        {"type": "Homework", "short_label": "HW", "min_count": 2, "drop_count": 0, "weight": 0.5},
        {"type": "Exam", "short_label": "Ex", "min_count": 1, "drop_count": 0, "weight": 0.5},
    ],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
COURSE = course(
    chapter(
        "c1",
        sequential(
            "hw1",
            vertical("u1", problem("p1", 2.0), problem("p2", 4.0, weight=10.0), html("text")),
            vertical("u2", problem("p3", 1.0, graded=False)),
            graded=True,
            format="Homework",
        ),
        sequential("hw2", vertical("u3", problem("p4", 3.0)), graded=True, format="Homework"),
        sequential("read", vertical("u4", html("more")), graded=True, format="Homework"),
    ),
    chapter(
        "c2",
        sequential("exam", vertical("u5", problem("p5", 5.0)), graded=True, format="Exam"),
        sequential("play", vertical("u6", problem("p6", 1.0))),
    ),
)


@pytest.fixture
def sheet() -> Sheet:
    return api.sheet_of(outline(COURSE), lambda block: True, POLICY)


def submit(
    sheet: Sheet,
    ref: str,
    earned: float | None,
    possible: float | None,
    *,
    only_if_higher: bool = False,
    deleted: bool = False,
    at: datetime = NOW,
):
    with transaction.atomic():
        return api.record_score(
            user_id=ALICE,
            run_id=RUN_ID,
            sheet=sheet,
            ref=f"problem@{ref}",
            raw_earned=earned,
            raw_possible=possible,
            only_if_higher=only_if_higher,
            deleted=deleted,
            at=at,
        )


def stored() -> tuple[float, str, bool]:
    return CourseGrade.objects.values_list("percent", "letter", "passed").get(user_id=ALICE, run_id=RUN_ID)


def test_a_score_makes_subsection_and_course_grade_at_once(sheet: Sheet) -> None:
    grade = submit(sheet, "p2", 2, 4)

    assert (grade.percent, grade.letter, grade.passed) == (0.1, "", False)  # 5/12 of one of two homeworks: 0.1042
    row = SubsectionGrade.objects.values_list("ref", "earned_all", "possible_all", "earned_graded", "possible_graded")
    assert row.get() == ("sequential@hw1", 5.0, 13.0, 5.0, 12.0)
    assert stored() == (0.1, "", False)


def test_a_problem_marked_ungraded_counts_in_all_only(sheet: Sheet) -> None:
    submit(sheet, "p3", 1, 1)

    grade = api.subsection_grades(ALICE, RUN_ID, sheet)[0]

    assert (grade.earned_all, grade.earned_graded, grade.percent, grade.attempted) == (1.0, 0.0, 0.0, True)
    assert grade.scores["problem@p3"] == Score(1.0, 1.0, False, NOW)


def test_a_subsection_without_points_is_no_assignment(sheet: Sheet) -> None:
    for ref, points in (("p1", 2), ("p2", 4), ("p4", 3), ("p5", 5)):
        submit(sheet, ref, points, points)

    assert stored() == (1.0, "Pass", True)


def test_only_if_higher_keeps_the_better_score(sheet: Sheet) -> None:
    submit(sheet, "p4", 2, 3)

    assert submit(sheet, "p4", 1, 3, only_if_higher=True) is None
    assert submit(sheet, "p4", 4, 6, only_if_higher=True) is not None  # the same share replaces

    assert api.scores(ALICE, RUN_ID) == {"problem@p4": (4.0, 6.0, NOW)}


def test_the_points_stored_are_trusted_after_the_problem_changed(sheet: Sheet) -> None:
    submit(sheet, "p4", 5, 10)

    assert api.subsection_grades(ALICE, RUN_ID, sheet)[1].possible_graded == 10.0


def test_first_attempt_stays_when_resubmitted(sheet: Sheet) -> None:
    submit(sheet, "p4", 1, 3, at=NOW)
    submit(sheet, "p4", 3, 3, at=NOW + timedelta(days=1))

    assert BlockScore.objects.values_list("first_attempted", "modified").get() == (NOW, NOW + timedelta(days=1))


def test_a_deleted_score_leaves_a_subsection_unattempted_and_saved(sheet: Sheet) -> None:
    submit(sheet, "p4", 3, 3)

    grade = submit(sheet, "p4", 0, 3, deleted=True)

    assert grade.percent == 0.0
    assert not BlockScore.objects.exists()
    row = SubsectionGrade.objects.values_list("ref", "earned_graded", "possible_graded", "first_attempted")
    assert row.get() == ("sequential@hw2", 0.0, 3.0, None)


def test_passing_is_dated_once_and_told(sheet: Sheet) -> None:
    told: list[tuple[str, bool | None]] = []

    def passed(first_time: bool, **_: object) -> None:
        told.append(("passed", first_time))

    def failed(**_: object) -> None:
        told.append(("failed", None))

    signals.course_passed.connect(passed)
    signals.course_failed.connect(failed)

    submit(sheet, "p5", 5, 5, at=NOW)
    submit(sheet, "p5", 0, 5, at=NOW + timedelta(days=1))
    submit(sheet, "p5", 5, 5, at=NOW + timedelta(days=2))

    assert told == [("passed", True), ("failed", None), ("passed", False)]
    assert CourseGrade.objects.get(user_id=ALICE).passed_at == NOW
    signals.course_passed.disconnect(passed)
    signals.course_failed.disconnect(failed)


def test_an_override_outlives_regrading_until_it_is_removed(sheet: Sheet) -> None:
    submit(sheet, "p5", 1, 5)
    override = Override(earned_graded=5.0)

    overridden = api.override_subsection(
        user_id=ALICE, run_id=RUN_ID, sheet=sheet, ref="sequential@exam", override=override, reason="ill", at=NOW
    )
    after = submit(sheet, "p5", 0, 5)
    removed = api.remove_override(user_id=ALICE, run_id=RUN_ID, sheet=sheet, ref="sequential@exam", at=NOW)

    assert [overridden.percent, after.percent, removed.percent] == [0.5, 0.5, 0.0]


def test_an_override_of_something_never_attempted_counts(sheet: Sheet) -> None:
    grade = api.override_subsection(
        user_id=ALICE, run_id=RUN_ID, sheet=sheet, ref="sequential@exam", override=Override(earned_graded=5.0), at=NOW
    )

    assert grade.percent == 0.5
    assert api.subsection_grades(ALICE, RUN_ID, sheet)[3].overridden


def test_what_a_learner_cannot_reach_is_neither_earned_nor_possible() -> None:
    hidden = {"problem@p2", "sequential@hw2", "vertical@u3", "problem@p4"}
    sheet = api.sheet_of(outline(COURSE), lambda block: block.ref not in hidden, POLICY)

    submit(sheet, "p1", 2, 2)
    submit(sheet, "p4", 3, 3)

    assert [(line.ref, line.possible_graded) for line in sheet.lines] == [
        ("sequential@hw1", 2.0),
        ("sequential@read", 0.0),
        ("sequential@exam", 5.0),
        ("sequential@play", 1.0),
    ]
    assert stored()[0] == 0.25  # one full homework of two slots


def test_a_score_without_a_maximum_takes_the_block_s(sheet: Sheet) -> None:
    submit(sheet, "p4", 3, None)

    assert api.scores(ALICE, RUN_ID) == {"problem@p4": (3.0, 3.0, NOW)}


def test_several_scores_of_one_moment_make_one_grade(sheet: Sheet) -> None:
    with transaction.atomic():
        grade = api.record_scores(
            user_id=ALICE,
            run_id=RUN_ID,
            sheet=sheet,
            scores=[NewScore("problem@p4", 3, 3), NewScore("problem@p5", 5, 5), NewScore("problem@p5", 0, 5)],
            standing=api.hold(ALICE, RUN_ID, NOW),
            at=NOW,
        )

    assert grade.percent == 0.25
    assert api.course_grade(ALICE, RUN_ID, sheet).percent == 0.25


@pytest.mark.parametrize(
    ("rule", "due", "staff", "hidden"),
    [
        ("always", FUTURE, False, ""),
        ("never", PAST, True, "for_good"),
        ("past_due", FUTURE, False, "until_due"),
        ("past_due", FUTURE, True, ""),
        ("past_due", PAST, False, ""),
        ("past_due", None, False, ""),
        ("never_but_include_grade", FUTURE, False, "until_due"),
        ("never_but_include_grade", PAST, False, ""),
        ("never_but_include_grade", None, False, ""),
    ],
)
def test_scores_are_shown_when_the_author_allows(rule: str, due: datetime | None, staff: bool, hidden: str) -> None:
    fields = {"show_correctness": rule, "graded": True, "format": "Exam"} | ({"due": due} if due else {})
    tree = course(chapter("c", sequential("s", vertical("u", problem("p5", 5.0)), **fields)))
    sheet = api.sheet_of(outline(tree), lambda block: True, POLICY)
    submit(sheet, "p5", 5, 5)

    progress = api.progress(ALICE, RUN_ID, sheet, staff=staff, at=NOW)

    assert progress.lines[0].hidden == hidden
    assert progress.grade.percent == (0.0 if hidden else 0.5)
    assert stored()[0] == 0.5  # what is stored counts every subsection


def test_recording_costs_the_same_in_any_course(sheet: Sheet, django_assert_num_queries) -> None:
    long = course(
        *COURSE.children,
        *(
            chapter(f"x{n}", sequential(f"xs{n}", vertical(f"xv{n}", problem(f"xp{n}")), graded=True, format="Exam"))
            for n in range(30)
        ),
    )
    submit(sheet, "p1", 1, 2)

    with django_assert_num_queries(8):  # savepoint; lock, scores; score, subsection; totals; course; release
        submit(sheet, "p2", 1, 4)
    with django_assert_num_queries(8):
        submit(api.sheet_of(outline(long), lambda block: True, POLICY), "p2", 1, 4)


REFS = st.sampled_from([("p1", 2), ("p2", 4), ("p3", 1), ("p4", 3), ("p5", 5), ("p6", 1)])
STEP = st.tuples(REFS, st.integers(0, 8), st.booleans(), st.integers(0, 9))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=12))
def test_step_by_step_grades_are_those_of_a_fresh_computation(sheet: Sheet, steps: list) -> None:
    for model in (BlockScore, SubsectionGrade, CourseGrade):
        model.objects.all().delete()
    for (ref, points), eighths, higher, die in steps:
        submit(sheet, ref, points * eighths / 8, points, only_if_higher=higher, deleted=die == 0)
    by_steps = (snapshot(), stored() if steps else None)

    api.recompute(user_id=ALICE, run_id=RUN_ID, sheet=sheet, at=NOW)

    assert (snapshot(), stored() if steps else None) == by_steps
    assert api.course_grade(ALICE, RUN_ID, sheet).percent == stored()[0]


def snapshot() -> list[tuple]:
    columns = ("ref", "earned_all", "possible_all", "earned_graded", "possible_graded", "first_attempted")
    return sorted(SubsectionGrade.objects.values_list(*columns))


def test_a_run_once_passed_stays_passed_for_those_that_build_on_it(sheet: Sheet) -> None:
    submit(sheet, "p5", 5, 5, at=NOW)
    submit(sheet, "p5", 0, 5, at=NOW + timedelta(days=1))

    row = CourseGrade.objects.get(user_id=ALICE)
    assert row.passed is False
    assert api.passed_runs(ALICE, [row.run_id, row.run_id + 1]) == {row.run_id}
