"""done-xblock: learners say that they are done."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import Site

REF = "done@read"


def test_who_is_done_has_the_point_and_may_take_it_back(site: Site, alice: Page) -> None:
    alice.goto(site.unit("done"))
    toggle = alice.locator(".done_onoffswitch-label")
    with alice.expect_response("**/toggle_button"):
        toggle.click()
    alice.reload()
    checkbox = alice.locator(".done_onoffswitch-checkbox")

    expect(checkbox).to_be_checked()
    assert site.state("alice", REF) == {"done": True}
    assert site.score("alice", REF) == (1.0, 1.0)
    assert site.completion("alice", REF) == 1.0

    with alice.expect_response("**/toggle_button"):
        toggle.click()

    assert site.score("alice", REF) == (0.0, 1.0)
    assert [
        event["event"] for event in site.events("edx.done.toggled", "alice") if event["event_source"] == "server"
    ] == [
        {"done": True},
        {"done": False},
    ]
