"""An author makes problems in every way there is; a learner answers them rightly."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

RUN = "course-v1:Lykeion+LEARN1+demo"
COURSE = f"/studio/course/{RUN}"
FORMULA = """<problem>
  <formularesponse type="cs" samples="x@1:10#5" answer="2*x">
    <label>Twice x?</label>
    <formulaequationinput/>
  </formularesponse>
</problem>"""


@pytest.fixture
def unit(page: Page, log_in: Callable[[str], None]) -> str:
    """A new unit at the end of the course; Carol is signed in."""
    log_in("carol")
    page.goto("/studio/")
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    form = {"parent": "course@course", "deep": "1"}
    made = page.request.post(f"{COURSE}/add", form=form, headers={"X-CSRFToken": token})
    return str(made.json()["focus"])


def _begin(page: Page, unit: str, template: str) -> None:
    if f"/unit/{unit}" not in page.url:
        page.goto(f"{COURSE}/unit/{unit}")
    page.get_by_role("button", name="Problem", exact=True).click()
    page.get_by_role("button", name=re.compile(f"^{template} ")).click()
    page.get_by_role("link", name="Try it").wait_for()


def _leave(page: Page) -> None:
    """Back to the unit, which saves first."""
    page.get_by_role("link", name="Back to the unit").click()
    page.wait_for_url("**/unit/*", wait_until="commit")


def _answers(page: Page, *texts: str) -> None:
    fields = page.get_by_role("group", name="Answers").get_by_label("Answer", exact=True)
    for place, text in enumerate(texts):
        fields.nth(place).fill(text)


def test_problems_of_every_kind_are_made_and_answered(page: Page, unit: str, log_in: Callable[[str], None]) -> None:
    asked = page.get_by_label("What is asked")

    _begin(page, unit, "Single select")
    asked.fill("Which is the capital of France?")
    _answers(page, "Paris", "Rome", "Bern")
    page.get_by_role("group", name="Answers").get_by_role("button", name="Down").first.click()  # Paris is second now
    page.get_by_text("Feedback and place").nth(1).click()
    page.get_by_label("Feedback to those who choose it").nth(1).fill("Since <b>987</b>")
    page.get_by_label("Explanation").fill("It lies on the Seine.")
    _leave(page)

    _begin(page, unit, "Multi-select")
    asked.fill("Which are prime?")
    _answers(page, "2", "3", "4")
    page.get_by_role("button", name="Add an answer").click()
    page.keyboard.type("6")
    _leave(page)

    _begin(page, unit, "Dropdown")
    asked.fill("Water boils at … degrees")
    _answers(page, "100", "50", "0")
    _leave(page)

    _begin(page, unit, "Numerical input")
    asked.fill("How many legs have 3 spiders?")
    page.get_by_label("Number").fill("24")
    _leave(page)

    _begin(page, unit, "Text input")
    asked.fill("Which state has the shape of a mitten?")
    page.get_by_label("Text", exact=True).fill("Michigan")
    page.get_by_text("Other right answers").click()
    page.get_by_role("button", name="Add a right answer").click()
    page.keyboard.type("MI")
    _leave(page)

    _begin(page, unit, "Blank")
    page.get_by_role("link", name="Markdown").click()
    page.get_by_label("The problem in Markdown").fill(">>Two and two?<<\n\n= 4\n")
    _leave(page)

    _begin(page, unit, "Blank")
    page.get_by_role("link", name="XML").click()
    editor = page.locator(".cm-content")
    editor.press("Control+a")
    page.keyboard.insert_text("<problem>\n<p>open\n</problem>")
    expect(page.locator(".pe-notes")).to_contain_text("Line 3: The problem is not XML: Opening and ending tag mismatch")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    editor.press("Control+a")
    page.keyboard.insert_text(FORMULA)
    expect(page.locator(".pe-notes")).to_have_count(0)
    expect(page.frame_locator("iframe").get_by_label("Twice x?")).to_be_visible()
    page.get_by_role("link", name="Publish the unit").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.locator(".editor-head .badge")).to_have_text("Published")

    page.context.clear_cookies()
    log_in("alice")
    page.goto(f"/courses/{RUN}/jump_to_id/{unit.partition('@')[2]}")
    page.get_by_label("Paris").check()
    page.get_by_label("2", exact=True).check()
    page.get_by_label("3", exact=True).check()
    page.get_by_label("Water boils at").select_option("100")
    page.get_by_label("How many legs").fill("25")  # within 5 %
    page.get_by_label("Which state").fill("mi")
    page.get_by_label("Two and two?").fill("4")
    page.get_by_label("Twice x?").fill("x+x")
    submits = page.get_by_role("button", name="Submit")
    for place in range(7):
        submits.nth(place).click()
        expect(page.locator(".problem").nth(place).locator(".problem-notice.correct")).to_be_visible()
    expect(page.locator(".problem").first).to_contain_text("Since 987")


def test_a_problem_is_tried_and_what_was_typed_outlives_the_browser(page: Page, unit: str) -> None:
    _begin(page, unit, "Pool of choices")
    page.get_by_role("link", name="Visual").click()
    expect(page.get_by_text("The visual editor has nothing for answer-pool of <choicegroup>.")).to_be_visible()
    page.get_by_role("link", name="Edit the XML at line 4").click()
    expect(page.locator(".cm-content")).to_be_focused()
    page.get_by_role("link", name="Try it").click()
    page.get_by_label("Variant").fill("3")
    page.get_by_role("button", name="Begin anew").click()
    page.wait_for_url("**seed=3", wait_until="commit")
    page.get_by_label(re.compile("^(7|11)$")).check()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".problem-notice.correct")).to_be_visible()

    _begin(page, unit, "Single select")
    here = page.url
    page.get_by_role("button", name="Add an answer").click()
    expect(page.get_by_role("group", name="Answers").get_by_label("Answer", exact=True).nth(3)).to_be_focused()
    page.context.set_offline(True)
    page.keyboard.type("Everest")
    page.get_by_label("What is asked").fill("Which is the highest?")
    page.get_by_role("group", name="Answers").get_by_label("Right").last.check()
    expect(page.locator(".editor-said")).to_contain_text("kept in this browser")
    page.get_by_role("link", name="Publish the unit").click()
    expect(page.get_by_text("Wait: what you typed has not reached the site yet.")).to_be_visible()
    other = page.context.new_page()  # the first is gone, as with a crash; it saved nothing
    page.close()
    other.context.set_offline(False)
    other.goto(here)
    expect(other.get_by_label("What is asked")).to_have_value("Which is the highest?")
    fields = other.get_by_role("group", name="Answers")
    expect(fields.get_by_label("Answer", exact=True).nth(3)).to_have_value("Everest")
    expect(fields.get_by_label("Right").nth(3)).to_be_checked()
    expect(other.locator(".editor-said")).to_have_text("Saved")
    expect(other.frame_locator("iframe").get_by_label("Everest")).to_be_visible()
