"""What goes in and out of the calculator."""

from collections.abc import Callable

Number = int | float | complex
Function = Callable[[Number], Number]


class CalcError(Exception):
    """An expression that has no value; the message is fit for the person who typed it."""


class SyntaxProblem(CalcError):
    """The text is not an expression."""


class UnmatchedParenthesis(CalcError):
    """A parenthesis is opened and never closed, or closed and never opened."""


class UndefinedName(CalcError):
    """The expression uses a variable or a function that this problem does not offer."""
