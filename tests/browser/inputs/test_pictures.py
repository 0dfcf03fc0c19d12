"""A place in a picture, chosen with mouse, finger and keyboard."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.browser.inputs.conftest import Visit


def test_a_place_is_chosen_with_the_mouse_and_by_touch(visit: Visit) -> None:
    for options in (
        {"viewport": {"width": 1280, "height": 900}},
        {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    ):
        page = visit("picture", **options)
        stage = page.get_by_role("application")
        box = stage.bounding_box() or {}
        place = {"x": box["width"] / 4, "y": box["height"] / 2}

        if options.get("has_touch"):
            stage.tap(position=place)
        else:
            stage.click(position=place)

        x, y = json.loads(page.get_by_label("Place in the picture").input_value())
        assert (abs(x - 150) <= 2, abs(y - 200) <= 2) == (True, True)
        expect(page.locator(".capa-mark")).to_be_visible()


def test_a_place_is_chosen_with_the_arrow_keys(visit: Visit) -> None:
    page = visit("picture")
    stage = page.get_by_role("application")
    page.get_by_label("Place in the picture").focus()
    page.keyboard.press("Shift+Tab")
    expect(stage).to_be_focused()
    expect(page.locator(".capa-cross")).to_be_visible()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#live")).to_have_text("309, 199")
    page.keyboard.press("Enter")

    expect(page.locator("#live")).to_have_text("Chosen: 309 from the left, 199 from the top.")
    expect(page.get_by_label("Place in the picture")).to_have_value("[309,199]")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".problem")).to_contain_text("Correct (1/1 point)")


def test_the_right_place_is_told_only_on_request(visit: Visit) -> None:
    page = visit("picture")
    assert "290,190" not in page.content()
    assert "capa-targets" not in page.content()

    page.get_by_role("button", name="Show answer").click()

    expect(page.locator(".capa-targets rect")).to_have_attribute("x", "290")
