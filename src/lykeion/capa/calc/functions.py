"""The functions and constants every expression may use.

Real in, real out where the function has a real value there; square roots, logarithms and the inverse sine, cosine and
hyperbolic tangent go on into complex numbers, the inverse hyperbolic cosine and its kin answer NaN: learners' answers
have been judged like this for years (openedx-calc calls numpy.emath for the first, plain numpy for the second).
"""

import cmath
import math
from collections.abc import Callable, Mapping
from typing import Final

from lykeion.capa.calc.types import CalcError, Function, Number

CONSTANTS: Final[Mapping[str, Number]] = {"i": 1j, "j": 1j, "e": math.e, "pi": math.pi}

_LN2, _LN10 = math.log(2), math.log(10)
FACTORIAL_LIMIT = 2000


class NotAFactorial(CalcError):
    """fact() of a negative number."""


def _real(
    real: Callable[[float], float],
    complex_: Callable[[complex], complex],
    inside: Callable[[float], bool] | None = None,
    *,
    extend: bool = False,
) -> Function:
    """A function on both kinds of numbers; where the real one has no value: the complex one (`extend`) or NaN."""

    def function(x: Number) -> Number:
        if isinstance(x, complex):
            return _guarded(complex_, x)
        x = float(x)
        if inside is not None and not inside(x):
            return complex_(complex(x)) if extend and not math.isnan(x) else math.nan
        return _limit(real, x)

    return function


def _guarded(function: Callable[[complex], complex], x: complex) -> complex:
    try:
        return function(x)
    except (ValueError, OverflowError, ZeroDivisionError):
        return complex(math.nan, math.nan)


def _limit(function: Callable[[float], float], x: float) -> float:
    """As IEEE 754 does it: infinity for what grows too big, NaN for what has no value."""
    try:
        return function(x)
    except OverflowError:
        return -math.inf if function is math.sinh and x < 0 else math.inf
    except ValueError:
        return math.nan


def _logarithm(x: Number, base_log: float) -> Number:
    if isinstance(x, complex):
        return cmath.log(x) / base_log if x else complex(-math.inf, 0.0)
    x = float(x)
    if x == 0:
        return -math.inf
    if x < 0:
        return cmath.log(complex(x)) / base_log
    if base_log == _LN10:
        return math.log10(x)
    return math.log2(x) if base_log == _LN2 else math.log(x)


def _arctanh(x: Number) -> Number:
    if isinstance(x, complex):
        return _guarded(cmath.atanh, x)
    x = float(x)
    if abs(x) == 1:
        return math.copysign(math.inf, x)
    if abs(x) < 1 or math.isnan(x):
        return math.atanh(x)
    return complex(math.atanh(1 / x), math.pi / 2)  # the side of the cut that numpy takes


def _plain_arctanh(x: Number) -> Number:
    if isinstance(x, complex):
        return _guarded(cmath.atanh, x)
    x = float(x)
    if abs(x) > 1:
        return math.nan
    return _arctanh(x)


def _reciprocal_of(function: Function) -> Function:
    """1/f(x), with 1/0 as infinity: sec, csc, cot and their kin."""

    def reciprocal(x: Number) -> Number:
        value = function(x)
        if value == 0:
            return complex(math.nan, math.nan) if isinstance(value, complex) else math.copysign(math.inf, value)
        return 1 / value

    return reciprocal


def _of_reciprocal(function: Function) -> Function:
    """f(1/x), an error at zero: arcsec, arccsc and their kin."""
    return lambda x: function(1.0 / x)


def _arccot(x: Number) -> Number:
    if x == 0 and not isinstance(x, complex):
        return math.pi / 2
    return _arctan(1.0 / x)


def _factorial(x: Number) -> Number:
    if not isinstance(x, int):
        raise TypeError("fact() needs a whole number")
    if x < 0:
        raise NotAFactorial("fact() of a negative number")
    if x > FACTORIAL_LIMIT:
        raise OverflowError("fact() of a number that is too big")
    return math.factorial(x)


_sin = _real(math.sin, cmath.sin)
_cos = _real(math.cos, cmath.cos)
_tan = _real(math.tan, cmath.tan)
_sinh = _real(math.sinh, cmath.sinh)
_cosh = _real(math.cosh, cmath.cosh)
_tanh = _real(math.tanh, cmath.tanh)
_arctan = _real(math.atan, cmath.atan)
_arcsinh = _real(math.asinh, cmath.asinh)
_arccosh = _real(math.acosh, cmath.acosh, lambda x: x >= 1)
_plain_arcsin = _real(math.asin, cmath.asin, lambda x: -1 <= x <= 1)
_plain_arccos = _real(math.acos, cmath.acos, lambda x: -1 <= x <= 1)

FUNCTIONS: Final[Mapping[str, Function]] = {
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "sec": _reciprocal_of(_cos),
    "csc": _reciprocal_of(_sin),
    "cot": _reciprocal_of(_tan),
    "sqrt": _real(math.sqrt, cmath.sqrt, lambda x: x >= 0, extend=True),
    "log10": lambda x: _logarithm(x, _LN10),
    "log2": lambda x: _logarithm(x, _LN2),
    "ln": lambda x: _logarithm(x, 1.0),
    "exp": _real(math.exp, cmath.exp),
    "arccos": _real(math.acos, cmath.acos, lambda x: -1 <= x <= 1, extend=True),
    "arcsin": _real(math.asin, cmath.asin, lambda x: -1 <= x <= 1, extend=True),
    "arctan": _arctan,
    "arcsec": _of_reciprocal(_plain_arccos),
    "arccsc": _of_reciprocal(_plain_arcsin),
    "arccot": _arccot,
    "abs": abs,
    "fact": _factorial,
    "factorial": _factorial,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "sech": _reciprocal_of(_cosh),
    "csch": _reciprocal_of(_sinh),
    "coth": _reciprocal_of(_tanh),
    "arcsinh": _arcsinh,
    "arccosh": _arccosh,
    "arctanh": _arctanh,
    "arcsech": _of_reciprocal(_arccosh),
    "arccsch": _of_reciprocal(_arcsinh),
    "arccoth": _of_reciprocal(_plain_arctanh),
}
EXACT: Final = frozenset({"fact", "factorial"})  # these answer Python integers; the others IEEE numbers, as numpy's do
