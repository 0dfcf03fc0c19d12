"""xblock-poll: a poll and a survey."""

from __future__ import annotations

import csv

from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import Cast, Site


def test_a_vote_is_kept_counted_shown_and_told(site: Site, cast: Cast, alice: Page) -> None:
    alice.goto(site.unit("poll"))
    poll = alice.locator(".poll-block")
    expect(poll.locator(".poll-question strong")).to_have_text("fruit")
    expect(poll.locator("img")).to_have_js_property("naturalWidth", 80)
    poll.locator("label.poll-answer-text", has_text="Pear").click()
    poll.get_by_role("button", name="Submit").click()

    expect(poll.locator(".poll-result", has_text="Pear").locator(".poll-percent-display")).to_have_text("100%")
    expect(poll.locator(".poll-footnote")).to_have_text("Results gathered from 1 respondent.")
    expect(poll.locator(".poll-feedback").first).to_have_text("Thank you.")
    assert site.state("alice", "poll@fruit") == {"choice": "pear", "submissions_count": 1}
    assert site.shared("usage", "poll@fruit")["tally"] == {"apple": 0, "pear": 1}
    expect(poll.locator(".poll-results img")).to_have_js_property("naturalWidth", 80)
    assert site.completion("alice", "poll@fruit") == 1.0
    [event] = site.events("xblock.poll.submitted", "alice")
    assert event["event"] == {"url_name": "fruit", "choice": "pear"}

    carol = cast.page("carol")
    carol.goto(site.unit("poll"))
    carol.locator("label.poll-answer-text", has_text="Apple").click()
    carol.get_by_role("button", name="Submit").click()

    expect(carol.locator(".poll-percent-display").first).to_have_text("50%")


def test_a_survey_is_filled_in(site: Site, alice: Page) -> None:
    alice.goto(site.unit("survey"))
    survey = alice.locator(".poll-block")
    for row in survey.locator(".survey-row").all():
        row.locator("input[value=Y]").check()
    survey.get_by_role("button", name="Submit").click()

    expect(survey.locator(".poll-results")).to_be_visible()
    assert site.state("alice", "survey@habits") == {"choices": {"walk": "Y", "read": "Y"}, "submissions_count": 1}
    assert site.completion("alice", "survey@habits") == 1.0
    assert len(site.events("xblock.survey.submitted", "alice")) == 1


def test_answers_are_a_file_for_the_team_and_for_nobody_else(site: Site, cast: Cast) -> None:
    dan, bob, carol = (cast.page(name) for name in ("dan", "bob", "carol"))
    dan.goto(site.unit("survey"))
    for row in dan.locator(".survey-row").all():
        row.locator("input[value=N]").check()
    dan.get_by_role("button", name="Submit").click()
    expect(dan.locator(".poll-results")).to_be_visible()
    before = site.shared("usage", "survey@habits")

    assert post(dan, site.handler("survey@habits", "csv_export")) == 403
    assert site.shared("usage", "survey@habits") == before
    assert not list((site.home / "var" / "block-files").glob("reports/*/*"))
    bob.goto(site.unit("survey"))
    bob.get_by_role("button", name="Export results to CSV").click()
    with bob.expect_download() as download:
        bob.get_by_role("button", name="Download CSV").click()
    rows = list(csv.DictReader(download.value.path().read_text().splitlines()))
    [his] = [row for row in rows if row["username"] == "dan"]
    assert his["user_email"].startswith("dan@")
    assert [answer for name, answer in his.items() if name.endswith("?")] == ["No", "No"]
    assert carol.request.get(download.value.url).status == 404
    assert post(dan, site.handler("survey@habits", "get_export_status")) == 403


def post(page: Page, address: str) -> int:
    """What a handler answers to a call of the page's."""
    call = (
        "address => fetch(address, {method: 'POST', body: '{}', headers: {'X-CSRFToken': token()}}).then(r => r.status)"
    )
    token = "const token = () => document.cookie.match(/csrftoken=([^;]+)/)[1];"
    status: int = page.evaluate(f"address => {{ {token} return ({call})(address); }}", address)
    return status
