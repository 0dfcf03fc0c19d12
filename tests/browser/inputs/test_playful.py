"""Authors' pages in a problem, and things to place in a picture: by mouse, finger and keyboard, on a real site."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect
from verifiers import draganddrop  # the grader that authors' Python calls

from tests.browser.conftest import violations
from tests.browser.inputs.conftest import Visit
from tests.browser.inputs.playful import RUN

WIDTH = 600  # of the picture in its own pixels


@pytest.fixture
def visit(opened: Visit) -> Visit:
    """Opens a problem of ``playful``."""
    return lambda problem, **options: opened(f"/courses/{RUN}/jump_to_id/{problem}", **options)


def field(page: Page) -> Locator:
    return page.locator("[name^=input_]").first


def answer(page: Page) -> object:
    return json.loads(field(page).input_value())


def press(page: Page, dispatch: str) -> object:
    """What the form sends when that button is pressed."""
    name = {"problem_save": "Save", "problem_check": "Submit"}[dispatch]
    with page.expect_request(f"**/{dispatch}") as request, page.expect_response(f"**/{dispatch}"):
        page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("[data-problem-target=notice]")).to_be_focused()  # the answered form stands on the page
    sent = re.search(r'name="input_[^"]*"\r\n\r\n(.*?)\r\n--', request.value.post_data or "", re.DOTALL)
    return json.loads(sent[1]) if sent else None


def clear(page: Page) -> None:
    """Take away what an earlier test placed."""
    expect(page.locator(".dnd-tray button").first).to_be_enabled()
    while page.get_by_role("button", name=re.compile("^Remove ")).count():
        page.get_by_role("button", name=re.compile("^Remove ")).first.click()


# Authors' pages


def page_in(page: Page) -> FrameLocator:
    return page.frame_locator(".capa-frame iframe")


@pytest.mark.parametrize(("problem", "start"), [("called", 3), ("channel", 2)])
def test_an_authors_page_gets_its_state_and_hands_over_its_answer(visit, problem, start) -> None:
    page = visit(problem)
    expect(page_in(page).locator("#out")).to_have_text(
        str(start)
    )  # the functions come late: asked for until they are there

    for _ in range(7 - start):
        page_in(page).get_by_role("button", name="Turn").click()
    sent = press(page, "problem_save")

    assert sent == {"answer": '"right at 7"', "state": '{"turned":7,"quirks":"CSS1Compat"}'}
    expect(page.locator(".problem-notice")).to_contain_text("saved")
    page.reload()
    expect(page_in(page).locator("#out")).to_have_text("7")
    assert violations(page) == []


def test_what_was_done_in_an_authors_page_and_not_sent_is_there_again(visit) -> None:
    page = visit("channel")
    page_in(page).get_by_role("button", name="Turn").click()
    seen = page_in(page).locator("#out").text_content()
    page.evaluate("dispatchEvent(new Event('focus'))")  # the learner comes out of the frame
    page.wait_for_function("Object.keys(localStorage).some(key => key.startsWith('lykeion:draft'))")

    page.reload()

    expect(page_in(page).locator("#out")).to_have_text(seen or "")
    expect(page.locator(".problem-notice")).to_contain_text("is here again")


def test_a_page_that_does_not_answer_costs_nothing(visit) -> None:
    page = visit("mute")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".problem-notice")).to_contain_text("no attempt was used")
    assert [url for url in asked if "problem_check" in url] == []
    expect(page.get_by_role("button", name="Submit")).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize("problem", ["called", "channel"])
def test_an_authors_page_cannot_reach_the_learners_session(visit, problem) -> None:
    page = visit(problem)
    expect(page_in(page).locator("#out")).not_to_have_text("0")
    frame = page.frames[1]

    reach = "what => { try { return String(eval(what)) } catch (error) { return error.name } }"
    found = [frame.evaluate(reach, what) for what in ("document.cookie", "parent.document.title", "self.origin")]

    assert "csrftoken" in page.evaluate("document.cookie")
    assert found == ["SecurityError", "SecurityError", "null"]


# Things to place


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """A pixel of the picture as a point of the window."""
    page.locator(".dnd-picture").evaluate("picture => picture.scrollIntoView({block: 'center'})")
    box = page.locator(".dnd-picture").bounding_box()
    assert box is not None
    scale = box["width"] / WIDTH
    return box["x"] + x * scale, box["y"] + y * scale


def drag(page: Page, thing: Locator, x: float, y: float) -> None:
    to = at(page, x, y)
    box = thing.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(to[0], to[1] - 20, steps=4)
    page.mouse.move(*to, steps=2)
    page.mouse.up()


def thing(page: Page, name: str) -> Locator:
    return page.locator(".dnd-tray").get_by_role("button", name=name, exact=True)


def test_things_are_dragged_to_places_and_the_answer_is_as_open_edx_grades_it(visit) -> None:
    page = visit("places", viewport={"width": 1280, "height": 1000})
    clear(page)

    drag(page, thing(page, "Bird"), 60, 330)
    drag(page, thing(page, "Trunk"), 300, 240)
    drag(page, thing(page, "Crown"), 300, 250)  # Trunk had that place: it goes back
    drag(page, thing(page, "Trunk"), 500, 350)  # no place there
    drag(page, page.locator(".dnd-item", has_text="Crown"), 300, 80)
    assert answer(page) == [{"crown": "t_top"}, {"bird": "t_left"}]  # in the order of the targets
    drag(page, thing(page, "Bird"), 300, 240)  # can be used again

    assert press(page, "problem_save") == [{"crown": "t_top"}, {"bird": "t_mid"}, {"bird": "t_left"}]
    right = [
        {"draggables": ["crown"], "targets": ["t_top"], "rule": "exact"},
        {"draggables": ["bird", "bird"], "targets": ["t_mid", "t_left"], "rule": "exact+number"},
    ]
    assert draganddrop.grade(field(page).input_value(), right)
    expect(page.locator(".dnd-placed li")).to_have_count(3)
    drag(page, page.locator(".dnd-item", has_text="Crown"), 580, 390)
    assert answer(page) == [{"bird": "t_mid"}, {"bird": "t_left"}]


def test_things_are_placed_by_keyboard_alone(visit) -> None:
    page = visit("places")
    clear(page)

    thing(page, "Crown").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Where does Crown go?")).to_be_visible()
    expect(page.get_by_role("button", name="Place 1, top")).to_be_focused()
    page.keyboard.press("Escape")
    expect(thing(page, "Crown")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert answer(page) == [{"crown": "t_mid"}]
    expect(page.locator("#live")).to_have_text("Crown is at: Place 2, middle.")
    expect(thing(page, "Trunk")).to_be_focused()
    page.get_by_role("button", name="Move Crown", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="In the grass").press("Enter")
    assert answer(page) == [{"crown": "t_left"}]

    page.get_by_role("button", name="Remove Crown").press("Enter")

    assert answer(page) == []
    expect(thing(page, "Crown")).to_be_focused()


def test_what_was_placed_and_not_sent_is_there_again_and_nothing_placed_is_not_sent(visit) -> None:
    page = visit("places")
    clear(page)
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".problem-notice")).to_contain_text("Nothing is answered yet")
    thing(page, "Trunk").press("Enter")
    page.keyboard.press("Enter")

    page.reload()

    expect(page.locator(".dnd-placed li")).to_have_text([re.compile("^Trunk: Place 1, top")])
    assert answer(page) == [{"trunk": "t_top"}]


def test_without_places_a_finger_puts_things_anywhere_on_a_phone(visit) -> None:
    page = visit("anywhere", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    clear(page)

    thing(page, "Sun").tap()
    page.touchscreen.tap(*at(page, 500, 60))
    x, y = answer(page)[0]["sun"]  # type: ignore[index]
    assert abs(x - 500) < 3
    assert abs(y - 60) < 3
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    touch = page.context.new_cdp_session(page)
    box = thing(page, "Bird").bounding_box()
    assert box is not None
    target = at(page, 300, 100)
    box = thing(page, "Bird").bounding_box()
    assert box is not None
    start = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for kind, points in [("touchStart", [start]), ("touchMove", [target]), ("touchMove", [target]), ("touchEnd", [])]:
        touches = [{"x": left, "y": top} for left, top in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    expect(page.locator(".dnd-placed li")).to_have_count(2)

    (bird, x, y), sun = ((name, *spot) for name, spot in (pair for one in answer(page) for pair in one.items()))  # type: ignore[attr-defined]
    assert (bird, sun[0]) == ("bird", "sun")  # in the author's order
    assert abs(x - 300) < 4
    assert abs(y - 100) < 4


def test_without_places_arrow_keys_and_numbers_say_where(visit) -> None:
    page = visit("anywhere")
    clear(page)

    thing(page, "Sun").press("Enter")
    page.get_by_label("From the left").fill("100")
    page.get_by_label("From the top").fill("50")
    page.get_by_label("From the top").press("Enter")
    expect(page.get_by_role("button", name="Sun: 100 from the left, 50 from the top")).to_be_focused()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft"):
        page.keyboard.press(key)

    assert press(page, "problem_save") == [{"sun": [109, 60]}]
    assert draganddrop.grade(field(page).input_value(), {"sun": [[110, 60], 5]})
    page.get_by_role("button", name=re.compile("^Sun: ")).press("Delete")
    assert answer(page) == []


def test_things_lie_on_things(visit) -> None:
    page = visit("nested", viewport={"width": 1280, "height": 1000})
    clear(page)

    drag(page, thing(page, "Nest"), 300, 120)
    drag(page, thing(page, "Egg"), 300, 120)

    value = [{"nest": "fork"}, {"egg": {"in": {"nest": "fork"}}}]
    assert press(page, "problem_save") == value
    assert draganddrop.grade(field(page).input_value(), {"nest": "fork", "egg": "fork[nest][in]"})
    page.reload()
    expect(page.locator(".dnd-placed li")).to_have_text(
        [re.compile("^Nest: Place 1, top"), re.compile("^Egg: Place 1 on Nest")]
    )
    assert answer(page) == value
    page.get_by_role("button", name="Remove Nest").click()
    assert answer(page) == []


def test_what_learners_do_is_graded_as_its_author_meant(visit) -> None:
    page = visit("judged")
    clear(page)
    thing(page, "Crown").press("Enter")
    page.keyboard.press("Enter")
    thing(page, "Egg").press("Enter")
    page.get_by_role("button", name="Place 1 on Crown").press("Enter")
    assert press(page, "problem_check") == [{"crown": "t_top"}, {"egg": {"in": {"crown": "t_top"}}}]
    expect(page.locator(".problem-notice")).to_contain_text("Correct")

    page = visit("dialled")
    expect(page_in(page).locator("#out")).to_have_text("6")
    page_in(page).get_by_role("button", name="Turn").click()
    press(page, "problem_check")
    expect(page.locator(".problem-notice")).to_contain_text("Correct")


@pytest.mark.parametrize(("width", "scheme", "direction"), [(1280, "light", "ltr"), (390, "dark", "rtl")])
def test_nobody_is_shut_out(visit, width, scheme, direction) -> None:
    found: list[str] = []
    for problem in ("called", "places", "anywhere", "nested"):
        page = visit(problem, viewport={"width": width, "height": 844}, color_scheme=scheme)
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        if problem != "called":
            clear(page)
            page.locator(".dnd-tray button").first.press("Enter")
            page.locator(".dnd-panel button").first.press("Enter")
            page.locator(".dnd-tray button:visible").first.press("Enter")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{problem}: the page is wider than the window")
        found += [f"{problem}: {violation}" for violation in violations(page)]

    assert found == []
