"""The arithmetic of learners' answers: one expression in, one number out.

`compile_expression` turns text into a tree once; `Expression.evaluate` gives its value for some variables. The grammar
is that of Open edX (its package openedx-calc): no implicit multiplication, `||` for parallel resistors, `5%`,
`x_{ij}^{k}`.
"""

from lykeion.capa.calc.expression import Expression, compile_expression, evaluate
from lykeion.capa.calc.types import (
    CalcError,
    Number,
    SyntaxProblem,
    UndefinedName,
    UnmatchedParenthesis,
)

__all__ = [
    "CalcError",
    "Expression",
    "Number",
    "SyntaxProblem",
    "UndefinedName",
    "UnmatchedParenthesis",
    "compile_expression",
    "evaluate",
]
