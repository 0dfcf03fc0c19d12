"""What is offered while an author types is what the engine understands."""

from __future__ import annotations

from typing import Any

from lykeion.capa.api import completions
from lykeion.capa.authoring.words import ATTRIBUTES, PARTS, TAGS, VALUES
from lykeion.capa.lint.vocabulary import HTML, KNOWN_TAGS, attributes_of


def _element(name: str) -> dict[str, Any]:
    (found,) = (element for element in completions() if element["name"] == name)
    return found


def test_a_question_offers_its_inputs_and_parts() -> None:
    assert _element("stringresponse")["children"] == [
        *("textline", "label", "description", "solution"),
        *("additional_answer", "correcthint", "stringequalhint", "regexphint"),
    ]


def test_an_attribute_offers_its_values_and_says_what_it_means() -> None:
    correct = next(entry for entry in _element("choice")["attributes"] if entry["name"] == "correct")

    assert correct == {"name": "correct", "about": "Whether it is right.", "values": ["true", "false", "partial"]}


def test_only_a_problem_stands_at_the_top() -> None:
    assert [element["name"] for element in completions() if element.get("top")] == ["problem"]


def test_each_word_that_is_offered_or_explained_is_one_that_is_read() -> None:
    known = {*KNOWN_TAGS, *HTML}

    offered = {child for element in completions() for child in element.get("children", ())}
    assert offered <= known
    assert {*TAGS, *PARTS} <= known
    assert all(name in attributes_of(tag) for tag, name in VALUES if tag != "answer")
    assert set(ATTRIBUTES) <= {name for tag in known for name in attributes_of(tag)} | {"additional_answer"}


def test_sentences_are_translated() -> None:
    label = next(element for element in completions(str.upper) if element["name"] == "label")

    assert label["about"] == "WHAT IS ASKED; IT NAMES THE FIELD FOR EVERYBODY."
