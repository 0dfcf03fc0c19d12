"""View as, by hand: a teacher looks at the demo course as Alice, answers, and is herself again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import violations


def test_a_teacher_looks_as_a_learner_and_is_themselves_again(page, log_in):
    log_in("bob")
    page.goto("/courses/course-v1:Lykeion+LEARN1+demo/course/")

    page.get_by_role("link", name="View as a learner").click()
    page.get_by_label("A learner by name").check()
    page.get_by_label("User name or e-mail address").fill("alice")
    page.get_by_role("button", name="View", exact=True).click()

    bar = page.get_by_role("complementary", name="View as")
    expect(bar).to_contain_text("You see this course as alice")
    assert violations(page) == []
    bar.get_by_role("button", name="Be yourself again").press("Enter")
    expect(page.get_by_role("link", name="View as a learner")).to_be_visible()
