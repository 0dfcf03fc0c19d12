"""An author at work on a unit: adding, trying out, arranging, taking out and back, publishing, looking as a learner."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import violations

COURSE = "/studio/course/course-v1:Lykeion+LEARN1+demo/"
UNIT = f"{COURSE}unit/vertical@hw1a"


def names(page: Page) -> list[str]:
    return page.locator(".unit-card-name").all_inner_texts()


def test_a_unit_is_filled_arranged_and_published(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("carol")
    page.goto(UNIT)
    before = names(page)
    assert len(before) == 2
    assert violations(page) == []

    page.get_by_label("In the first hours and days").check()
    page.locator(".unit-card").first.get_by_role("button", name="Submit").click()
    expect(page.locator(".unit-card").first).to_contain_text("You have used 1 of 3 attempts")
    page.reload()
    expect(page.locator(".unit-card").first).to_contain_text("You have used 1 of 3 attempts")

    page.get_by_role("button", name=f"Move “{before[0]}” down").click()
    expect(page.locator(".unit-card-name").first).to_have_text(before[1])
    expect(page.get_by_role("button", name=f"Move “{before[0]}” down")).to_be_focused()
    page.reload()
    assert names(page) == before[::-1]

    page.set_viewport_size({"width": 1280, "height": 2400})  # a page that scrolls under a drag drops elsewhere
    page.locator(".unit-card-drag").last.drag_to(page.locator(".unit-card").first, target_position={"x": 60, "y": 10})
    expect(page.locator(".unit-card-name").first).to_have_text(before[0])

    page.get_by_text(f"More for “{before[0]}”").locator("..").click()
    page.locator(".unit-card").first.get_by_role("button", name="Delete").click()
    expect(page.locator(".unit-card")).to_have_count(1)
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator(".unit-card")).to_have_count(2)

    page.get_by_role("link", name="More", exact=True).click()
    assert violations(page) == []
    page.get_by_role("button", name="Problem bank").click()
    page.wait_for_url("**/unit/**#*")
    bank = page.locator(".unit-card").nth(2)
    bank.get_by_role("link", name="Edit").click()
    page.get_by_label("Name", exact=True).fill("A bank of questions")
    expect(page.locator(".editor-said")).to_have_text("Saved")
    page.get_by_role("link", name="Back to the unit").click()
    expect(page.locator(".unit-card-name").nth(2)).to_have_text("A bank of questions")

    page.get_by_role("link", name="View draft as a learner").click()
    expect(page.get_by_text("The draft as a learner sees it")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Back to the draft").click()
    page.locator(".unit-top .menu > summary").click()
    page.get_by_role("button", name="Discard the changes").click()
    expect(page.locator(".unit-top .badge-good")).to_be_visible()
    assert names(page) == before


def test_a_unit_on_a_phone_fits_and_says_everything(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("carol")
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto(UNIT)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
