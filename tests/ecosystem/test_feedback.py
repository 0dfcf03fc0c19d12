"""feedback-xblock: a rating and some words."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import Site

REF = "feedback@thoughts"


def test_a_rating_and_words_are_kept_and_the_teacher_sees_how_many(site: Site, alice: Page, bob: Page) -> None:
    alice.goto(site.unit("feedback"))
    block = alice.locator(".feedback_block")
    with alice.expect_response("**/handler/feedback"):
        block.get_by_text("Good", exact=True).click()
    block.locator("textarea").fill("More on roots, please.")
    with alice.expect_response("**/handler/feedback"):
        block.get_by_role("button", name="Submit Feedback").click()

    expect(block.locator(".feedback_thank_you")).to_have_text("Thank you for your feedback!")
    kept = site.state("alice", REF)
    assert (kept["user_vote"], kept["user_freeform"]) == (1, "More on roots, please.")
    assert site.shared("usage", REF) == {"vote_aggregate": [0, 1, 0, 0, 0]}
    assert [event["event"] for event in site.events("edx.feedbackxblock.likert_provided", "alice")] == [
        {"old_vote": -1, "new_vote": 1}
    ]

    bob.goto(site.unit("feedback"))

    expect(bob.locator(".feedback_likert_label", has_text="Good")).to_contain_text("(1)")
