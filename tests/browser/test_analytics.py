"""A learner acts, and their teacher sees it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Command, violations

COURSE = "/courses/course-v1:Lykeion+LEARN1+demo"


def test_a_learner_answers_and_the_teacher_sees_it(page: Page, log_in: Callable[[str], None], lykeion: Command) -> None:
    log_in("alice")
    page.goto(f"{COURSE}/courseware/welcome/start/2/")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Submit").first.click()
    expect(page.get_by_text("1 attempt").or_(page.get_by_text("correct", exact=False)).first).to_be_visible()
    lykeion("lake", "refresh")
    page.context.clear_cookies()

    log_in("bob")
    page.goto(f"{COURSE}/instructor/analytics/problems")
    page.get_by_role("link", name="A first question").first.click()

    expect(page.get_by_role("img", name="Learners by their last answer").first).to_be_visible()
    page.get_by_text("The figures as a table").first.press("Enter")
    expect(page.get_by_role("table", name="Question 1")).to_contain_text("100 %")
    assert violations(page) == []
    for name in ("", "/learners"):
        page.goto(f"{COURSE}/instructor/analytics{name}")
        assert violations(page) == []
