from datetime import UTC, datetime

import pytest

from lykeion.grades.policy import (
    DEFAULT,
    PolicyError,
    fraction,
    grade_course,
    grade_type,
    read_policy,
    total,
    weighted,
)
from lykeion.grades.types import AssignmentLine, CourseGrade, Score, SubsectionGrade


def homework(percent: float, *, name: str = "Week", kind: str = "Homework", possible: float = 100) -> SubsectionGrade:
    earned = percent * possible
    return SubsectionGrade(
        ref=f"sequential@{name}",
        title=name,
        format=kind,
        earned_all=earned,
        possible_all=possible,
        earned_graded=earned,
        possible_graded=possible,
        percent=percent,
        scores={},
        attempted=True,
    )


def one_type(**entry: object) -> dict[str, object]:
    return {
        "GRADER": [{"type": "Homework", "short_label": "HW", "weight": 1, **entry}],
        "GRADE_CUTOFFS": {"A": 0.9, "B": 0.7, "C": 0.5},
    }


def test_a_course_without_a_policy_has_open_edx_s() -> None:
    policy = read_policy(None)

    assert [(kind.type, kind.short_label, kind.weight) for kind in policy.types] == [
        ("Homework", "HW", 0.15),
        ("Lab", "Lab", 0.15),
        ("Midterm Exam", "Midterm", 0.3),
        ("Final Exam", "Final", 0.4),
    ]
    assert policy.cutoffs == (("Pass", 0.5),)


def test_a_policy_with_a_word_for_a_weight_says_where() -> None:
    with pytest.raises(PolicyError, match=r"GRADER, entry 1 \(Homework\), weight: 'lots' is not a number"):
        read_policy(one_type(weight="lots"))


def test_the_hash_follows_what_counts() -> None:
    assert read_policy(None).hash == read_policy(dict(DEFAULT)).hash
    assert read_policy(None).hash != read_policy(one_type()).hash


def test_unreleased_slots_count_as_zero_and_are_dropped_first() -> None:
    kind = read_policy(one_type(min_count=3, drop_count=1)).types[0]

    made = grade_type(kind, [homework(0.8)])

    assert made.percent == 0.4  # 0.8 / 2: facts §5.9
    assert made.lines == (
        AssignmentLine("Homework", "HW 01", "Homework 1 - Week - 80% (80/100)", 0.8),
        AssignmentLine("Homework", "HW 02", "Homework 2 Unreleased - 0% (?/?)", 0.0),
        AssignmentLine(
            "Homework",
            "HW 03",
            "Homework 3 Unreleased - 0% (?/?)",
            0.0,
            mark="The lowest 1 Homework scores are dropped.",
        ),
        AssignmentLine("Homework", "HW Avg", "Homework Average = 40%", 0.4, prominent=True),
    )


def test_among_equal_scores_the_later_ones_are_dropped() -> None:
    kind = read_policy(one_type(drop_count=2)).types[0]

    made = grade_type(kind, [homework(0.5, name=name) for name in "abcd"])

    assert [bool(line.mark) for line in made.lines] == [False, False, True, True, False]
    assert made.percent == 0.5


def test_dropping_everything_leaves_nothing() -> None:
    kind = read_policy(one_type(drop_count=2)).types[0]

    assert grade_type(kind, [homework(1.0), homework(1.0)]).percent == 0.0
    assert grade_type(kind, [homework(1.0)]).percent == 0.0


def test_one_slot_is_one_line() -> None:
    kind = read_policy(one_type(min_count=1)).types[0]

    assert grade_type(kind, [homework(0.6)]).lines == (
        AssignmentLine("Homework", "HW", "Homework = 60%", 0.6, prominent=True),
    )


def test_lines_may_be_hidden_or_start_elsewhere() -> None:
    only_average = read_policy(one_type(min_count=2, show_only_average=True)).types[0]
    no_average = read_policy(one_type(min_count=2, hide_average=True, starting_index=0, category="Work")).types[0]

    assert [line.label for line in grade_type(only_average, []).lines] == ["HW Avg"]
    assert [line.label for line in grade_type(no_average, []).lines] == ["HW 00", "HW 01"]
    assert grade_type(no_average, []).lines[0].category == "Work"


def test_more_subsections_than_min_count_all_count() -> None:
    kind = read_policy(one_type(min_count=1)).types[0]

    assert grade_type(kind, [homework(1.0), homework(0.5), homework(0.0)]).percent == 0.5


def test_weights_are_not_normalised() -> None:
    policy = read_policy(
        {
            "GRADER": [
                {"type": "Homework", "min_count": 1, "weight": 0.9},
                {"type": "Exam", "min_count": 1, "weight": 0.6},
            ],
            "GRADE_CUTOFFS": {"Pass": 0.5},
        }
    )

    grade = grade_course(policy, [homework(1.0), homework(1.0, kind="Exam"), homework(1.0, kind="Unknown")])

    assert (grade.percent, grade.letter, grade.passed) == (1.5, "Pass", True)


def test_a_subsection_with_nothing_to_earn_is_no_assignment() -> None:
    policy = read_policy(one_type(min_count=1))

    assert grade_course(policy, [homework(0.0, possible=0), homework(1.0)]).percent == 1.0


@pytest.mark.parametrize(
    ("earned", "expected"),
    [(0.9, ("A", True)), (0.89, ("B", True)), (0.5, ("C", True)), (0.4945, ("C", True)), (0.4944, ("", False))],
)
def test_the_letter_is_the_highest_cutoff_reached(earned: float, expected: tuple[str, bool]) -> None:
    grade = grade_course(read_policy(one_type(min_count=1)), [homework(earned)])

    assert (grade.letter, grade.passed) == expected


def test_59_45_percent_is_60() -> None:
    policy = read_policy({**one_type(min_count=1), "GRADE_CUTOFFS": {"D": 0.6, "F": 0}})

    assert grade_course(policy, [homework(0.5945)]).letter == "D"
    assert grade_course(policy, [homework(0.5944)]) == CourseGrade(
        0.59, "F", False, grade_course(policy, [homework(0.5944)]).types
    )


def test_a_policy_with_only_a_zero_cutoff_passes_nobody() -> None:
    policy = read_policy({**one_type(min_count=1), "GRADE_CUTOFFS": {"Seen": 0}})

    grade = grade_course(policy, [homework(1.0)])

    assert (policy.pass_mark, grade.letter, grade.passed) == (0.0, "Seen", False)


@pytest.mark.parametrize(
    ("raw", "weight", "expected"),
    [
        ((1, 2), None, (1.0, 2.0)),
        ((1, 2), 10, (5.0, 10.0)),
        ((1, 2), 0, (0.0, 0.0)),
        ((0, 0), 5, (0.0, 0.0)),
    ],
)
def test_weight_rules(raw: tuple[float, float], weight: float | None, expected: tuple[float, float]) -> None:
    assert weighted(*raw, weight) == expected


def test_an_ungraded_problem_counts_in_all_but_not_in_the_grade() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    scores = [Score(1, 2, True, at), Score(3, 4, False), Score(0, 1, True)]

    assert total(scores) == (4.0, 7.0)
    assert total(scores, graded_only=True) == (1.0, 3.0)
    assert fraction(1, 3) == 0.3333
    assert fraction(0, 0) == 0.0
