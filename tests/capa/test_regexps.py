"""Authors' expressions, kind and otherwise."""

from __future__ import annotations

import contextlib
import re
import time

import pytest

from lykeion.capa.regexps import found
from lykeion.capa.types import ProblemError


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^a.c$", "abc", True),
        ("^a.c$", "abcd", False),
        (r"^(\w+\s?)+$", "two words", True),
        ("^(ab|c)*$", "abd", False),
    ],
)
def test_an_expression_is_found_or_not(pattern: str, text: str, expected: bool) -> None:
    assert found(pattern, text, ignore_case=False) is expected


def test_case_can_be_ignored_in_kind_and_in_slow_expressions() -> None:
    assert found("^straße$", "STRAßE", ignore_case=True)
    assert found("^(a+)+$", "AAA", ignore_case=True)


def test_an_expression_that_would_take_for_ever_is_stopped() -> None:
    started = time.monotonic()

    with pytest.raises(ProblemError):
        found("^(a+)+b$", "a" * 60, ignore_case=False)

    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("((a|a){16}){16}b", "a" * 300),
        ("(a{1,16}){1,16}b", "a" * 200),
        ("a?" * 30 + "a" * 30 + "b", "a" * 40),
        ("(a?){17}a{17}b", "a" * 34),
        ("(a+){9}b", "a" * 60),
        (".*.*.*.*.*.*b", "a" * 200),
    ],
)
def test_small_repeats_and_choices_that_multiply_are_stopped_too(pattern: str, text: str) -> None:
    started = time.monotonic()

    with contextlib.suppress(ProblemError):
        found(pattern, text, ignore_case=False)

    assert time.monotonic() - started < 3


@pytest.mark.parametrize("pattern", ["^(yes|no|maybe)$", r"^\s*colou?rs?\s*$", r"(\d{3}-){2}\d+", "a.*b.*c"])
def test_common_expressions_need_no_process_of_their_own(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lykeion.capa.regexps._found_elsewhere", lambda *asked: pytest.fail("a process was started"))

    found(pattern, "an answer of a common length, say of twelve words or a bit more", ignore_case=False)


def test_a_broken_expression_is_told() -> None:
    with pytest.raises(re.error):
        found("^(a$", "a", ignore_case=False)


@pytest.mark.parametrize(
    "pattern", ["^x|(b)+c$", r"\w+\s?x", "(b)+c", "b?" * 16 + "b{16}c", ".*.*c", r"(\w)+(\s)?x", "(b|bb|bbb)+c"]
)
def test_no_search_holds_up_others_for_long(pattern: str) -> None:
    began = time.thread_time()  # what is searched elsewhere, or waited for, does not hold up anybody

    with contextlib.suppress(ProblemError):
        found(pattern, "b" * 10_000, ignore_case=True)

    assert time.thread_time() - began < 0.5
