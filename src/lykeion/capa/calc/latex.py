"""An expression as TeX, so that learners see what was understood of what they typed."""

from typing import Final

from lykeion.capa.calc.functions import FUNCTIONS
from lykeion.capa.calc.parse import Call, Chain, Literally, Node, Variable, parse

_SUM, _PRODUCT, _PARALLEL, _POWER, _ATOM = range(5)
_LEVELS: Final = {"sum": _SUM, "product": _PRODUCT, "parallel": _PARALLEL, "power": _POWER}
GREEK: Final = frozenset(
    {
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
        "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega",
        "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "hbar", "infty",
    }
)  # fmt: skip
"""Names that are written as one letter or sign."""
_TEX_NAMES: Final = frozenset({"sin", "cos", "tan", "sec", "csc", "cot", "ln", "exp", "sinh", "cosh", "tanh", "coth"})


def to_latex(text: str) -> str:
    """TeX of an expression; '' for a blank. Raises SyntaxProblem or UnmatchedParenthesis."""
    return _latex(parse(text))[0] if text.strip() else ""


def _latex(node: Node) -> tuple[str, int]:
    """The TeX, and how tightly it holds together."""
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
        return r"\|".join(_bracketed(operand, level) for operand in node.operands), level
    return _power(list(node.operands)), level


def _power(operands: list[Node]) -> str:
    base, *exponents = operands
    if not exponents:
        return _latex(base)[0]
    return f"{_bracketed(base, _ATOM)}^{{{_power(exponents)}}}"


def _bracketed(node: Node, level: int) -> str:
    """The node's TeX, in parentheses if it holds together less tightly than its place asks."""
    text, holds = _latex(node)
    return text if holds >= level else rf"\left({text}\right)"


def _number(value: int | float) -> tuple[str, int]:
    mantissa, _, exponent = repr(value).partition("e")
    if exponent:
        return rf"{mantissa}\!\times\!10^{{{int(exponent)}}}", _PRODUCT
    return mantissa, _SUM if value < 0 else _ATOM


def _variable(name: str) -> str:
    if "{" in name:
        return name
    primes = len(name) - len(name.rstrip("'"))
    plain = name.rstrip("'")
    stem, _, index = plain.partition("_")
    return _word(stem) + (f"_{{{_word(index)}}}" if index else "") + "'" * primes


def _word(word: str) -> str:
    if word in GREEK:
        return f"\\{word} "
    return word if len(word) <= 1 or word.isdecimal() else rf"\text{{{word}}}"


def _call(node: Call) -> str:
    name = node.name.lower()
    argument = _latex(node.argument)[0]
    if name == "sqrt":
        return rf"\sqrt{{{argument}}}"
    if name == "abs":
        return rf"\left|{argument}\right|"
    if name in ("fact", "factorial"):
        return f"{_bracketed(node.argument, _ATOM)}!"
    if name in ("log10", "log2"):
        return rf"\log_{{{name[3:]}}}\left({argument}\right)"
    written = f"\\{name}" if name in _TEX_NAMES else rf"\text{{{node.name if name not in FUNCTIONS else name}}}"
    return rf"{written}\left({argument}\right)"


def _sum(node: Chain) -> str:
    parts = []
    for index, (operand, operator) in enumerate(zip(node.operands, node.operators, strict=True)):
        sign = "-" if operator == "-" else "+" if index else ""
        parts.append(sign + _bracketed(operand, _PRODUCT))
    return "".join(parts)


def _product(node: Chain) -> str:
    """A division is a fraction of all that stands before it."""
    text = _bracketed(node.operands[0], _PARALLEL)
    whole = True  # the text so far is one thing that needs no parentheses under a fraction line
    for operand, operator in zip(node.operands[1:], node.operators, strict=True):
        if operator == "/":
            below = _latex(operand)[0]
            above = _latex(node.operands[0])[0] if whole and operand is node.operands[1] else text
            text, whole = rf"\frac{{{above}}}{{{below}}}", True
        else:
            text, whole = rf"{text}\cdot {_bracketed(operand, _PARALLEL)}", False
    return text
