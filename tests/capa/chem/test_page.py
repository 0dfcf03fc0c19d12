"""Chemical equations are shown as Open edX shows them (its package `chem` was run on these texts)."""

from __future__ import annotations

import pytest

from lykeion.capa.chem.page import is_readable, to_html
from lykeion.capa.chem.parse import parse
from lykeion.capa.chem.types import FormulaError, Group, Item, Molecule

READ = [
    ("H2O", "H<sub>2</sub>O"),
    ("2H2 + O2 -> 2H2O", "2H<sub>2</sub>+O<sub>2</sub>→2H<sub>2</sub>O"),
    ("Cu^2+ + Zn -> Cu + Zn^2+", "Cu<sup>2+</sup>+Zn→Cu+Zn<sup>2+</sup>"),
    ("H2O(aq) <-> H^+ + OH^-", "H<sub>2</sub>O(aq)↔H<sup>+</sup>+OH<sup>-</sup>"),
    ("(NH4)2SO4(s)", "(NH<sub>4</sub>)<sub>2</sub>SO<sub>4</sub>(s)"),
    ("[Fe(CN)6]^4-", "[Fe(CN)<sub>6</sub>]<sup>4-</sup>"),
    ("((OH)2)3", "((OH)<sub>2</sub>)<sub>3</sub>"),
    ("1/2 O2", "<sup>1</sup>&frasl;<sub>2</sub>O<sub>2</sub>"),
    ("Fe^1+", "Fe<sup>+</sup>"),
    ("Fe3^2+", "Fe<sub>3</sub><sup>2+</sup>"),
    ("CO", "CO"),
    ("Co", "Co"),
    ("Uuo2", "Uuo<sub>2</sub>"),
]
UNREAD = ["", "xx", "H2O(", "Xe+", "CuSO4*5H2O", "H^+2", "Og", "(s)", "H(s)2", "2/H2", "(H2O]", "H{2}", "½O2", "2"]


@pytest.mark.parametrize(("text", "html"), READ)
def test_indices_and_charges_are_put_in_their_places(text: str, html: str) -> None:
    assert to_html(text) == f'<span class="math">{html}</span>'
    assert is_readable(text)


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_no_formula_is_marked(text: str) -> None:
    assert to_html(text) == f'<span class="math"><span class="inline-error inline">{text}</span></span>'
    assert not is_readable(text)


def test_only_the_side_that_cannot_be_read_is_marked() -> None:
    assert to_html("H2O -> ?") == (
        '<span class="math">H<sub>2</sub>O→<span class="inline-error inline"> ?</span></span>'
    )


def test_what_learners_type_is_escaped() -> None:
    assert "<b>" not in to_html("<b>x</b>")


def test_the_parts_of_a_molecule_can_be_asked() -> None:
    assert parse("2SO4^2-(aq)") == (Molecule(Group("", (Item("S"), Item("O", "4", "2-"))), count="2", phase="(aq)"),)


def test_an_error_says_where_reading_stopped() -> None:
    with pytest.raises(FormulaError, match=r"cannot read 'H2O\?' at character 4") as error:
        parse("H2O?")

    assert error.value.place == 3


@pytest.mark.parametrize("text", ["(" * 5000, "H" * 5000, "(" * 400 + "H" + ")" * 400])
def test_endless_formulas_are_refused_at_once(text: str) -> None:
    assert not is_readable(text)
