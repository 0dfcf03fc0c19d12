"""Prerequisites between subsections and the entrance exam, as rules."""

from __future__ import annotations

from typing import Any

import pytest

from lykeion.courseware.gating import (
    entrance_percent,
    entrance_section,
    find_gates,
    is_open,
    named,
    odd_gates,
    reaches,
)
from lykeion.courseware.types import Gate
from tests.factories import chapter, course, outline, sequential, vertical


def gated(**second: Any) -> Any:
    """A course of two subsections, of which the second may ask for the first."""
    return outline(
        course(
            chapter("c1", sequential("s1", vertical("u1")), sequential("s2", **second)), enable_subsection_gating=True
        )
    )


@pytest.mark.parametrize(
    ("fields", "score", "completion"),
    [
        ({"min_score": 80, "min_completion": 50}, 80, 50),
        ({"min_score": None, "min_completion": None}, 100, 100),
        ({}, 100, 0),  # Open edX: a missing least completion is none, a missing least score is all
        ({"min_score": 120, "min_completion": -3}, 100, 0),
    ],
)
@pytest.mark.parametrize("name", ["s1", "sequential@s1", "block-v1:Lyk+T101+2026+type@sequential+block@s1"])
def test_a_gate_is_read_as_open_edx_reads_it(
    fields: dict[str, Any], score: float, completion: float, name: str
) -> None:
    found = find_gates(gated(required_prereq=name, **fields))

    assert found == {"sequential@s2": Gate("sequential@s2", "sequential@s1", score, completion)}


def test_without_the_setting_of_the_course_nothing_is_gated() -> None:
    tree = outline(course(chapter("c1", sequential("s1"), sequential("s2", required_prereq="s1"))))

    assert find_gates(tree) == {}


@pytest.mark.parametrize("name", ["nobody", "u1", "c1", "block-v1:Lyk+T101+2026+type@sequential+block@gone", 7])
def test_a_prerequisite_that_is_no_subsection_shuts_nothing(name: Any) -> None:
    tree = gated(required_prereq=name)

    assert find_gates(tree) == {}
    assert [(block.id, why) for block, why in odd_gates(tree)] == [("s2", "missing")]


def test_subsections_that_wait_for_each_other_are_open_and_named_to_staff() -> None:
    tree = outline(
        course(
            chapter(
                "c1",
                sequential("s1", required_prereq="s2"),
                sequential("s2", required_prereq="s1"),
                sequential("s3", required_prereq="s3"),
                sequential("s4", required_prereq="s1"),
            ),
            enable_subsection_gating=True,
        )
    )

    assert list(find_gates(tree)) == ["sequential@s4"]
    assert [(block.id, why) for block, why in odd_gates(tree)] == [(f"s{place}", "circle") for place in (1, 2, 3)]


@pytest.mark.parametrize(
    ("earned", "possible", "completions", "opens"),
    [
        (8.0, 10.0, [1.0, 0.0], True),
        (7.9, 10.0, [1.0, 1.0], False),
        (8.0, 10.0, [0.9, 0.0], False),
        (0.0, 0.0, [1.0], True),  # nothing to earn
        (10.0, 10.0, [], True),  # nothing to complete
    ],
)
def test_both_percents_are_wanted_where_there_is_something(
    earned: float, possible: float, completions: list[float], opens: bool
) -> None:
    gate = Gate("sequential@s2", "sequential@s1", 80, 50)

    assert is_open(gate, earned, possible, completions) is opens


def test_percents_are_exact() -> None:
    assert reaches(57 / 100, 57)
    assert not reaches(56.99 / 100, 57)


@pytest.mark.parametrize(("stored", "percent"), [(None, 65), (0.5, 50), (1, 100), (70, 70), (200, 100), (-1, 0)])
def test_the_least_score_of_an_entrance_exam_is_a_fraction_or_a_percent(stored: Any, percent: float) -> None:
    assert entrance_percent(outline(course(entrance_exam_minimum_score_pct=stored))) == percent


@pytest.mark.parametrize("name", ["e1", "i4x://Lyk/T101/chapter/e1", "gone"])
def test_the_entrance_exam_is_found_by_its_id_or_by_its_mark(name: str) -> None:
    tree = outline(
        course(chapter("c1"), chapter("e1", is_entrance_exam=True), entrance_exam_enabled=True, entrance_exam_id=name)
    )

    found = entrance_section(tree)

    assert found is not None
    assert found.ref == "chapter@e1"


def test_a_course_that_does_not_want_its_entrance_exam_has_none() -> None:
    assert entrance_section(outline(course(chapter("e1", is_entrance_exam=True), entrance_exam_id="e1"))) is None


def test_a_block_is_named_by_key_or_id() -> None:
    assert named(gated(), "elsewhere") is None
