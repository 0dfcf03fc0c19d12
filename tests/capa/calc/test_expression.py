"""Expressions have the values that learners' answers have been judged by."""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykeion.capa.calc import CalcError, SyntaxProblem, UndefinedName, UnmatchedParenthesis, evaluate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2^3^2", 512),
        ("-2^2", -4),
        ("2^-1^2", 2),
        ("--2", 2),
        ("2*-3", -6),
        ("1||2", 2 / 3),
        ("0||1", math.nan),
        ("5%", 0.05),
        ("1.", 1.0),
        ("1 e 3", 1000.0),
        ("sqrt(-4)", 2j),
        ("ABS(-3)", 3),
        ("fact(5)", 120),
        ("1/sin(0)", math.inf),
        ("csc(0)", math.inf),
        ("arccosh(0.5)", math.nan),
        ("exp(710)", math.inf),
        ("10^20", 10**20),
        ("", math.nan),
    ],
)
def test_an_expression_has_its_value(text: str, value: complex) -> None:
    result = evaluate(text)

    assert (math.isnan(result) and math.isnan(value)) if value != value else result == value


@pytest.mark.parametrize(
    "text", ["2x", "(1+2)(3)", "2+3j", "10k", "1,000", "5 6", "2**3", "0x10", "2*-x", "--(1)", "1+"]
)
def test_what_calculators_would_guess_at_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        evaluate(text, {"x": 1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q+r", "Invalid Input: q, r not permitted in answer as a variable"),
        ("X", "Invalid Input: X not permitted in answer as a variable (did you mean x?)"),
        (
            "x(2)",
            "Invalid Input: x not permitted in answer as a function (did you forget to use * for multiplication?)",
        ),
    ],
)
def test_unknown_names_are_told_with_what_was_meant(text: str, message: str) -> None:
    with pytest.raises(UndefinedName) as refused:
        evaluate(text, {"x": 1}, case_sensitive=True)

    assert str(refused.value) == message


def test_a_lost_parenthesis_is_told_before_anything_else() -> None:
    with pytest.raises(UnmatchedParenthesis) as refused:
        evaluate("unknown((2)")

    assert str(refused.value) == (
        "Invalid Input: Parentheses are unmatched. 1 parentheses were opened but never closed."
    )


@pytest.mark.parametrize("text", ["9^9^9^9", "fact(fact(9))", "(9^9999)^9999"])
def test_numbers_too_big_to_hold_are_refused_at_once(text: str) -> None:
    with pytest.raises(OverflowError):
        evaluate(text)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(SyntaxProblem):
        evaluate("(" * 5000 + "1" + ")" * 5000)


def test_of_two_names_that_differ_in_case_the_later_counts_unless_case_matters() -> None:
    names = {"a": 1, "A": 2}

    assert evaluate("a+A", names) == 4
    assert evaluate("a+A", names, case_sensitive=True) == 3


@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(1, 999))
def test_sums_and_products_are_pythons(a: int, b: int, c: int) -> None:
    assert evaluate(f"({a})+({b})*{c}-{c}", {}) == a + b * c - c


@given(st.text(max_size=40))
def test_no_text_breaks_the_calculator(text: str) -> None:
    with contextlib.suppress(CalcError, ArithmeticError, ValueError, TypeError):
        evaluate(text)


FUNCTIONS = {"double": lambda x: 2 * x, "square": lambda x: x * x, "one": lambda x: 1}


def test_all_reference_expressions_agree(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "capa/calc.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [row["expr"] for row in rows if not _agrees(row)] == []


def _agrees(row: dict[str, Any]) -> bool:
    variables = {
        name: complex(*value) if isinstance(value, list) else value for name, value in row["variables"].items()
    }
    functions = {name: FUNCTIONS[kind] for name, kind in row["functions"].items()}
    try:
        found = evaluate(row["expr"], variables, functions, case_sensitive=row["case_sensitive"])
    except (CalcError, ArithmeticError, ValueError, TypeError) as error:
        expected = row.get("error", {}).get("message", "")
        return "error" in row and (str(error) == expected or not expected.startswith("Invalid Input"))
    if "error" in row:
        return False
    if "digits" in row["value"]:
        return str(found) == row["value"]["digits"]
    found = complex(found)
    return _same(found.real, row["value"]["re"]) and _same(found.imag, row["value"]["im"])


def _same(found: float, expected: float | str) -> bool:
    expected = float(expected)
    if math.isnan(expected):
        return math.isnan(found)
    return found == expected or math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)
