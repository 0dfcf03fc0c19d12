"""Open response assessment, unmodified: responses that are taken back, by the team, by the learner, with an exam."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import RUN, Cast, Site
from tests.ecosystem.test_ora import assess, bring, expect_score, hand_in


def test_an_exam_that_is_reset_begins_with_an_empty_response(cast: Cast, site: Site) -> None:
    alice = cast.page("alice")
    begin(alice, site)
    bring(alice, "bridge.png", "A bridge")
    hand_in(alice, "The first answer")
    assess(alice, ".step--self-assessment", "right")
    expect(alice.locator(".step--grade")).to_contain_text("3 out of 3")
    assert (site.score("alice", "openassessment@timed"), len(pictures(site))) == ((3.0, 3.0), 1)

    said = site.run("exam", "reset", RUN, "alice", "of-response_timed")

    assert said == "alice may start of-response_timed again\n"
    assert (site.score("alice", "openassessment@timed"), site.state("alice", "openassessment@timed")) == (None, {})
    assert responses(site, "timed") == [("D", "cancelled")]
    assert pictures(site) == []
    begin(alice, site)
    expect(alice.locator("textarea.submission__answer__part__text__value")).to_have_value("")
    hand_in(alice, "The second answer")
    assess(alice, ".step--self-assessment", "right")
    expect(alice.locator(".step--grade")).to_contain_text("3 out of 3")
    assert site.score("alice", "openassessment@timed") == (3.0, 3.0)
    assert responses(site, "timed") == [("D", "cancelled"), ("A", "done")]


def test_learners_take_a_response_back_and_the_team_takes_one_out(cast: Cast, site: Site) -> None:
    carol, bob = cast.page("carol"), cast.page("bob")
    carol.goto(site.unit("response_again"))
    hand_in(carol, "Too early")
    carol.wait_for_timeout(1500)  # the page draws the step again, shut
    carol.get_by_role("button", name="Your Response").click()
    carol.get_by_role("button", name="Reset response and submit again").click()
    carol.locator(".ui-dialog-buttonset").get_by_role("button", name="Confirm").click()
    expect(carol.locator("textarea.submission__answer__part__text__value")).to_have_value("")
    assert (site.score("carol", "openassessment@again"), responses(site, "again")) == (None, [("D", "cancelled")])
    hand_in(carol, "Copied from Alice")

    bob.goto(site.unit("response_again"))
    bob.get_by_role("button", name=re.compile("grade available responses", re.IGNORECASE)).click()
    bob.locator(".staff__grade__show-form").click()
    assess(bob, ".openassessment__staff-area", "right")
    expect_score(site, "carol", "openassessment@again", (3.0, 3.0))
    bob.reload()
    bob.locator(".button-staff-tools").click()
    bob.locator(".openassessment__student_username").fill("carol")
    bob.locator(".action--submit-username").click()
    bob.get_by_role("button", name="Remove Submission From Peer Grading").click()
    bob.locator(".cancel_submission_comments").press_sequentially("Not your own work.")
    with bob.expect_response(re.compile("/handler/cancel_submission")):
        bob.get_by_role("button", name="Remove submission", exact=True).click()
    expect(bob.locator(".openassessment__staff-area")).to_contain_text("removed")

    assert site.score("carol", "openassessment@again") == (0.0, 3.0)
    assert responses(site, "again") == [("D", "cancelled"), ("A", "cancelled")]
    carol.reload()
    expect(carol.locator(".step--response")).to_contain_text(re.compile("cancelled", re.IGNORECASE))


def begin(page: Page, site: Site) -> None:
    """Starts the exam."""
    page.goto(site.unit("response_timed"))
    page.get_by_role("link", name="Go there").click()
    page.get_by_role("button", name="I am ready, start the exam").click()
    expect(page.locator(".submission__answer__part__text__value")).to_be_visible()
    page.wait_for_load_state("networkidle")  # the page draws the steps again once it has asked for each


def responses(site: Site, block: str) -> list[tuple[str, str]]:
    """What became of each response to a block, oldest first: (A)ctive or (D)eleted, and how far its assessment is."""
    query = """SELECT submission.status, workflow.status FROM submissions_submission AS submission
        JOIN submissions_studentitem AS item ON item.id = submission.student_item_id
        JOIN workflow_assessmentworkflow AS workflow ON replace(workflow.submission_uuid, '-', '') = submission.uuid
        WHERE item.item_id LIKE ? ORDER BY submission.id"""
    return [(status, workflow) for status, workflow in site.rows(query, f"%block@{block}")]


def pictures(site: Site) -> list[Path]:
    """The files that learners brought to the exam."""
    return [path for path in (site.home / "var").rglob("*block*timed*") if path.is_file()]
