"""An author at work on the outline of a course, as teachers do it: by mouse, by keyboard, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import violations


def new_course(page: Page, run: str) -> str:
    """Makes an empty course; the address of its outline."""
    page.goto("/studio/new")
    for label, value in (("Name", "Waters"), ("Organisation", "Lykeion"), ("Course number", "W"), ("Run", run)):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Make the course").click()
    page.wait_for_url("**/studio/course/**")
    return page.url


def row(page: Page, title: str) -> Locator:
    return page.locator(".tree-row").filter(has=page.locator(".tree-name", has_text=re.compile(rf"^\s*{title}\s*$")))


def choose(page: Page, title: str, entry: str) -> None:
    """Picks an entry of the menu of a row."""
    row(page, title).get_by_text(f"What to do with “{title}”").locator("..").click()
    row(page, title).get_by_role("button", name=entry, exact=True).click()


def unfold(page: Page, title: str) -> None:
    """Opens what is in a row, unless it is open already (a drag that rests on a row opens it)."""
    toggle = row(page, title).locator("[data-toggle]")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")


def add(page: Page, what: str, *titles: str) -> None:
    """Types the names of new things one after the other."""
    adding = page.locator(f".tree-in-{what} .tree-add").last
    adding.locator("summary").click()
    expect(adding.locator("input")).to_be_focused()
    for title in titles:
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        expect(row(page, title)).to_be_visible()
        expect(adding.locator("input")).to_be_focused()
    page.keyboard.press("Escape")


def titles(page: Page, kind: str) -> list[str]:
    return [text.strip() for text in page.locator(f".tree-{kind} > .tree-row .tree-name").all_inner_texts()]


def test_a_course_is_built_changed_published_and_gone_back(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("root")  # who may make courses
    page.set_viewport_size({"width": 1280, "height": 1600})  # what is told at the bottom hides no row
    outline = new_course(page, "build")

    # Names are typed at once, one after the other
    add(page, "chapter", "Week 1")
    unfold(page, "Week 1")
    add(page, "sequential", "Rivers", "Lakes")
    unfold(page, "Rivers")
    add(page, "vertical", "Springs", "Deltas")
    assert violations(page) == []

    # Renamed in place: Enter keeps, Escape does not
    row(page, "Springs").locator("a").focus()
    page.keyboard.press("F2")
    page.keyboard.type("Sources")
    page.keyboard.press("Enter")
    expect(row(page, "Sources")).to_be_visible()
    expect(page.locator("#live")).to_have_text("Renamed to “Sources”.")
    row(page, "Sources").locator("a").focus()
    page.keyboard.press("F2")
    page.keyboard.type("No")
    page.keyboard.press("Escape")
    expect(row(page, "Sources")).to_be_visible()

    # Moved by keys, into the next subsection by drag, and back by undo
    row(page, "Sources").locator("a").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_text("Moved “Sources”: place 2 of 2 in “Rivers”.").first).to_be_visible()
    assert titles(page, "vertical") == ["Deltas", "Sources"]
    row(page, "Sources").locator(".tree-grip").drag_to(row(page, "Lakes"))
    expect(page.get_by_text("Moved “Sources”: place 1 of 1 in “Lakes”.").first).to_be_visible()
    page.locator(".toast").last.get_by_role("button", name="Undo").click()
    expect(row(page, "Sources")).to_be_visible()

    # Deleted at once, brought back at once; duplicated, copied and pasted
    choose(page, "Deltas", "Delete")
    expect(row(page, "Deltas")).to_have_count(0)
    page.locator(".toast").last.get_by_role("button", name="Undo").click()
    expect(row(page, "Deltas").locator("a")).to_be_focused()
    choose(page, "Deltas", "Duplicate")
    expect(row(page, "Copy of Deltas")).to_be_visible()
    choose(page, "Sources", "Copy")
    expect(page.get_by_text("Copied “Sources”.").first).to_be_visible()
    row(page, "Lakes").get_by_text("What to do with “Lakes”").locator("..").click()
    row(page, "Lakes").get_by_role("button", name="Paste into it: Sources").click()
    expect(page.get_by_text("Pasted “Sources”.").first).to_be_visible()
    unfold(page, "Lakes")
    expect(row(page, "Sources")).to_have_count(2)

    # Moved by a dialog to any place
    choose(page, "Copy of Deltas", "Move to …")
    page.get_by_label("Subsection", exact=True).select_option("Lakes")
    page.get_by_label("Place", exact=True).select_option("First")
    page.get_by_role("button", name="Move it there").click()
    expect(page.get_by_text("Moved “Copy of Deltas”: place 1 of 2 in “Lakes”.").first).to_be_visible()

    # Settings say what they do, and what is wrong
    choose(page, "Lakes", "Settings …")
    dialog = page.get_by_role("dialog")
    assert violations(page) == []
    dialog.get_by_label("Timed exam").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Say how many minutes learners have.")).to_be_visible()
    dialog.get_by_label("Minutes for the exam").fill("30")
    dialog.get_by_role("button", name="Save").click()
    expect(row(page, "Lakes").get_by_text("Timed exam, 30 minutes")).to_be_visible()

    # What was open stays open, and things are found
    page.reload()
    expect(row(page, "Copy of Deltas")).to_be_visible()
    page.get_by_label("Find in this course by title").fill("delt")
    expect(page.get_by_text("2 places with “delt” in their title")).to_be_visible()

    # Published after a look at what changes; learners have it at once
    expect(row(page, "Week 1").get_by_text("Never published")).to_be_visible()
    choose(page, "Week 1", "Publish …")
    expect(dialog.get_by_text("New, with 2 parts in it.")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Publish").click()
    expect(row(page, "Week 1").get_by_text("Published, not released yet")).to_be_visible()

    # The history has all of it, and what was deleted comes back
    choose(page, "Deltas", "Delete")
    expect(row(page, "Deltas")).to_have_count(0)
    page.goto(f"{outline}history")
    expect(page.get_by_text("Deleted Unit “Deltas”").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Deleted things").click()
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("Bring back.*Deltas")).click()
    expect(page.get_by_text("“Deltas” is as it was then.")).to_be_visible()
    page.goto(outline)
    expect(row(page, "Deltas")).to_be_visible()


def test_two_authors_at_once_decide_what_it_shall_be(
    page: Page, browser: Browser, log_in: Callable[[str], None]
) -> None:
    log_in("root")  # who may make courses
    outline = new_course(page, "two")
    add(page, "chapter", "Week 1")
    state = page.context.storage_state()
    with browser.new_context(base_url=page.url, storage_state=state) as elsewhere:
        other = elsewhere.new_page()
        other.goto(outline)
        row(other, "Week 1").locator("strong").dblclick()
        other.keyboard.type("Theirs")
        other.keyboard.press("Enter")
        expect(row(other, "Theirs")).to_be_visible()

    row(page, "Week 1").locator("strong").dblclick()
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Two people changed “Theirs”")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_label("Merge them by hand").check()
    dialog.get_by_label("Name, merged").fill("Ours")
    dialog.get_by_role("button", name="Save what I chose").click()

    expect(row(page, "Ours")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_it(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, has_touch=True) as context:
        page = context.new_page()
        page.goto("/account/login/?next=/studio/new")
        page.get_by_label(re.compile("username", re.IGNORECASE)).fill("root")
        page.get_by_label("Password", exact=True).fill("root")
        page.get_by_role("button", name="Sign in").click()
        new_course(page, "phone")
        page.get_by_role("button", name="Unit in a new section").click()
        expect(row(page, "New unit").locator("a")).to_be_focused()
        page.get_by_text("More", exact=True).click()
        page.get_by_role("button", name="Collapse all").click()
        expect(row(page, "New unit")).to_have_count(0)
        page.get_by_text("More", exact=True).click()
        page.get_by_role("button", name="Expand all").click()
        expect(row(page, "New unit")).to_be_visible()

        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert violations(page) == []
