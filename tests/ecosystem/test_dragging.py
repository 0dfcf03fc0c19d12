"""xblock-drag-and-drop-v2, by mouse and by keyboard."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.ecosystem.hosts import Cast, Site

REF = "drag-and-drop-v2@layers"
SUBSECTION = "sequential@of-dragging"


def test_items_are_dragged_by_mouse_and_graded(site: Site, alice: Page) -> None:
    alice.set_viewport_size({"width": 1280, "height": 1600})
    alice.goto(site.unit("dragging"))
    expect(alice.locator(".drag-container .target-img")).to_have_js_property("complete", True)
    assert alice.locator(".target-img").evaluate("image => image.naturalWidth") > 0

    _drag(alice, "Goes to the top", "top")

    feedback = alice.locator(".item-feedback-popup, .feedback")
    expect(feedback.get_by_text("Correct! This one belongs to The Top Zone.").first).to_be_attached()
    assert site.score("alice", REF) == (0.4, 1.0)  # one of four placed, and the decoy left alone
    assert site.completion("alice", REF) == 1.0

    _drag(alice, "Goes to the middle", "bottom")

    expect(alice.get_by_text("No, this item does not belong here. Try again.").first).to_be_attached()
    assert site.score("alice", REF) == (0.4, 1.0)
    dropped = [line["event"] for line in site.events("edx.drag_and_drop_v2.item.dropped", "alice")]
    assert [(one["item"], one["location_id"], one["is_correct"]) for one in dropped] == [
        ("Goes to the top", "top", True),
        ("Goes to the middle", "bottom", False),
    ]
    assert len(site.events("edx.drag_and_drop_v2.item.picked_up", "alice")) == 2

    alice.reload()

    placed = _zone(alice, "top").locator(".option", has_text="Goes to the top")
    expect(placed).to_be_visible()

    alice.get_by_role("button", name="Reset").click()

    expect(alice.locator(".item-bank .option", has_text="Goes to the top")).to_be_visible()
    assert site.score("alice", REF) == (0.4, 1.0)


def test_items_are_placed_by_keyboard(site: Site, cast: Cast) -> None:
    dan = cast.page("dan")
    dan.goto(site.unit("dragging"))
    for item, zone in (
        ("Goes to the top", "top"),
        ("Goes to the middle", "middle"),
        ("Goes to the bottom", "bottom"),
        ("Goes anywhere", "bottom"),
    ):
        _item(dan, item).press("Enter")
        with dan.expect_response("**/drop_item"):
            _zone(dan, zone).press("Enter")

    expect(dan.get_by_text("Good work! You have completed this drag and drop problem.").first).to_be_visible()
    assert site.score("dan", REF) == (1.0, 1.0)
    assert site.events("edx.drag_and_drop_v2.feedback.opened", "dan")
    assert site.rows("SELECT earned_all, possible_all FROM grades_subsectiongrade WHERE ref = ?", SUBSECTION)[-1] == (
        4,
        4,
    )


def _item(page: Page, text: str) -> Locator:
    return page.locator(".item-bank .option", has_text=text)


def _zone(page: Page, zone: str) -> Locator:
    return page.locator(f".zone[data-uid={zone}]")


def _drag(page: Page, item: str, zone: str) -> None:
    source, target = _item(page, item).bounding_box(), _zone(page, zone).bounding_box()
    assert source is not None
    assert target is not None
    page.mouse.move(source["x"] + source["width"] / 2, source["y"] + source["height"] / 2)
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2, steps=8)
    with page.expect_response("**/drop_item"):
        page.mouse.up()
