"""From text to a tree: one pass, no backtracking but for names with indices.

    sum      = ["+" | "-"] product {("+" | "-") product}
    product  = parallel {("*" | "/") parallel}
    parallel = power {"||" power}
    power    = atom {"^" atom}                 (read from the right)
    atom     = number | name "(" sum ")" | name | "(" sum ")"
    number   = ["+" | "-"] digits ["e" digits] ["%"]

A sign belongs to a number (`2^-1`) or to a whole sum (`-2^2` is -4): `2*-x` is no expression, and neither is `--(1)`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from lykeion.capa.calc.types import SyntaxProblem, UnmatchedParenthesis

MAX_DEPTH = 100
MAX_LENGTH = 4_000

_SPACE = " \t\n\r"
_NUMBER = re.compile(
    r"[ \t\n\r]*([+-]?)[ \t\n\r]*([0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:[ \t\n\r]*[eE][ \t\n\r]*([+-]?)[ \t\n\r]*([0-9]+))?[ \t\n\r]*(%?)"
)
_NAME = re.compile(
    r"[A-Za-z][A-Za-z0-9]*(?:(?:_\{[A-Za-z0-9]+\})?\^\{[A-Za-z0-9]+\}|_\{[A-Za-z0-9]+\})'*|[A-Za-z][A-Za-z0-9_]*'*"
)
_FUNCTION_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_]*'*)[ \t\n\r]*\(")


@dataclass(frozen=True, slots=True)
class Literally:
    """A number as typed."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that stands for a number."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument."""

    name: str
    argument: "Node"


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands of one precedence level, with the operator before each operand but the first."""

    kind: Literal["sum", "product", "parallel", "power"]
    operands: "tuple[Node, ...]"
    operators: str = ""


Node = Literally | Variable | Call | Chain


def parse(text: str) -> Node:
    """The tree of an expression; raises SyntaxProblem or UnmatchedParenthesis."""
    check_parentheses(text)
    if len(text) > MAX_LENGTH:
        raise SyntaxProblem(f"The expression is longer than {MAX_LENGTH} characters.")
    reader = _Reader(text)
    tree = reader.sum()
    if not reader.at_end():
        raise SyntaxProblem(text)
    return tree


def check_parentheses(text: str) -> None:
    """Tell of the first parenthesis without its partner, before anything else is looked at."""
    depth = 0
    for index, letter in enumerate(text):
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth < 0:
                raise UnmatchedParenthesis(
                    f"Invalid Input: A closing parenthesis was found after segment {text[:index]}, "
                    "but there is no matching opening parenthesis before it."
                )
    if depth:
        raise UnmatchedParenthesis(
            f"Invalid Input: Parentheses are unmatched. {depth} parentheses were opened but never closed."
        )


class _Reader:
    """The place in the text that is being read."""

    __slots__ = ("depth", "place", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0

    def skip(self) -> str:
        """Step over white space; the letter that follows, or ''."""
        text, place = self.text, self.place
        while place < len(text) and text[place] in _SPACE:
            place += 1
        self.place = place
        return text[place : place + 1]

    def at_end(self) -> bool:
        return self.skip() == ""

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxProblem(f"The expression is nested more than {MAX_DEPTH} deep.")
        sign = self.skip()
        operators = "+"
        if sign and sign in "+-":
            operators = sign
            self.place += 1
        operands = [self.product()]
        while (letter := self.skip()) and letter in "+-":
            self.place += 1
            operators += letter
            operands.append(self.product())
        self.depth -= 1
        if len(operands) == 1 and operators == "+":
            return operands[0]
        return Chain("sum", tuple(operands), operators)

    def product(self) -> Node:
        operands = [self.parallel()]
        operators = ""
        while (letter := self.skip()) and letter in "*/":
            self.place += 1
            operators += letter
            operands.append(self.parallel())
        return Chain("product", tuple(operands), operators) if operators else operands[0]

    def parallel(self) -> Node:
        operands = [self.power()]
        while self.skip() == "|" and self.text.startswith("||", self.place):
            self.place += 2
            operands.append(self.power())
        return Chain("parallel", tuple(operands)) if len(operands) > 1 else operands[0]

    def power(self) -> Node:
        operands = [self.atom()]
        while self.skip() == "^":
            self.place += 1
            operands.append(self.atom())
        return Chain("power", tuple(operands)) if len(operands) > 1 else operands[0]

    def atom(self) -> Node:
        number = _NUMBER.match(self.text, self.place)
        if number is not None:
            self.place = number.end()
            return _number(number)
        letter = self.skip()
        if letter == "(":
            return self.inside_parentheses()
        return self.name()

    def inside_parentheses(self) -> Node:
        self.place += 1
        node = self.sum()
        if self.skip() != ")":
            raise SyntaxProblem(self.text)
        self.place += 1
        return node

    def name(self) -> Node:
        call = _FUNCTION_NAME.match(self.text, self.place)
        if call is not None:
            self.place = call.end() - 1
            return Call(call.group(1), self.inside_parentheses())
        name = _NAME.match(self.text, self.place)
        if name is None:
            raise SyntaxProblem(self.text)
        self.place = name.end()
        return Variable(name.group())


def _number(match: re.Match[str]) -> Literally:
    """A number keeps its kind: `7` is exact, `7.0` and `7e0` are not."""
    sign, digits, exponent_sign, exponent, percent = match.groups()
    value: int | float
    if exponent is not None:
        value = float(f"{digits}e{exponent_sign}{exponent}")
    elif "." in digits:
        value = float(digits)
    else:
        try:
            value = int(digits)
        except ValueError as error:  # Python refuses more than 4300 digits
            raise SyntaxProblem("The number has too many digits.") from error
    if sign == "-":
        value = -value
    return Literally(value * 0.01 if percent else value)
