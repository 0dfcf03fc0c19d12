"""A problem goes through the fields of a form and comes back; what is missing in it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykeion.capa.api import read_visual, visual_concerns, write_visual
from lykeion.capa.authoring.fields import fields_of, problem_of
from lykeion.capa.authoring.types import (
    Choice,
    Combination,
    Dropdown,
    Expected,
    Feedback,
    MultiSelect,
    Number,
    Option,
    Question,
    SimpleProblem,
    SingleSelect,
    Text,
)
from lykeion.capa.types import CapaError
from tests.capa.alike import meaning
from tests.capa.authoring.test_model import DROPDOWN, MULTI, NUMBER, SINGLE, TEXT, all_problems

LISTS = {
    "questions": "q",
    "choices": "choices",
    "groups": "groups",
    "options": "options",
    "more": "more",
    "wrong": "wrong",
}


def sent(row: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """The fields that a browser sends for the rows that a page shows."""
    for name, value in row.items():
        if isinstance(value, list):
            for one in value:
                below = f"{path}{LISTS.get(name, name)}-{one['key']}-"
                yield from sent(one, below)
                if name == "options" and one["correct"]:
                    yield f"{path}right", str(one["key"])
        elif value is True:
            yield f"{path}{name}", "on"
        elif isinstance(value, str) and name not in ("key", "p"):
            yield f"{path}{name}", value.replace("\n", "\r\n")


@pytest.mark.parametrize("question", [SINGLE, MULTI, DROPDOWN, NUMBER, TEXT], ids=lambda question: question.kind)
def test_each_kind_comes_back_from_its_form(question: Question) -> None:
    problem = SimpleProblem((question,), "<p>The end.</p>", ("Think.",), (("own", " a"),))

    assert problem_of(sent(fields_of(problem))) == problem


def test_problems_of_courses_come_back_from_their_form(shared: Path) -> None:
    for xml in set(all_problems(shared)):
        try:
            model = read_visual(xml)
        except CapaError:
            continue
        if re.search(r'answer="\s*"', xml):  # a form leaves out blanks, which are never right
            continue
        assert meaning(write_visual(problem_of(sent(fields_of(model))))) == meaning(xml), xml


def test_rows_are_in_the_order_of_the_form_whatever_their_numbers() -> None:
    form = [
        ("q-7-kind", "single"),
        ("q-7-label", "First < second"),
        ("q-7-choices-n3-html", "a"),
        ("q-7-choices-n3-correct", "on"),
        ("q-7-choices-1-html", "b"),
        ("q-2-kind", "number"),
        ("q-2-answer", "5"),
        ("q-9-kind", "spell"),
        ("csrfmiddlewaretoken", "x"),
        ("hints-1-html", " "),
    ]

    assert problem_of(form) == SimpleProblem(
        (
            Question(
                SingleSelect((Choice("a", correct=True), Choice("b"))),
                label="First &lt; second",
                explanation_head=None,
            ),
            Question(Number("5", preview=False), explanation_head=None),
        )
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["q-1-kind", "q-1", "q-1-choices", "q-1-choices-1-html", "hints", "q-1-options-2", "after-x"]
            ),
            st.sampled_from(["single", "text", "<b", "dropdown"]),
        )
    )
)
def test_a_form_that_no_page_sends_is_read_or_refused(form: list[tuple[str, str]]) -> None:
    try:
        problem_of(form)
    except ValueError as refusal:
        assert str(refusal)


LACKING = {
    "label": (Question(Number("5")), "nothing says what is asked; "),
    "no right one": (Question(SingleSelect((Choice("a"), Choice("b"))), "L"), "no answer is marked as right; "),
    "one choice": (Question(Dropdown((Option("a", correct=True),)), "L"), "there is nothing to choose between; "),
    "an empty one": (Question(MultiSelect((Choice("a", True), Choice(""))), "L"), "answer 2 is empty; "),
    "twins": (Question(Dropdown((Option("a", True), Option("a"))), "L"), "two answers read a; "),
    "letters": (
        Question(MultiSelect((Choice("a", True), Choice("b")), (Combination(("C",), Feedback("x")),)), "L"),
        "feedback for several answers names C, which are not there; the answers are A B",
    ),
    "no number": (Question(Number("5 apples"), "L"), "the answer '5 apples' cannot be read as a number; "),
    "no tolerance": (Question(Number("5", "much"), "L"), "the tolerance 'much' is no number; "),
    "no text": (Question(Text(""), "L"), "the right answer is missing; "),
    "no expression": (Question(Text("a", wrong=(Expected("(", Feedback("x"), True),)), "L"), r"( is no regular expr"),
}


@pytest.mark.parametrize("name", LACKING)
def test_what_is_missing_is_told_in_words_of_the_editor(name: str) -> None:
    question, words = LACKING[name]

    (concern,) = visual_concerns(SimpleProblem((TEXT, question)))

    assert concern.question == 1
    assert re.match(re.escape(words), concern.finding.message)


def test_whole_questions_lack_nothing() -> None:
    assert visual_concerns(SimpleProblem((SINGLE, MULTI, DROPDOWN, NUMBER, TEXT))) == ()
