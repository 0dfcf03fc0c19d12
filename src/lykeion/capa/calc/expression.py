"""An expression compiled to Python closures: parse once, evaluate for every sample."""

import cmath
import math
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from lykeion.capa.calc.functions import CONSTANTS, EXACT, FUNCTIONS
from lykeion.capa.calc.parse import Call, Chain, Literally, Node, Variable, parse
from lykeion.capa.calc.types import Function, Number, UndefinedName

WORTH_KEEPING = 200  # letters; learners may send far more
MAX_BITS = 200_000  # of an exact integer; 9^9^9^9 must not stop the site
T = TypeVar("T")
_Value = Callable[[Mapping[str, Number], Mapping[str, Function]], Number]
_NO_VARIABLES: Final[Mapping[str, Number]] = {}
_NO_FUNCTIONS: Final[Mapping[str, Function]] = {}


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression with the names it uses, spelled as typed."""

    text: str
    variables: frozenset[str]
    functions: frozenset[str]
    _exact: _Value
    _folded: _Value

    def evaluate(
        self,
        variables: Mapping[str, Number] = _NO_VARIABLES,
        functions: Mapping[str, Function] = _NO_FUNCTIONS,
        *,
        case_sensitive: bool = False,
    ) -> Number:
        """The value. Given names hide the built-in ones; of two names that differ in case only, the later counts.

        Raises UndefinedName for names that are not there, and Python's ArithmeticError, ValueError or TypeError for
        expressions that have no value (`1/0`, `fact(-1)`, `fact(2.5)`).
        """
        known, callable_ = _scope(variables, CONSTANTS), _scope(functions, FUNCTIONS)
        if not case_sensitive:
            known, callable_ = _fold_names(known), _fold_names(callable_)
        self._check_names(known, callable_, case_sensitive)
        return (self._exact if case_sensitive else self._folded)(known, callable_)

    def _check_names(self, known: Mapping[str, Number], functions: Mapping[str, Function], exact: bool) -> None:
        missing = [name for name in self.variables if (name if exact else name.lower()) not in known]
        if missing:
            raise UndefinedName(_undefined(missing, "variable", known, ()))
        missing = [name for name in self.functions if (name if exact else name.lower()) not in functions]
        if missing:
            raise UndefinedName(_undefined(missing, "function", functions, known))


def _scope(given: Mapping[str, T], standard: Mapping[str, T]) -> Mapping[str, T]:
    return {**standard, **given} if given else standard


def _fold_names(names: Mapping[str, T]) -> Mapping[str, T]:
    if names is CONSTANTS or names is FUNCTIONS:
        return names  # all lower case already
    return {name.lower(): value for name, value in names.items()}


def _undefined(missing: list[str], kind: str, known: Iterable[str], others: Container[str]) -> str:
    """The sentence for names nobody defined, with the spelling or the missing `*` that was probably meant."""
    names = ", ".join(sorted(missing))
    hint = ""
    if len(missing) == 1:
        name = missing[0]
        close = [other for other in known if other.lower() == name.lower()]
        if name in others:
            hint = " (did you forget to use * for multiplication?)"
        elif close:
            hint = f" (did you mean {', '.join(sorted(close))}?)"
    return f"Invalid Input: {names} not permitted in answer as a {kind}{hint}"


def compile_expression(text: str) -> Expression:
    """Parse text (not blank); raises SyntaxProblem or UnmatchedParenthesis. Short texts are kept: call it at will."""
    return _kept(text) if len(text) <= WORTH_KEEPING else _compiled(text)


@lru_cache(maxsize=2048)
def _kept(text: str) -> Expression:
    return _compiled(text)


def _compiled(text: str) -> Expression:
    tree = parse(text)
    variables: set[str] = set()
    functions: set[str] = set()
    exact, _ = _compile(tree, variables, functions, fold=False)
    folded, _ = _compile(tree, set(), set(), fold=True)
    return Expression(text, frozenset(variables), frozenset(functions), exact, folded)


def evaluate(
    text: str,
    variables: Mapping[str, Number] = _NO_VARIABLES,
    functions: Mapping[str, Function] = _NO_FUNCTIONS,
    *,
    case_sensitive: bool = False,
) -> Number:
    """The value of an expression; NaN for blank text. Raises as compile_expression and Expression.evaluate do."""
    if not text.strip():
        return math.nan
    return compile_expression(text).evaluate(variables, functions, case_sensitive=case_sensitive)


def _compile(node: Node, variables: set[str], functions: set[str], *, fold: bool) -> tuple[_Value, bool]:
    """A closure for the node, and whether its value counts as an IEEE number (what came out of sin, sqrt, ...).

    IEEE numbers divide by zero into infinity and have NaN for roots of negatives; typed numbers raise or go complex.
    """
    if isinstance(node, Literally):
        value = node.value
        return (lambda known, functions_: value), False
    if isinstance(node, Variable):
        variables.add(node.name)
        name = node.name.lower() if fold else node.name
        return (lambda known, functions_: known[name]), False
    if isinstance(node, Call):
        return _compile_call(node, variables, functions, fold=fold)
    parts = [_compile(operand, variables, functions, fold=fold) for operand in node.operands]
    return _compile_chain(node, [part for part, _ in parts], [ieee for _, ieee in parts])


def _compile_call(node: Call, variables: set[str], functions: set[str], *, fold: bool) -> tuple[_Value, bool]:
    functions.add(node.name)
    name = node.name.lower() if fold else node.name
    argument, ieee = _compile(node.argument, variables, functions, fold=fold)
    if name not in FUNCTIONS:
        return (lambda known, callable_: callable_[name](argument(known, callable_))), ieee
    return (lambda known, callable_: callable_[name](argument(known, callable_))), name not in EXACT


def _compile_chain(node: Chain, operands: list[_Value], ieee: list[bool]) -> tuple[_Value, bool]:
    if node.kind == "sum":
        return _sum(operands, node.operators), any(ieee)
    if node.kind == "parallel":
        return _parallel(operands), any(ieee)
    if node.kind == "power":
        return _power(operands, ieee), any(ieee)
    return _product(operands, node.operators, ieee), any(ieee)


def _sum(operands: list[_Value], operators: str) -> _Value:
    terms = list(zip(operands, operators, strict=True))

    def value(known: Mapping[str, Number], functions: Mapping[str, Function]) -> Number:
        total: Number = 0
        for operand, operator in terms:
            term = operand(known, functions)
            total = total + term if operator == "+" else total - term
        return total

    return value


def _product(operands: list[_Value], operators: str, ieee: list[bool]) -> _Value:
    first = operands[0]
    factors = [
        (operand, operator, any(ieee[: index + 2]))
        for index, (operand, operator) in enumerate(zip(operands[1:], operators, strict=True))
    ]

    def value(known: Mapping[str, Number], functions: Mapping[str, Function]) -> Number:
        total = first(known, functions)
        for operand, operator, is_ieee in factors:
            factor = operand(known, functions)
            if operator == "*":
                total = _within_bits(total * factor)
            else:
                total = _ieee_divide(total, factor) if is_ieee else total / factor
        return total

    return value


def _within_bits(number: Number) -> Number:
    if isinstance(number, int) and number.bit_length() > MAX_BITS:
        raise OverflowError("the number is too big")
    return number


def _ieee_divide(numerator: Number, denominator: Number) -> Number:
    if denominator != 0:
        return numerator / denominator
    if isinstance(numerator, complex) or isinstance(denominator, complex):
        return complex(math.nan, math.nan)
    if numerator == 0 or math.isnan(numerator):
        return math.nan
    return math.copysign(math.inf, numerator) * math.copysign(1.0, denominator)


def _parallel(operands: list[_Value]) -> _Value:
    def value(known: Mapping[str, Number], functions: Mapping[str, Function]) -> Number:
        resistors = [operand(known, functions) for operand in operands]
        if any(resistor == 0 for resistor in resistors):
            return math.nan
        conductance = sum(1.0 / resistor for resistor in resistors)
        return 1.0 / conductance

    return value


def _power(operands: list[_Value], ieee: list[bool]) -> _Value:
    steps = [(operand, any(ieee[index:])) for index, operand in enumerate(operands[:-1])]
    steps.reverse()
    last = operands[-1]

    def value(known: Mapping[str, Number], functions: Mapping[str, Function]) -> Number:
        exponent = last(known, functions)
        for operand, is_ieee in steps:
            base = operand(known, functions)
            exponent = _ieee_power(base, exponent) if is_ieee else _exact_power(base, exponent)
        return exponent

    return value


def _exact_power(base: Number, exponent: Number) -> Number:
    exact = isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1
    if exact and exponent * int(base).bit_length() > MAX_BITS:  # type: ignore[operator, arg-type]
        raise OverflowError("the number is too big")
    result: Number = base**exponent
    return result


def _ieee_power(base: Number, exponent: Number) -> Number:
    if isinstance(base, complex) or isinstance(exponent, complex):
        return _complex_power(complex(base), complex(exponent))
    base, exponent = float(base), float(exponent)
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:  # 0 to a negative power, or a fractional power of a negative number
        return math.inf if base == 0 else math.nan


def _complex_power(base: complex, exponent: complex) -> complex:
    try:
        return base**exponent
    except (ZeroDivisionError, OverflowError):
        return complex(cmath.nan, cmath.nan)
