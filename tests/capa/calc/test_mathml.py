"""A typed formula as the MathML that symbolic graders read."""

from __future__ import annotations

import pytest
from lxml import etree

from lykeion.capa.calc import CalcError
from lykeion.capa.calc.mathml import to_mathml

OPENING = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mstyle displaystyle="true">'
CLOSING = "</mstyle></math>"


@pytest.mark.parametrize(
    ("formula", "inside"),
    [
        ("", ""),
        ("x", "<mi>x</mi>"),
        ("2*x", "<mn>2</mn><mo>&#8901;</mo><mi>x</mi>"),
        ("-x", "<mo>-</mo><mi>x</mi>"),
        ("x^2", "<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>"),
        ("(a+b)/c", "<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mi>c</mi></mrow></mfrac>"),
        ("2*(-3)", "<mn>2</mn><mo>&#8901;</mo><mrow><mo>(</mo><mo>-</mo><mn>3</mn><mo>)</mo></mrow>"),
        ("sqrt(x)", "<msqrt><mrow><mi>x</mi></mrow></msqrt>"),
        ("abs(x)", "<mrow><mo>|</mo><mi>x</mi><mo>|</mo></mrow>"),
        ("fact(n)", "<mrow><mi>n</mi><mo>!</mo></mrow>"),
        ("sin(x)", "<mrow><mi>sin</mi><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow>"),
        ("log2(x)", "<mrow><msub><mi>log</mi><mn>2</mn></msub><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow>"),
        ("a||b", "<mi>a</mi><mo>&#8741;</mo><mi>b</mi>"),
        ("x_1'", "<msup><msub><mi>x</mi><mrow><mn>1</mn></mrow></msub><mo>&#8242;</mo></msup>"),
        ("U_{ij}^{k}", "<msubsup><mi>U</mi><mrow><mi>ij</mi></mrow><mrow><mi>k</mi></mrow></msubsup>"),
        ("1e-9", "<mn>1</mn><mo>&#8901;</mo><msup><mn>10</mn><mn>-9</mn></msup>"),
    ],
)
def test_every_part_of_a_formula_has_its_element(formula: str, inside: str) -> None:
    assert to_mathml(formula) == OPENING + inside + CLOSING


@pytest.mark.parametrize("name", ["alpha", "Omega", "hbar", "infty", "varepsilon"])
def test_names_of_letters_become_the_letters(name: str) -> None:
    (letter,) = etree.fromstring(to_mathml(name).encode()).itertext()

    assert len(str(letter)) == 1


def test_what_is_no_formula_is_refused() -> None:
    with pytest.raises(CalcError):
        to_mathml("2x")
