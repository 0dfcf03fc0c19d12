"""Code, formulas, choices and lines: what is written or chosen."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.inputs.conftest import Visit
from tests.browser.inputs.sending import posted

# Code


def test_code_is_typed_with_indents_and_left_by_keyboard(visit: Visit) -> None:
    page = visit("code")
    editor = page.get_by_role("textbox", name="Question")
    expect(editor).to_have_class(re.compile("cm-content"))

    editor.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("# <end>")
    expect(editor).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")

    expect(page.get_by_role("button", name="Submit")).to_be_focused()
    assert posted(page).replace("\r\n", "\n") == "def f(x):\n  return x\n  # <end>"


def test_a_click_on_the_label_leads_into_the_editor(visit: Visit) -> None:
    page = visit("code")
    editor = page.locator(".cm-content")
    editor.wait_for()

    page.locator("label", has_text="Question").click()

    expect(editor).to_be_focused()


def test_code_that_was_not_sent_is_there_again(visit: Visit) -> None:
    page = visit("code")
    page.locator(".cm-content").press("Control+A")
    page.keyboard.type("x = 1")
    page.reload()

    expect(page.locator(".cm-content")).to_have_text("x = 1")
    expect(page.locator(".problem-notice")).to_contain_text("is here again")


def test_code_has_a_plain_field_without_scripts(visit: Visit) -> None:
    page = visit("code", java_script_enabled=False)

    expect(page.get_by_label("Question")).to_have_value(re.compile(r"^def f\(x\):\n  return x"))


# Formulas and equations


def test_an_equation_is_shown_while_it_is_typed(visit: Visit) -> None:
    page = visit("chemistry")
    field = page.get_by_label("Question")

    field.press_sequentially("2H2 + O2 -> 2H2O")
    expect(page.locator(".capa-preview")).to_have_text("2H2+O2→2H2O")
    expect(page.locator(".capa-preview sub")).to_have_count(3)
    field.press_sequentially(" ?")

    expect(page.locator(".capa-preview .inline-error")).to_have_text(" 2H2O ?")
    expect(page.locator("#live")).to_have_text("This cannot be read as a chemical equation yet.")


def test_a_formula_is_shown_and_not_chattered_about(visit: Visit) -> None:
    page = visit("formula")
    page.evaluate("""() => { window.said = []; new MutationObserver(() => {
        const text = document.getElementById("live").textContent; if (text) window.said.push(text)
    }).observe(document.getElementById("live"), {childList: true, characterData: true, subtree: true}) }""")

    page.get_by_label("How much?").press_sequentially("1/2+0*1", delay=120)
    expect(page.locator(".capa-preview mjx-container")).to_be_visible()
    expect(page.locator("#live")).to_have_text("The preview below the field shows how it is read.")

    assert page.evaluate("window.said") == ["The preview below the field shows how it is read."]
    assert page.locator(".capa-preview").get_attribute("aria-live") is None


def test_a_formula_that_was_answered_is_shown_at_once(visit: Visit) -> None:
    page = visit("formula")
    page.get_by_label("How much?").fill("1/2")
    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".problem")).to_contain_text("Correct (1/1 point)")
    expect(page.locator(".capa-preview mjx-container")).to_be_visible()


# Choices and lines


def test_writing_a_number_chooses_its_choice(visit: Visit) -> None:
    page = visit("choicetext")

    page.get_by_label("Number").fill("4")
    expect(page.get_by_role("radio").first).to_be_checked()
    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".problem")).to_contain_text("Correct (1/1 point)")


def test_a_verdict_kept_back_is_replaced_by_the_authors_words(visit: Visit) -> None:
    page = visit("quiet")
    page.get_by_label("No").check()
    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".capa-received")).to_have_text("Thanks.")
    expect(page.locator(".capa-input .capa-status")).to_be_empty()


def test_an_inline_input_stands_in_its_sentence(visit: Visit) -> None:
    page = visit("inline")
    select = page.get_by_label("Kind")

    middle = _middle(select)
    text = page.locator(".capa-paragraph").bounding_box() or {}

    assert text["y"] < middle < text["y"] + text["height"] < text["y"] + 80


def test_a_text_is_tagged_by_keyboard(visit: Visit) -> None:
    page = visit("tags")
    page.get_by_label("Type a commentary below:").fill("mine")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Submit").press("Enter")

    expect(page.locator(".problem")).to_contain_text("Correct (2/2 points)")
    expect(page.get_by_label("Type a commentary below:")).to_have_value("mine")


def _middle(control: Locator) -> float:
    box = control.bounding_box() or {}
    return float(box["y"] + box["height"] / 2)
