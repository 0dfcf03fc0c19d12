"""Authors' expressions, kind and otherwise."""

from __future__ import annotations

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


def test_a_broken_expression_is_told() -> None:
    with pytest.raises(re.error):
        found("^(a$", "a", ignore_case=False)
