"""Looks and behaviour every page shares, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import violations
from tests.browser.uipages import DESKTOP, LOOKS, ORIGIN, PHONE, Stage

pytestmark = pytest.mark.urls("tests.ui.urls")


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    """A page on a made-up site, desktop size, light; a script error fails the test."""
    with browser.new_context(base_url=ORIGIN, viewport=DESKTOP) as context:
        stage = Stage(context.new_page())
        errors: list[str] = []
        stage.page.on("pageerror", lambda error: errors.append(str(error)))
        stage.page.route("**/*", stage.answer)
        yield stage
        assert errors == []


@pytest.mark.parametrize(("scheme", "size", "direction"), LOOKS)
def test_axe_finds_nothing_wrong_with_any_component(stage: Stage, scheme: str, size: dict, direction: str) -> None:
    stage.page.set_viewport_size(size)
    stage.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    stage.page.goto(f"/ui/?dir={direction}")
    stage.page.wait_for_selector("mjx-container")

    found = violations(stage.page)

    assert found == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_makes_the_page_scroll_sideways(stage: Stage, width: int) -> None:
    stage.page.set_viewport_size({"width": width, "height": 800})
    stage.page.goto("/ui/")
    stage.page.wait_for_selector("mjx-container")

    assert stage.page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_control_is_big_enough_for_a_finger(stage: Stage) -> None:
    stage.page.set_viewport_size(PHONE)
    stage.page.goto("/ui/")

    small = stage.page.evaluate("""() =>
        [...document.querySelectorAll("button, .button, input, select, summary, .menu-item, nav a")]
        .filter((one) => one.checkVisibility() && !one.closest(".prose") && one.type !== "range")
        .map((one) => one.matches("[type=checkbox], [type=radio]") ? one.closest("label") : one)
        .filter((one) => one.getBoundingClientRect().height < 43.5)
        .map((one) => one.outerHTML.slice(0, 100))""")

    assert small == []


def test_the_first_tab_leads_past_the_header(stage: Stage) -> None:
    stage.page.goto("/ui/")
    stage.page.keyboard.press("Tab")
    stage.page.keyboard.press("Enter")

    assert stage.page.evaluate("document.activeElement.id") == "main"


def test_the_account_menu_works_without_scripts(browser: Browser) -> None:
    with browser.new_context(base_url=ORIGIN, viewport=DESKTOP, java_script_enabled=False) as context:
        page = context.new_page()
        page.route("**/*", Stage(page).answer)
        page.goto("/ui/")

        page.get_by_text("Alice").click()

        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        expect(page.get_by_role("group", name="Colours of the page")).to_be_hidden()


def test_escape_closes_the_menu_and_gives_the_focus_back(stage: Stage) -> None:
    stage.page.goto("/ui/")
    stage.page.get_by_text("Alice").click()
    stage.page.get_by_role("link", name="Settings").focus()

    stage.page.keyboard.press("Escape")

    expect(stage.page.get_by_role("link", name="Settings")).to_be_hidden()
    assert stage.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_chosen_theme_is_there_on_the_next_page(stage: Stage) -> None:
    stage.page.goto("/ui/")

    stage.page.get_by_role("radio", name="Dark").check()

    assert stage.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert [(one["name"], one["value"]) for one in stage.page.context.cookies()] == [("theme", "dark")]


def test_the_dialog_takes_the_focus_and_gives_it_back(stage: Stage) -> None:
    stage.page.goto("/ui/")
    opener = stage.page.get_by_role("button", name="Leave the course…")
    opener.click()
    expect(stage.page.get_by_role("dialog", name="Leave the course?")).to_be_visible()
    assert violations(stage.page) == []

    stage.page.keyboard.press("Escape")

    expect(stage.page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_arrow_keys_move_along_the_strip_of_units(stage: Stage) -> None:
    stage.page.goto("/ui/")
    stage.page.locator(".sequence-tab[aria-current]").focus()

    stage.page.keyboard.press("ArrowRight")
    expect(stage.page.get_by_role("link", name="Say it in your own words")).to_be_focused()
    stage.page.keyboard.press("Home")
    expect(stage.page.get_by_role("link", name="What a question is")).to_be_focused()


def test_arrow_keys_turn_with_the_line_of_reading(stage: Stage) -> None:
    stage.page.goto("/ui/?dir=rtl")
    stage.page.locator(".sequence-tab[aria-current]").focus()

    stage.page.keyboard.press("ArrowLeft")

    expect(stage.page.get_by_role("link", name="Say it in your own words")).to_be_focused()


def test_mathjax_is_fetched_only_by_pages_with_formulas(stage: Stage) -> None:
    stage.open("<p>It costs $5, or $6 with milk.</p>")
    stage.page.wait_for_timeout(300)
    assert not [path for path in stage.asked if "mathjax" in path]

    stage.open("<p>[mathjaxinline]x^2[/mathjaxinline] and \\\\(y\\\\)</p>".replace("\\\\", "\\"))

    expect(stage.page.locator("mjx-container")).to_have_count(2)
    assert not [path for path in stage.asked if not path.startswith(("/static/ui/", "/page"))]


def test_formulas_that_arrive_later_are_set_too(stage: Stage) -> None:
    stage.put("/later", "<p id='later'>\\(a+b\\)</p>")
    stage.open('<button hx-get="/later">More</button>')

    stage.page.get_by_role("button", name="More").click()

    expect(stage.page.locator("#later mjx-container")).to_be_visible()


def test_a_block_in_view_is_reported_once_and_its_unit_gets_a_tick(stage: Stage) -> None:
    stage.put_json("/done", {"unit_complete": True})
    tab = '<nav data-controller="sequence" data-action="completion:unit@document->sequence#complete"><ol><li>'
    tab += '<a data-sequence-target="tab" aria-current="page">Unit<span class="sequence-tick" data-label="complete">'
    tab += '<span class="visually-hidden"></span></span></a></li></ol></nav>'
    watched = 'data-controller="completion" data-completion-delay-value="500" data-completion-url-value'
    block = f'<div {watched}="/done">Read</div>'
    below = f'<div {watched}="/below" style="margin-block-start: 3000px">Far</div>'
    stage.open(tab + block + below)

    expect(stage.page.locator("a[data-complete]")).to_have_text("Unit, complete")
    stage.page.wait_for_timeout(800)

    assert stage.posts == [("/done", '{"completion":1}')]


def test_a_lost_connection_is_told_and_keeps_what_was_typed(stage: Stage) -> None:
    stage.put("/answer", "<p>Right</p>")
    stage.open('<form hx-post="/answer"><input name="a" aria-label="Answer" class="input"><button>Send</button></form>')
    stage.page.get_by_label("Answer").fill("42")
    stage.reachable = False
    stage.page.get_by_role("button", name="Send").click()

    expect(stage.page.get_by_role("alert")).to_contain_text("Nothing is lost")
    expect(stage.page.get_by_label("Answer")).to_have_value("42")

    stage.reachable = True
    stage.page.get_by_role("button", name="Send").click()
    expect(stage.page.get_by_text("Right")).to_be_visible()
    expect(stage.page.get_by_role("alert")).to_be_hidden()


def test_a_form_is_not_sent_while_the_browser_is_offline(stage: Stage) -> None:
    stage.open('<form method="post" action="/answer"><input aria-label="Answer" name="a"><button>Send</button></form>')
    stage.page.get_by_label("Answer").fill("42")
    stage.page.context.set_offline(True)

    stage.page.get_by_role("button", name="Send").click()

    expect(stage.page.get_by_role("alert")).to_contain_text("You are offline")
    expect(stage.page.get_by_label("Answer")).to_have_value("42")
    stage.page.context.set_offline(False)


def test_a_refusal_of_the_site_is_told(stage: Stage) -> None:
    stage.open(
        '<form hx-post="/missing"><input name="a" aria-label="Answer" class="input"><button>Send</button></form>'
    )
    stage.page.route("**/missing", lambda route: route.fulfill(status=403, body="no"))
    stage.page.get_by_label("Answer").fill("42")

    stage.page.get_by_role("button", name="Send").click()

    expect(stage.page.get_by_role("alert")).to_contain_text("did not accept that")
    expect(stage.page.get_by_label("Answer")).to_have_value("42")


def test_the_server_can_speak_to_people_who_listen(stage: Stage) -> None:
    stage.open('<button hx-post="/answer" hx-swap="none">Send</button>')
    told = {"HX-Trigger": '{"announce": "Correct, 1 of 1 point", "toast": {"text": "Saved"}}'}
    stage.page.route("**/answer", lambda route: route.fulfill(status=200, body="", headers=told))

    stage.page.get_by_role("button", name="Send").click()

    expect(stage.page.locator("#live")).to_have_text("Correct, 1 of 1 point")
    expect(stage.page.get_by_text("Saved")).to_be_visible()


def test_htmx_sends_the_token(stage: Stage) -> None:
    stage.open('<button hx-post="/answer" hx-swap="none">Send</button>')

    with stage.page.expect_request("**/answer") as sent:
        stage.page.get_by_role("button", name="Send").click()

    token = stage.page.locator('meta[name="csrf-token"]').get_attribute("content")
    assert token
    assert sent.value.headers["x-csrftoken"] == token


def test_a_toast_offers_to_undo(stage: Stage) -> None:
    stage.open("<p>Here</p>")
    stage.page.evaluate("lykeion.toast({text: 'Bookmark removed.', undo: '/undo'})")

    stage.page.get_by_role("button", name="Undo").click()

    expect(stage.page.get_by_text("Bookmark removed.")).to_be_hidden()
    assert [path for path, _ in stage.posts] == ["/undo"]


def test_events_are_sent_together_when_the_page_is_left(stage: Stage) -> None:
    stage.open('<button data-event="edx.ui.lms.link_clicked" data-event-detail=\'{"n": 1}\'>Go</button>')
    stage.page.get_by_role("button", name="Go").click()
    stage.page.evaluate("lykeion.logEvent('seq_next', {new: 2})")

    with stage.page.expect_request("**/event") as sent:
        stage.page.evaluate("window.dispatchEvent(new Event('pagehide'))")

    body = sent.value.post_data or ""
    assert '"event_type":"edx.ui.lms.link_clicked","event":"{\\"n\\": 1}","page":"http://lykeion.test/page"' in body
    assert '"event_type":"seq_next","event":"{\\"new\\":2}"' in body


def test_a_button_copies_and_says_so(stage: Stage) -> None:
    stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stage.page.goto("/ui/")
    stage.page.evaluate("navigator.clipboard ??= {writeText: async (text) => { window.copied = text }}")

    stage.page.get_by_role("button", name="Copy the key").click()

    expect(stage.page.locator("#live")).to_have_text("Copied")
