"""Grading rules: types with their subsections, cutoffs, what publishing them does to learners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lykeion.authoring.api import grading, settings
from lykeion.authoring.api.grading import Cutoff, Kind
from lykeion.authoring.types import Author, FieldError
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile
from tests.content.trees import NOON

Enter = Callable[..., Author]
POLICY = {
    "GRADER": [
        {"type": "Homework", "short_label": "HW", "min_count": 2, "drop_count": 1, "weight": 0.6, "hide_average": True},
        {"type": "Exam", "short_label": "Ex", "min_count": 1, "drop_count": 0, "weight": 0.4},
    ],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}


@pytest.fixture
def graded(author: Enter) -> Enter:
    """The course with two assignment types; its subsection is graded as Homework, for learners as well."""

    def change(draft: content.Draft) -> None:
        draft.update("course@course", {"grading_policy": POLICY})
        draft.update("sequential@sub", {"format": "Homework", "graded": True})

    content.edit(author().run, change, author="carol", at=NOON)
    content.publish(author().run, author="carol", at=NOON)
    return author


def saved(author: Author, kinds: list[Kind], cutoffs: list[Cutoff] | None = None, base: str = "") -> int:
    found = grading.rules(author)
    return grading.save_rules(
        author,
        kinds,
        cutoffs or list(found.cutoffs),
        found.grace,
        found.credit,
        base=base or author.root,  # type: ignore[arg-type]
        at=NOON,
    ).value


def fields(author: Author, ref: str, branch: str = "draft") -> dict[str, object]:
    step = content.way(content.head(author.run, branch), ref)[-1]  # type: ignore[arg-type]
    return dict(content.nodes([step.object_id])[step.object_id].fields)


def test_the_rules_are_shown_with_how_many_subsections_they_touch(graded: Enter) -> None:
    found = grading.rules(graded())

    assert found.kinds == (Kind("Homework", "HW", 60.0, 2, 1, "Homework", 1), Kind("Exam", "Ex", 40.0, 1, 0, "Exam", 0))
    assert (found.cutoffs, found.total, found.adds_up, found.unlike) == ((Cutoff("Pass", 50),), 100, True, ())


def test_a_renamed_type_takes_its_subsections_along_for_authors_and_then_for_learners(graded: Enter) -> None:
    homework, exam = grading.rules(graded()).kinds

    touched = saved(graded(), [replace(homework, type="Problem set"), exam])

    assert touched == 1
    assert fields(graded(), "sequential@sub")["format"] == "Problem set"
    assert fields(graded(), "sequential@sub", "published")["format"] == "Homework"
    settings.publish(graded(), "grading", at=NOON)
    assert fields(graded(), "sequential@sub", "published")["format"] == "Problem set"
    policy = fields(graded(), "course@course", "published")["grading_policy"]
    assert policy["GRADER"][0]["hide_average"] is True  # type: ignore[index]  # what the page does not show stays


def test_a_deleted_type_leaves_its_subsections_ungraded_and_can_be_taken_back(graded: Enter) -> None:
    _homework, exam = grading.rules(graded()).kinds
    old = graded().root

    touched = saved(graded(), [exam])

    assert touched == 1
    assert fields(graded(), "sequential@sub") == {"display_name": "Reading", "graded": False}
    settings.take_back(graded(), old, graded().root, at=NOON)
    assert fields(graded(), "sequential@sub")["format"] == "Homework"
    assert [kind.type for kind in grading.rules(graded()).kinds] == ["Homework", "Exam"]


def test_weights_that_do_not_make_100_are_told_and_saved(graded: Enter) -> None:
    homework, exam = grading.rules(graded()).kinds

    saved(graded(), [replace(homework, weight=12.5), exam])

    found = grading.rules(graded())
    assert (found.total, found.adds_up) == (52.5, False)


def test_cutoffs_are_kept_as_shares_highest_first(graded: Enter) -> None:
    saved(graded(), list(grading.rules(graded()).kinds), [Cutoff("B", 70), Cutoff("A", 90)])

    policy = fields(graded(), "course@course")["grading_policy"]
    assert list(policy["GRADE_CUTOFFS"].items()) == [("A", 0.9), ("B", 0.7)]  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ({"type": " "}, "type-0"),
        ({"type": "Exam"}, "type-1"),
        ({"weight": 101.0}, "weight-0"),
        ({"min_count": 0}, "min_count-0"),
        ({"drop_count": 2}, "drop_count-0"),
    ],
)
def test_what_cannot_be_a_type_is_refused_with_its_field(graded: Enter, kind: dict[str, object], field: str) -> None:
    homework, exam = grading.rules(graded()).kinds

    with pytest.raises(FieldError) as refused:
        saved(graded(), [replace(homework, **kind), exam])  # type: ignore[arg-type]

    assert refused.value.field == field


@pytest.mark.parametrize("cutoffs", [[Cutoff("A", 0)], [Cutoff("A", 50), Cutoff("B", 50)], [Cutoff("", 50)]])
def test_what_cannot_be_a_grade_is_refused(graded: Enter, cutoffs: list[Cutoff]) -> None:
    with pytest.raises(FieldError):
        saved(graded(), list(grading.rules(graded()).kinds), cutoffs)


def test_grace_is_kept_as_a_length_of_time_and_shown_in_hours(graded: Enter) -> None:
    kinds, cutoffs = grading.rules(graded()).kinds, grading.rules(graded()).cutoffs
    grading.save_rules(graded(), kinds, cutoffs, "51:30", "0.7", base=graded().root, at=NOON)

    assert fields(graded(), "course@course")["graceperiod"] == "2 days 3 hours 30 minutes"
    assert (grading.rules(graded()).grace, grading.rules(graded()).credit) == ("51:30", "0.7")
    with pytest.raises(FieldError) as refused:
        grading.save_rules(graded(), kinds, cutoffs, "soon", "", base=graded().root, at=NOON)
    assert refused.value.field == "grace"


def test_two_authors_of_the_rules_are_told(graded: Enter) -> None:
    homework, exam = grading.rules(graded()).kinds
    slow = graded("staff")
    saved(graded(), [replace(homework, weight=50.0), exam])

    with pytest.raises(ChangedMeanwhile):
        saved(slow, [homework, replace(exam, weight=70.0)], base=slow.root)


def test_rules_that_cannot_be_read_are_told(graded: Enter) -> None:
    broken = {"GRADER": [{"type": "Homework", "weight": "heavy"}]}
    content.edit(graded().run, lambda d: d.update("course@course", {"grading_policy": broken}), author="carol", at=NOON)

    assert "weight" in grading.rules(graded()).wrong
