"""How near is near enough: tolerances and staff answers of numerical and formula questions."""

import math
import re
from decimal import Decimal
from typing import Final, overload

from lykeion.capa.calc import CalcError, Number, evaluate
from lykeion.capa.source import Element
from lykeion.capa.types import ProblemError

DEFAULT_TOLERANCE: Final = "0.001%"
STAFF_ANSWER_PROBLEM: Final = "There was a problem with the staff answer to this problem."
_PERCENT = re.compile(r"\s*%\s*$")


@overload
def parameter(response: Element, name: str) -> str | None: ...
@overload
def parameter(response: Element, name: str, otherwise: str) -> str: ...
def parameter(response: Element, name: str, otherwise: str | None = None) -> str | None:
    """An attribute of the first responseparam that has it, whatever else that one is for."""
    for element in response.iter("responseparam"):
        value = element.get(name)
        if value is not None:
            return value
    return otherwise


def tolerance_text(response: Element) -> str:
    """The tolerance as the author wrote it; the default if they wrote none."""
    for element in response.iter("responseparam"):
        if element.get("type") == "tolerance":
            return element.get("default", DEFAULT_TOLERANCE)
    return DEFAULT_TOLERANCE


def widened(tolerance: str, factor: float) -> str:
    """The tolerance times a factor, in the same kind (percent or absolute)."""
    percent = _PERCENT.search(tolerance)
    value = _number(tolerance[: percent.start()] if percent else tolerance)
    return f"{value * factor!r}%" if percent else repr(value * factor)


def near_enough(student: Number, staff: Number, tolerance: str | float = DEFAULT_TOLERANCE) -> bool:
    """Whether two numbers agree.

    The default tolerance is relative to the larger of the two; a given percentage is of the staff answer. Real numbers
    are compared in decimal, as written, so that 1.1 and 1.2 differ by 0.1 exactly (util.py:compare_with_tolerance).
    """
    margin = _margin(student, staff, tolerance)
    student, staff = complex(student), complex(staff)
    if _infinite(student) or _infinite(staff):
        return student == staff
    if student.imag or staff.imag:
        return abs(student - staff) <= margin
    if math.isnan(student.real) or math.isnan(staff.real) or math.isnan(margin):
        return False
    difference = abs(Decimal(str(student.real)) - Decimal(str(staff.real)))
    return difference <= Decimal(str(margin))


def near_boundary(student: float, boundary: float) -> bool:
    """Whether a number is a boundary of a range, but for the last bit."""
    if math.isnan(student) or math.isnan(boundary):
        return False
    if math.isinf(student) or math.isinf(boundary):
        return student == boundary
    margin = math.ulp(1.0) * max(abs(student), abs(boundary))
    return abs(Decimal(str(student)) - Decimal(str(boundary))) <= Decimal(str(margin))


def _margin(student: Number, staff: Number, tolerance: str | float) -> float:
    if not isinstance(tolerance, str):
        return tolerance
    percent = _PERCENT.search(tolerance)
    if percent is None:
        return _number(tolerance)
    share = _number(tolerance[: percent.start()]) * 0.01
    return share * (max(abs(student), abs(staff)) if tolerance == DEFAULT_TOLERANCE else abs(staff))


def is_tolerance(text: str) -> bool:
    """Whether a text can be read as a tolerance: a real number or expression, with or without a percent sign."""
    try:
        return _number(_PERCENT.sub("", text)) >= 0
    except ProblemError:
        return False


def _number(text: str) -> float:
    try:
        value = evaluate(text)
        number = math.nan if isinstance(value, complex) else float(value)
    except (CalcError, ArithmeticError, ValueError, TypeError) as error:
        raise ProblemError(f"The tolerance {text!r} is not a number.") from error
    if math.isnan(number):
        raise ProblemError(f"The tolerance {text!r} is not a real number.")
    return number


def _infinite(number: complex) -> bool:
    return math.isinf(number.real) or math.isinf(number.imag)


def staff_number(text: str) -> complex:
    """A staff answer: Python's own spelling of complex numbers first (`2+3j`), then an expression."""
    try:
        return complex(text)
    except ValueError:
        pass
    try:
        return complex(evaluate(text))
    except (CalcError, ArithmeticError, ValueError, TypeError) as error:
        raise ProblemError(STAFF_ANSWER_PROBLEM) from error
