"""The settings of a course, by hand: typed, refused, saved, undone, published, and found by learners."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import violations

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
RUN = "course-v1:Lyc+SET1+{}"
AREAS = [
    "pages",
    "updates",
    "textbooks",
    "schedule",
    "grading",
    "groups",
    "features",
    "team",
    "certificates",
    "advanced",
]
# Removes the page as soon as the list is drawn anew, before anything else can happen.
AT_ONCE = """name => document.addEventListener("htmx:afterSwap", () => queueMicrotask(() => {
  [...document.querySelectorAll("button")].find(button => button.textContent.trim() === `Remove ${name}`).click();
}), {once: true})"""
# Types and sends in one moment: no timer of the editor has passed.
TYPED_AND_SENT = """([text, button]) => {
  const body = document.querySelector("section .text-rich iframe").contentDocument.body;
  body.innerHTML = `<p>${text}</p>`;
  body.dispatchEvent(new InputEvent("input", {bubbles: true}));
  [...document.querySelectorAll("button")].find(one => one.textContent.trim() === button).click();
}"""


@pytest.fixture
def course(page: Page, log_in: Callable[[str], None], request: pytest.FixtureRequest) -> Iterator[str]:
    """A new course, made by root; the address of its pages in Studio."""
    name = re.sub(r"\W", "_", request.node.name)[-20:]
    log_in("root")
    page.goto("/studio/new")
    for label, value in (("Name", "Rivers"), ("Organisation", "Lyc"), ("Course number", "SET1"), ("Run", name)):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Make the course").click()
    page.wait_for_url("**/course/**")
    yield f"/studio/course/{RUN.format(name)}/"


def test_dates_and_texts_are_refused_saved_published_and_seen(page: Page, course: str) -> None:
    page.goto(f"{course}schedule")
    page.get_by_label("Course starts").fill("2020-01-01T09:00")
    page.get_by_label("Subtitle").fill("From spring to sea")
    page.get_by_label("Effort a week").fill("long")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("alert").filter(has_text="such as 04:30")).to_be_visible()
    expect(page.get_by_label("Effort a week")).to_be_focused()
    expect(page.get_by_label("Subtitle")).to_have_value("From spring to sea")
    assert violations(page) == []

    page.get_by_label("Effort a week").fill("04:30")
    page.get_by_role("button", name="Choose or upload Card image").click()
    pictures = page.get_by_role("dialog", name="A picture of this course")
    pictures.locator("input[type=file]").set_input_files({"name": "a dot.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.get_by_label("Card image", exact=True)).to_have_value("a_dot.png")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Learners have it now")).to_be_visible()
    expect(page.get_by_label("Card image", exact=True)).to_have_value("a_dot.png")
    expect(page.get_by_label("Learners set their own pace")).to_be_disabled()
    page.goto(course.replace("/studio/course/", "/courses/") + "about")
    expect(page.get_by_text("From spring to sea")).to_be_visible()


def test_somebody_who_was_quicker_is_told_of_and_mine_is_saved_on_request(page: Page, course: str) -> None:
    page.goto(f"{course}schedule")
    other = page.context.new_page()
    other.goto(f"{course}schedule")
    other.get_by_label("Subtitle").fill("Theirs")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("Saved.")).to_be_visible()
    other.close()

    page.get_by_label("Subtitle").fill("Mine")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Save mine").press("Enter")

    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Subtitle")).to_have_value("Mine")


def test_grades_are_set_by_keyboard_and_what_is_removed_comes_back(page: Page, course: str) -> None:
    page.goto(f"{course}grading")
    slider = page.get_by_label("Pass begins at")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Percent", exact=True)).to_have_value("51")
    page.locator("#weight-0").fill("25")
    expect(page.get_by_text("The weights make 110 %")).to_be_visible()
    page.locator("#type-0").fill("Leaf work")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("#type-0")).to_have_value("Leaf work")
    expect(page.get_by_text("The weights make 110 %")).to_be_visible()

    page.get_by_role("button", name="Remove Leaf work").press("Enter")
    expect(page.locator("#type-0")).to_have_value("Lab")
    page.get_by_role("button", name="Undo").last.press("Enter")
    expect(page.locator("#type-0")).to_have_value("Leaf work")
    assert violations(page) == []


def test_pages_are_made_dragged_and_brought_back(page: Page, course: str) -> None:
    page.goto(f"{course}pages")
    page.get_by_label("Name of a new page").fill("Syllabus")
    page.get_by_role("button", name="Add a page").click()
    text = page.frame_locator(".tox-edit-area iframe").locator("body")
    text.fill("Read Heraclitus.")
    page.get_by_label("Name", exact=True).fill(" ")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Give the page a name")).to_be_visible()
    expect(text).to_have_text("Read Heraclitus.")
    page.get_by_label("Name", exact=True).fill("Syllabus")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.locator("#html")).to_have_value("<p>Read Heraclitus.</p>")
    page.get_by_label("HTML source", exact=True).check()
    page.locator(".cm-content").fill("<p  >Read <b>Parmenides</b>")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#html")).to_have_value("<p  >Read <b>Parmenides</b>")
    expect(text).to_have_text("Read Parmenides")
    page.get_by_label("HTML source", exact=True).check()  # and nothing of it is written otherwise
    expect(page.locator("#html")).to_have_value("<p  >Read <b>Parmenides</b>")
    assert violations(page) == []
    page.get_by_role("link", name="All pages").click()

    rows = page.locator("[data-key]")
    own = rows.filter(has_text="Syllabus")
    own.drag_to(rows.filter(has_text="Progress"), target_position={"x": 60, "y": 3})
    expect(page.get_by_text("Moved.")).to_be_visible()
    expect(rows.nth(2)).to_contain_text("Syllabus")
    page.get_by_role("button", name="Move Syllabus down").press("Enter")
    expect(rows.nth(3)).to_contain_text("Syllabus")
    page.evaluate(AT_ONCE, "Syllabus")
    page.get_by_role("button", name="Move Syllabus up").press("Enter")
    expect(own).to_have_count(0)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(own).to_be_visible()


def test_an_update_is_written_while_the_handouts_are_half_done(page: Page, course: str) -> None:
    page.goto(f"{course}updates")
    page.locator("#handouts").scroll_into_view_if_needed()
    handouts = page.locator("section .text-rich")
    expect(handouts).to_have_attribute("data-ready", "visual")
    new = page.locator("form[aria-labelledby=new-update]")
    expect(new.locator(".text-rich")).to_have_attribute("data-ready", "visual")
    new.frame_locator("iframe").locator("body").fill("The river rises.")
    new.get_by_role("button", name="Bold").click()
    page.evaluate(TYPED_AND_SENT, ["Bring boots.", "Add the update"])
    expect(page.locator("#update-1 .prose").first).to_have_text("The river rises.")
    expect(page.locator("#handouts")).to_have_value("<p>Bring boots.</p>")
    expect(handouts.frame_locator("iframe").locator("body")).to_have_text("Bring boots.")
    page.get_by_role("button", name="Save the handouts").click()
    expect(page.locator("section > .prose")).to_have_text("Bring boots.")

    page.locator("#update-1").get_by_text("Edit", exact=True).click()
    mine = page.locator("#update-1 .text-rich")
    expect(mine).to_have_attribute("data-ready", "visual")
    mine.frame_locator("iframe").locator("body").fill("The river falls.")
    page.get_by_role("button", name="Save the update").click()
    expect(page.locator("#update-1 .prose").first).to_have_text("The river falls.")


def test_a_setting_is_found_refused_with_its_line_and_given_its_default_again(page: Page, course: str) -> None:
    page.goto(f"{course}advanced")
    page.get_by_label("Find a setting").fill("advanced_modules")
    row = page.locator("#field-advanced_modules")
    expect(page.locator(".settings-field:visible")).to_have_count(1)
    row.locator("textarea").fill('["poll",\n}')
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_role("alert")).to_contain_text("Line 2")
    page.get_by_label("Find a setting").fill("")
    page.locator("[data-field=advertised_start]").fill("Spring")
    row.locator("textarea").fill('["poll"]')
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("[data-field=advertised_start]")).to_have_value("Spring")
    page.locator("#field-advertised_start").get_by_role("button", name="Save").click()
    expect(page.locator("#field-advertised_start").get_by_role("button", name="Default")).to_be_visible()
    row.get_by_role("button", name="Default").click()
    expect(row.locator("textarea")).to_have_value("[]")


def test_every_page_fits_a_phone_and_can_be_read_by_everybody(page: Page, course: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    for area in AREAS:
        page.goto(f"{course}{area}")
        assert violations(page) == [], area
        for direction in ("ltr", "rtl"):
            page.evaluate("direction => { document.documentElement.dir = direction }", direction)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (area, direction)
