"""Learners see what was understood of what they typed."""

from __future__ import annotations

import pytest

from lykeion.capa.calc.latex import to_latex


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("a*b/c", r"\frac{a\cdot b}{c}"),
        ("(a+b)/(c-d)*e", r"\frac{a+b}{c-d}\cdot e"),
        ("2^(x+1)^2", r"2^{\left(x+1\right)^{2}}"),
        ("-2^2", "-2^{2}"),
        ("x_1+alpha", r"x_{1}+\alpha "),
        ("sqrt(abs(x'))", r"\sqrt{\left|x'\right|}"),
        ("fact(n-k)", r"\left(n-k\right)!"),
        ("R||S", r"R\|S"),
        ("1e-5", r"1\!\times\!10^{-5}"),
        ("sin(f(x))", r"\sin\left(\text{f}\left(x\right)\right)"),
        ("U_{ij}^{2}", "U_{ij}^{2}"),
        (" ", ""),
    ],
)
def test_an_expression_reads_as_a_formula(text: str, tex: str) -> None:
    assert to_latex(text) == tex
