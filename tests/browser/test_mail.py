"""A teacher writes to the learners, by keyboard and mouse; a learner says that she wants no more of it."""

from __future__ import annotations

import os
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import violations

COURSE = "/courses/course-v1:Lykeion+LEARN1+demo"


def test_a_mail_is_written_looked_at_and_sent(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("bob")
    page.goto(f"{COURSE}/instructor/mail")
    expect(page.get_by_text("No mail yet")).to_be_visible()
    page.get_by_role("link", name="Write a mail").click()
    page.get_by_label("Subject").fill("Week 2, %%USER_FULLNAME%%")
    text = page.frame_locator("iframe.tox-edit-area__iframe").locator("body")
    text.click()
    page.keyboard.type("Please read ")
    page.keyboard.press("Control+b")
    page.keyboard.type("chapter 2")
    page.keyboard.press("Control+b")
    page.keyboard.type(" of ")
    page.get_by_role("button", name="Link").click()
    link = page.get_by_role("dialog", name="Link")
    link.get_by_label("Address").fill("example.org/book")
    link.get_by_label("Words of the link").fill("the book")
    link.get_by_role("button", name="Use").press("Enter")
    expect(text.get_by_role("link", name="the book")).to_be_visible()
    assert page.get_by_role("button", name="Image").count() == 0

    page.get_by_role("button", name="Look at it before sending").press("Enter")
    preview = page.locator("#mail-preview")
    expect(preview.get_by_role("heading", name="Week 2, Alice")).to_be_visible()
    expect(preview.locator("strong, b").filter(has_text="chapter 2")).to_be_visible()
    expect(preview.get_by_role("link", name="the book")).to_have_attribute("href", "https://example.org/book")
    assert violations(page) == []
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/write.png", full_page=True)

    page.get_by_label("Subject").fill("Week 3")
    preview.get_by_role("button", name="Send it to").click()
    expect(preview.get_by_text("The mail was changed since you looked at it")).to_be_visible()
    preview.get_by_role("button", name="Send it to").press("Enter")
    expect(page.get_by_text("1 sent")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Use again").click()
    expect(page.get_by_label("Subject")).to_have_value("Week 3")


def test_a_learner_wants_no_more_mail(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("alice")
    page.locator("summary").filter(has_text="More about").first.press("Enter")
    page.get_by_role("link", name="Mail of the course").first.click()
    expect(page.get_by_text("You get the mails")).to_be_visible()
    page.get_by_role("button", name="No more mail of this course").press("Enter")
    expect(page.get_by_text("You get no more mail")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="I want this mail again").press("Enter")
    expect(page.get_by_text("You get the mails")).to_be_visible()
