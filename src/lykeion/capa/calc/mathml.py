"""An expression as Presentation MathML: what browsers of Open edX post beside a typed formula (`<id>_dynamath`).

There a script turned what was typed into MathML while it was typed. Here it is made from the formula itself, so that it
can never belong to an older one.
"""

from html import escape
from html.entities import html5
from typing import Final

from lykeion.capa.calc.functions import FUNCTIONS
from lykeion.capa.calc.latex import GREEK
from lykeion.capa.calc.parse import Call, Chain, Literally, Node, Variable, parse

_SUM, _PRODUCT, _PARALLEL, _POWER, _ATOM = range(5)
_LEVELS: Final = {"sum": _SUM, "product": _PRODUCT, "parallel": _PARALLEL, "power": _POWER}
_SIGN_OF: Final = {name: html5["infin;" if name == "infty" else f"{name};"] for name in GREEK}
_SIGNS: Final = {"+": "+", "-": "-", "*": "&#8901;"}


def to_mathml(formula: str) -> str:
    """A `<math>` element for a formula; an empty one for a blank. Raises SyntaxProblem or UnmatchedParenthesis."""
    inside = _mathml(parse(formula))[0] if formula.strip() else ""
    return '<math xmlns="http://www.w3.org/1998/Math/MathML"><mstyle displaystyle="true">' + inside + "</mstyle></math>"


def _mathml(node: Node) -> tuple[str, int]:
    """The MathML, and how tightly it holds together."""
    if isinstance(node, Literally):
        return _number(node.value)
    if isinstance(node, Variable):
        return _variable(node.name), _ATOM
    if isinstance(node, Call):
        return _call(node), _ATOM
    level = _LEVELS[node.kind]
    if node.kind == "sum":
        return _sum(node), level
    if node.kind == "product":
        return _product(node), level
    if node.kind == "parallel":
        return "<mo>&#8741;</mo>".join(_bracketed(operand, level) for operand in node.operands), level
    return _power(list(node.operands)), level


def _row(inside: str) -> str:
    return f"<mrow>{inside}</mrow>"


def _in_brackets(inside: str) -> str:
    return _row(f"<mo>(</mo>{inside}<mo>)</mo>")


def _bracketed(node: Node, level: int) -> str:
    text, holds = _mathml(node)
    return text if holds >= level else _in_brackets(text)


def _power(operands: list[Node]) -> str:
    base, *exponents = operands
    if not exponents:
        return _mathml(base)[0]
    return f"<msup>{_row(_bracketed(base, _ATOM))}{_row(_power(exponents))}</msup>"


def _number(value: int | float) -> tuple[str, int]:
    mantissa, _, exponent = repr(abs(value)).partition("e")
    sign = "<mo>-</mo>" if value < 0 else ""
    if exponent:
        power = f"<msup><mn>10</mn><mn>{int(exponent)}</mn></msup>"
        return f"{sign}<mn>{mantissa}</mn><mo>&#8901;</mo>{power}", _PRODUCT
    return f"{sign}<mn>{mantissa}</mn>", _SUM if value < 0 else _ATOM


def _variable(name: str) -> str:
    plain = name.rstrip("'")
    stem, _, index = plain.replace("{", "").replace("}", "").partition("_")
    lower, _, upper = index.partition("^")
    stem, _, power = stem.partition("^")
    base = _indexed(stem, lower, upper or power)
    primes = "&#8242;" * (len(name) - len(plain))
    return f"<msup>{base}<mo>{primes}</mo></msup>" if primes else base


def _indexed(stem: str, lower: str, upper: str) -> str:
    base = _name(stem)
    if lower and upper:
        return f"<msubsup>{base}{_row(_name(lower))}{_row(_name(upper))}</msubsup>"
    if lower:
        return f"<msub>{base}{_row(_name(lower))}</msub>"
    return f"<msup>{base}{_row(_name(upper))}</msup>" if upper else base


def _name(word: str) -> str:
    return f"<mn>{word}</mn>" if word.isdecimal() else f"<mi>{escape(_SIGN_OF.get(word, word))}</mi>"


def _call(node: Call) -> str:
    name = node.name.lower()
    argument = _mathml(node.argument)[0]
    if name == "sqrt":
        return f"<msqrt>{_row(argument)}</msqrt>"
    if name == "abs":
        return _row(f"<mo>|</mo>{argument}<mo>|</mo>")
    if name in ("fact", "factorial"):
        return _row(f"{_bracketed(node.argument, _ATOM)}<mo>!</mo>")
    if name in ("log10", "log2"):
        return _row(f"<msub><mi>log</mi><mn>{name[3:]}</mn></msub>{_in_brackets(argument)}")
    written = name if name in FUNCTIONS else node.name
    return _row(f"<mi>{escape(written)}</mi>{_in_brackets(argument)}")


def _sum(node: Chain) -> str:
    parts = []
    for index, (operand, operator) in enumerate(zip(node.operands, node.operators, strict=True)):
        sign = "-" if operator == "-" else "+" if index else ""
        parts.append((f"<mo>{sign}</mo>" if sign else "") + _bracketed(operand, _PRODUCT))
    return "".join(parts)


def _product(node: Chain) -> str:
    """A division is a fraction of all that stands before it."""
    text = _bracketed(node.operands[0], _PARALLEL)
    whole = True  # the text so far is one operand, which needs no brackets above a fraction line
    for operand, operator in zip(node.operands[1:], node.operators, strict=True):
        if operator == "/":
            above = _mathml(node.operands[0])[0] if whole and operand is node.operands[1] else text
            text, whole = f"<mfrac>{_row(above)}{_row(_mathml(operand)[0])}</mfrac>", True
        else:
            text, whole = f"{text}<mo>{_SIGNS['*']}</mo>{_bracketed(operand, _PARALLEL)}", False
    return text
