"""Fields of a form become answers."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest

from lykeion.capa.forms import answers_from_form, answers_to
from lykeion.capa.types import AnswerError


def test_fields_become_texts_lists_and_dictionaries() -> None:
    fields = [
        ("csrfmiddlewaretoken", "secret"),
        ("input_p_2_1", "choice_1"),
        ("input_p_3_1[]", "choice_0"),
        ("input_p_3_1[]", "choice_2"),
        ("input_p_4_1{}", '{"a": 1}'),
        ("input_p_5_1{options}", "0"),
        ("input_p_5_1{comment}", "mine"),
    ]

    assert answers_from_form(fields) == {
        "p_2_1": "choice_1",
        "p_3_1": ["choice_0", "choice_2"],
        "p_4_1": {"a": 1},
        "p_5_1": {"options": "0", "comment": "mine"},
    }


@pytest.mark.parametrize(
    "fields",
    [
        [("input_p_2_1", "a"), ("input_p_2_1", "b")],
        [("input_p_2_1{}", "{")],
        [("input_p_2_1{}", '{"half a character": "\\ud800"}')],
        [("input_p_2_1", "x" * 200_000)],
        [("input_p_2_1[]", "x")] * 20_000,
        [("input_p_2_1", "x"), ("input_p_2_1[]", "y")],
        [("input_p_2_1[]", "x"), ("input_p_2_1", "y")],
        [("input_p_2_1", "x"), ("input_p_2_1{a}", "y")],
        [("input_p_2_1[]", "x"), ("input_p_2_1{a}", "y")],
        [("input_p_2_1{a}", "x"), ("input_p_2_1[]", "y")],
        [("input_p_2_1{}", "3"), ("input_p_2_1{a}", "y")],
        [("input_p_2_1{}", "{}"), ("input_p_2_1[]", "y")],
        [("input_p_2_1{a}", "x"), ("input_p_2_1{a}", "y")],
        [("input_p_2_1", BytesIO(b"a file"))],
        [("input_p_2_1[]", BytesIO(b"a file"))],
    ],
)
def test_what_no_form_sends_is_refused(fields: list[tuple[str, Any]]) -> None:
    with pytest.raises(AnswerError):
        answers_from_form(fields)


@pytest.mark.parametrize("name", ["{" * 99_000, "a" * 99_000 + "{", "}" * 99_000, "a{" * 49_000])
def test_a_long_name_of_a_field_takes_no_longer(name: str) -> None:
    started = time.monotonic()

    with contextlib.suppress(AnswerError):
        answers_from_form([(f"input_{name}", "")])

    assert time.monotonic() - started < 1


@dataclass
class Upload:
    """A file of a form, as `cgi.FieldStorage` and our request have it."""

    filename: str
    value: bytes = b"x"


def test_files_of_one_input_are_a_list_by_their_bare_names() -> None:
    uploads = [Upload("a.py"), Upload("../../b.py"), Upload("C:\\me\\c.py"), Upload(".."), Upload("d\x00\n.py")]

    found = answers_from_form([("input_p_2_1", one) for one in uploads])

    assert [file.name for file in found["p_2_1"]] == ["a.py", "b.py", "c.py", "file", "d.py"]


def test_a_chooser_in_which_nothing_was_chosen_is_no_answer() -> None:
    assert answers_from_form([("input_p_2_1", Upload(""))]) == {}


@pytest.mark.parametrize(
    "fields",
    [
        [("input_p_2_1", Upload("a"))] * 21,
        [("input_p_2_1", Upload("a", b"x" * 4_000_001))],
        [("input_p_2_1", Upload("a")), ("input_p_2_1", "text")],
        [("input_p_2_1", "text"), ("input_p_2_1", Upload("a"))],
    ],
)
def test_too_many_files_or_files_and_text_are_refused(fields: list[tuple[str, Any]]) -> None:
    with pytest.raises(AnswerError):
        answers_from_form(fields)


def test_files_are_for_questions_that_ask_for_them() -> None:
    files = answers_from_form([("input_p_2_1", Upload("a"))])

    assert answers_to({"p_2_1": "filesubmission"}, files) == files
    with pytest.raises(AnswerError, match="takes none"):
        answers_to({"p_2_1": "textline"}, files)
