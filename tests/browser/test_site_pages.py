"""The staff of the site writes a survey and an announcement, by keyboard; everybody reads what is announced."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import violations


def test_a_survey_and_an_announcement_are_written(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("root")
    page.goto("/site/surveys")
    assert violations(page) == []
    page.get_by_role("link", name="Write a survey").press("Enter")
    page.get_by_label("Name").fill("start")
    page.get_by_label("Title").fill("Before you start")
    first = page.get_by_role("group", name="Question 1")
    first.get_by_label("Question", exact=True).fill("Your level")
    first.get_by_label("Answer", exact=True).select_option("One of the options")
    page.get_by_role("button", name="Keep it").press("Enter")
    expect(page.get_by_text("needs two options at least")).to_be_visible()
    assert violations(page) == []
    first.get_by_label("Options, each on a line").fill("Beginner\nExpert")
    page.get_by_role("button", name="Keep it").press("Enter")
    expect(page.get_by_text("The survey is kept.")).to_be_visible()
    expect(first.get_by_label("Question", exact=True)).to_have_value("Your level")

    page.goto("/site/announcements")
    page.get_by_role("link", name="Announce something").press("Enter")
    page.get_by_label("Text").fill("<p>Closed on <b>Monday</b></p>")
    assert violations(page) == []
    page.get_by_role("button", name="Keep it").press("Enter")
    page.goto("/dashboard")
    expect(page.get_by_text("Closed on Monday")).to_be_visible()
    assert violations(page) == []

    page.goto("/site/announcements")
    assert violations(page) == []
    page.get_by_role("button", name="Remove").press("Enter")
    expect(page.get_by_text("Nothing was announced yet")).to_be_visible()
