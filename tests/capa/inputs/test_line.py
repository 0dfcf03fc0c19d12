"""Lines of text, formulas and equations."""

from __future__ import annotations

import pytest

from tests.capa.inputs.asking import ID, custom, only, problem, shown

FORMULA = problem('<numericalresponse answer="2"><formulaequationinput trailing_text="m"/></numericalresponse>')
EQUATION = custom('<chemicalequationinput size="40"/>')


def test_an_answer_is_shown_as_a_formula_at_once() -> None:
    page = shown(FORMULA, "a/b")

    assert only(page, f"//*[@id='preview_{ID}']").text == r"\(\frac{a}{b}\)"
    assert only(page, "//*[@data-controller='preview']").get("data-preview-dispatch-value") == "preview_formcalc"
    assert only(page, "//*[@class='capa-trailing']").text == "m"


@pytest.mark.parametrize("answer", [None, "", "  ", "3.5", "-2", "a/", "2x", ["no", "text"]])
def test_a_number_and_what_cannot_be_read_need_no_preview(answer: object) -> None:
    assert only(shown(FORMULA, answer), f"//*[@id='preview_{ID}']").text is None


def test_an_equation_is_shown_with_its_indices() -> None:
    page = shown(EQUATION, "H2O")

    assert only(page, f"//*[@id='preview_{ID}']").text_content() == "H2O"
    assert only(page, "//sub").text == "2"
    assert only(page, "//*[@data-controller='preview']").get("data-preview-dispatch-value") == "preview_chemcalc"
    assert only(page, "//input").get("size") == "40"


def test_plain_text_has_no_preview() -> None:
    page = shown(problem('<stringresponse answer="a"><textline/></stringresponse>'), "a/b")

    assert page.xpath("//*[@data-controller]") == []
    assert only(page, "//input").get("aria-label") == "Your answer"


def test_a_formula_of_a_question_with_its_own_grader_has_one() -> None:
    page = shown(custom('<textline math="1"/>'), "x^2")

    assert only(page, f"//*[@id='preview_{ID}']").text == r"\(x^{2}\)"


def test_a_hidden_line_is_a_hidden_field() -> None:
    page = shown(custom('<textline hidden="true"/>'), 'a"b')

    assert (only(page, "//input").get("type"), only(page, "//input").get("value")) == ("hidden", 'a"b')
