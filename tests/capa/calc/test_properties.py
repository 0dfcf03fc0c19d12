"""What an expression is worth is what plain Python says, and no text stops the evaluator."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykeion.capa.api import preview
from lykeion.capa.calc import CalcError, evaluate
from lykeion.capa.responses.numerical import student_number
from lykeion.capa.types import AnswerError

WRONG = (CalcError, ArithmeticError, ValueError, TypeError)
VARIABLES = {"x": 3, "y_1": -2, "z'": 0.5, "U_{ij}^{2}": 2}


@dataclass(frozen=True)
class Sample:
    """An expression as typed, and how Python computes it."""

    text: str
    value: Callable[[], Any]


def _numbers() -> st.SearchStrategy[Sample]:
    whole = st.integers(0, 99).map(lambda n: Sample(str(n), lambda: n))
    decimal = st.integers(0, 999).map(lambda n: Sample(f"{n / 100:.2f}", lambda: float(f"{n / 100:.2f}")))
    percent = st.integers(0, 99).map(lambda n: Sample(f"{n}%", lambda: n * 0.01))
    signed = st.integers(1, 99).map(lambda n: Sample(f"-{n}", lambda: -n))
    powers = st.builds(
        lambda n, e: Sample(f"{n}e{e}", lambda: float(f"{n}e{e}")), st.integers(0, 9), st.integers(-3, 3)
    )
    named = st.sampled_from(list(VARIABLES)).map(lambda name: Sample(name, lambda: VARIABLES[name]))
    constant = st.sampled_from([("pi", math.pi), ("e", math.e), ("i", 1j)]).map(lambda c: Sample(c[0], lambda: c[1]))
    return st.one_of(whole, decimal, percent, signed, powers, named, constant)


def _chain(operands: list[Sample], operators: list[str], space: str) -> Sample:
    """Operands of one level, from the left."""

    def value() -> Any:
        total = operands[0].value()
        for operand, operator in zip(operands[1:], operators, strict=False):
            other = operand.value()
            total = {
                "+": lambda a, b: a + b,
                "-": lambda a, b: a - b,
                "*": lambda a, b: a * b,
                "/": lambda a, b: a / b,
            }[operator](total, other)
        return total

    text = operands[0].text
    for operand, operator in zip(operands[1:], operators, strict=False):
        text += f"{space}{operator}{space}{operand.text}"
    return Sample(text, value)


def _power(base: Sample, exponent: int) -> Sample:
    return Sample(f"{base.text}^{exponent}", lambda: base.value() ** exponent)


def _beside(one: Sample, other: Sample) -> Sample:
    def value() -> Any:
        resistors = one.value(), other.value()
        return math.nan if 0 in resistors else 1.0 / (1.0 / resistors[0] + 1.0 / resistors[1])

    return Sample(f"{one.text}||{other.text}", value)


def _bracketed(inner: Sample, sign: str) -> Sample:
    return Sample(
        f"({sign}{inner.text})", lambda: -inner.value() if sign == "-" and not _signed(inner) else inner.value()
    )


def _signed(sample: Sample) -> bool:
    return sample.text.startswith("-")


def _larger(inner: st.SearchStrategy[Sample]) -> st.SearchStrategy[Sample]:
    """Every operand that is an expression itself stands in brackets: precedence is tested by tables, not here."""
    held = inner.map(lambda sample: _bracketed(sample, ""))
    space = st.sampled_from(["", " ", "\t"])
    products = st.builds(
        _chain, st.lists(held, min_size=2, max_size=4), st.lists(st.sampled_from("*/"), min_size=3), space
    )
    sums = st.builds(_chain, st.lists(held, min_size=2, max_size=4), st.lists(st.sampled_from("+-"), min_size=3), space)
    return st.one_of(
        products,
        sums,
        st.builds(_power, held, st.integers(0, 4)),
        st.builds(_beside, held, held),
        held,
        held.map(_absolute),
    )


def _absolute(inner: Sample) -> Sample:
    return Sample(f"abs{inner.text}", lambda: abs(inner.value()))


EXPRESSIONS = st.recursive(_numbers(), _larger, max_leaves=8)


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS)
def test_an_expression_has_the_value_that_python_gives(sample: Sample) -> None:
    try:
        expected = sample.value()
    except WRONG as error:
        expected = type(error)
    try:
        value = evaluate(sample.text, VARIABLES)
    except WRONG as error:
        value = type(error)

    assert _alike(value, expected), (sample.text, value, expected)


def _alike(value: Any, expected: Any) -> bool:
    if isinstance(value, type) or isinstance(expected, type):
        return value == expected or (value is not None and _no_number(value) and _no_number(expected))
    if _no_number(value) or _no_number(expected):
        return _no_number(value) and _no_number(expected)
    return cmath.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-12)


def _no_number(value: Any) -> bool:
    return isinstance(value, type) or cmath.isnan(value) or cmath.isinf(value)


LETTERS = st.text("0123456789.eE+-*/^|%() xyijπ'_{}abssinqrtfc,=<&\n", max_size=60)
LONG = st.builds(
    lambda piece, times, end: piece * times + end,
    st.sampled_from(
        ["(", "-", "+", "2^", "abs(", "1||", "9", "e", "x_{", "1+", "1*", "(1)", "fact(", "sqrt(", "9^9^", "1e9", "'"]
    ),
    st.sampled_from([1, 10, 99, 100, 101, 500, 5000]),
    st.sampled_from(["", "1", ")", ")" * 100, "1)", "^2"]),
)


@settings(max_examples=500, deadline=None)
@given(LETTERS | LONG)
def test_any_text_has_a_value_or_an_error_that_says_why(text: str) -> None:
    try:
        evaluate(text, VARIABLES)
    except WRONG as error:
        assert str(error)


@settings(max_examples=500, deadline=None)
@given(LETTERS | LONG)
def test_learners_are_told_in_words_of_their_own(text: str) -> None:
    try:
        student_number(text)
    except AnswerError as error:
        message = error.html(str)
        assert message
        assert "<" not in message
        assert not any(word in message for word in ("Traceback", "Error:", "lykeion", "NoneType", "maximum recursion"))


@settings(max_examples=300, deadline=None)
@given(LETTERS | LONG)
def test_any_text_has_a_preview_or_none(text: str) -> None:
    shown = preview(text)

    assert shown is None or isinstance(shown, str)


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9^9",
        "fact(2000)^fact(20)",
        "fact(fact(9))",
        "(9^9999)^9999",
        "*".join(["9^9999"] * 300),
        "+".join(["9^60000"] * 500),
        "(" * 2000 + "1" + ")" * 2000,
        "1/" * 1999 + "1",
        "sqrt(" * 99 + "2" + ")" * 99,
        "x_{" * 1300,
    ],
)
def test_no_expression_takes_long(text: str) -> None:
    try:
        evaluate(text, VARIABLES)
    except WRONG as error:
        assert str(error)
