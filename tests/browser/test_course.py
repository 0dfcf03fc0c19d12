"""The pages of a course in a real browser: by keyboard, without scripts, in every light and direction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser.conftest import violations
from tests.browser.sites import PATIENCE

COURSE = "/courses/course-v1:Lykeion+LEARN1+demo"
FIRST = f"{COURSE}/courseware/welcome/start"
PLACES = (
    f"{COURSE}/course/?open=all",
    f"{FIRST}/1/",
    f"{COURSE}/jump_to_id/curve",
    f"{COURSE}/jump_to_id/hw1a",
    f"{COURSE}/progress",
    f"{COURSE}/dates",
    f"{COURSE}/bookmarks/",
    f"{COURSE}/reading/",
    f"{COURSE}/no-such-page/",
)
LOOKS = [
    pytest.param(1280, "light", "ltr", id="desktop-light"),
    pytest.param(390, "dark", "rtl", id="phone-dark-rtl"),
]


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: str) -> StorageState:
    """The cookies of a browser in which Alice has signed in."""
    with browser.new_context(base_url=site) as context:
        page = context.new_page()
        page.goto("/account/login/")
        page.locator("input[name=login]").fill("alice")
        page.locator("input[name=password]").fill("alice")
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/dashboard*")
        return context.storage_state()


@pytest.fixture
def visit(browser: Browser, site: str, signed_in: StorageState) -> Iterator[Callable[..., Page]]:
    """Opens browsers in which Alice is signed in; options are those of Playwright."""
    contexts = []

    def visit(**options: object) -> Page:
        context = browser.new_context(base_url=site, storage_state=signed_in, **options)  # type: ignore[arg-type]  # many types
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme", "direction"), LOOKS)
def test_no_page_of_a_course_shuts_anybody_out(visit, width, scheme, direction):
    page = visit(viewport={"width": width, "height": 844}, color_scheme=scheme)
    found: list[str] = []

    for place in PLACES:
        page.goto(place)
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{place}: the page is wider than the window")
        found += [f"{place}: {violation}" for violation in violations(page)]

    assert found == []


def test_alice_walks_the_course_by_keyboard_alone(page: Page) -> None:
    page.goto(f"{COURSE}/course/")
    _type_at(page, page.locator("input[name=login]"), "alice")
    _type_at(page, page.locator("input[name=password]"), "alice")
    page.keyboard.press("Enter")

    _press_at(page, page.get_by_role("link", name=re.compile("(Start|Resume) course")))
    expect(page.locator(".unit")).to_be_visible()
    page.goto(f"{FIRST}/1/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    expect(page.locator("main")).to_be_focused()
    _press_at(page, page.locator(".sequence-tab[aria-current]"), key="ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("How this course works")

    _press_at(page, page.get_by_label("By reading everything in one evening"), key="Space")
    page.keyboard.press("ArrowDown")  # along the choices of one question
    expect(page.get_by_label("By doing a little on several days")).to_be_checked()
    _press_at(page, page.get_by_role("button", name="Submit"))
    expect(page.locator("[data-block-type=problem]")).to_contain_text("Correct")
    _press_at(page, page.locator(".unit-foot [rel=next]"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Watch: the forgetting curve")


def test_a_section_opens_in_its_place(visit) -> None:
    page = visit()
    page.goto(f"{COURSE}/course/?open=chapter@welcome")
    loads = page.evaluate("performance.timeOrigin")

    page.get_by_text("Practising well").focus()
    page.get_by_text("Practising well").click()

    expect(page.get_by_role("link", name="Desirable difficulties")).to_be_visible()
    assert page.evaluate("performance.timeOrigin") == loads


def test_a_text_that_was_on_the_screen_for_a_while_is_ticked(visit) -> None:
    page = visit()
    page.goto(f"{FIRST}/1/")
    tab = page.locator(".sequence-tab[aria-current]")

    expect(tab).to_have_attribute("data-complete", "")
    page.reload()

    expect(tab).to_contain_text("complete")


def test_a_bookmark_is_set_where_one_reads_and_found_in_the_list(visit) -> None:
    page = visit()
    page.goto(f"{COURSE}/jump_to_id/mixing")
    button = page.locator(".bookmark button")
    title = page.get_by_role("heading", level=1).inner_text()
    if button.get_attribute("aria-pressed") == "true":
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")

    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    page.goto(f"{COURSE}/bookmarks/")

    expect(page.get_by_role("link", name=title)).to_be_visible()


def test_a_session_that_ends_leaves_what_was_typed(visit) -> None:
    page = visit()
    page.goto(f"{COURSE}/jump_to_id/hw1b")
    page.get_by_role("textbox").first.fill("e^(-1)")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Submit").click()

    notice = page.locator("[data-controller=session]")
    expect(notice).to_be_visible()
    expect(notice.get_by_role("link", name="Sign in")).to_have_attribute("href", re.compile(r"^/account/login/\?next="))
    expect(page.get_by_role("textbox").first).to_have_value("e^(-1)")


def test_an_empty_answer_is_not_sent_and_uses_no_attempt(visit) -> None:
    page = visit()
    page.goto(f"{COURSE}/jump_to_id/hw2a")
    problem = page.locator("[data-block-type=problem]").filter(has=page.get_by_role("heading", name="In one word"))
    problem.get_by_role("textbox").fill("  ")

    problem.get_by_role("button", name="Submit").click()

    expect(problem).to_contain_text("Nothing is answered yet, so nothing was sent.")
    expect(problem).to_contain_text("You have used 0 of 3 attempts")


def test_the_way_back_shows_a_problem_as_it_is_now(visit) -> None:
    page = visit()
    page.goto(f"{COURSE}/jump_to_id/hw1a")
    problem = page.locator("[data-block-type=problem]").filter(has=page.get_by_role("heading", name="The curve"))
    problem.get_by_role("radio").first.check()
    problem.get_by_role("button", name="Submit").click()
    expect(problem).to_contain_text("Correct (1/1 point)")

    page.goto(f"{COURSE}/progress")
    page.go_back()

    expect(problem).to_contain_text("Correct (1/1 point)")


def test_without_scripts_a_course_can_be_taken_all_the_same(visit) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"{COURSE}/course/?open=chapter@welcome")

    page.get_by_text("How memory works").click()
    page.get_by_role("link", name="Show what is in this section").first.click()
    expect(page.get_by_role("link", name="Remembering and forgetting")).to_be_visible()
    page.goto(f"{COURSE}/jump_to_id/quiz2")
    problem = page.locator("[data-block-type=problem]").filter(has=page.get_by_role("heading", name="Question 4"))
    problem.get_by_role("textbox").fill("1885")
    problem.get_by_role("button", name="Submit").click()

    expect(problem).to_contain_text("Correct")
    assert "#problem@" in page.url


def _press_at(page: Page, target: Locator, key: str = "Enter") -> None:
    _tab_to(page, target)
    page.keyboard.press(key)


def _type_at(page: Page, target: Locator, text: str) -> None:
    _tab_to(page, target)
    page.keyboard.type(text)


def _tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Presses Tab until ``target`` has the focus; what cannot be reached so fails the test."""
    target.first.wait_for()
    for _press in range(most):
        if target.first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} presses of Tab do not reach {target}")
