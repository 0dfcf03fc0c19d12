"""Circuits drawn by mouse, by finger, by keyboard and from a list; what is sent is judged by the authors' own code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lykeion.blocks.builtin.problem.page import Face, problem_html
from lykeion.capa.api import parse
from lykeion.capa.types import View
from tests.browser.conftest import violations
from tests.browser.sites import PATIENCE
from tests.browser.uipages import DESKTOP, LOOKS, ORIGIN, PHONE, Stage

pytestmark = pytest.mark.urls("tests.ui.urls")
DIVIDER = [
    ["v", [168, 144, 0], {"value": "dc(1)", "_json_": 0}, ["1", "0"]],
    ["r", [296, 120, 0], {"r": "1", "_json_": 1}, ["1", "output"]],
    ["L", [296, 168, 3], {"label": "output", "_json_": 2}, ["output"]],
    ["w", [296, 216, 168, 216]],
    ["w", [168, 216, 168, 192]],
    ["w", [168, 144, 168, 120]],
    ["w", [168, 120, 296, 120]],
    ["g", [168, 216, 0], {"_json_": 7}, ["0"]],
    ["view", -67.5, -78.5, 1.6, "50", "10", "1G", None, "100", "1", "1000"],
]
HALF = """
dc_value = "dc analysis not found"
for response in submission[0]:
  if response[0] == 'dc':
      for node in response[1:]:
          dc_value = node['output']
correct = ['correct' if dc_value == .5 else 'incorrect']
"""


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    """A page on a made-up site, desktop size, light; a script error fails the test."""
    with browser.new_context(base_url=ORIGIN, viewport=DESKTOP, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE)
        stage = Stage(context.new_page())
        errors: list[str] = []
        stage.page.on("pageerror", lambda error: errors.append(str(error)))
        stage.page.route("**/*", stage.answer)
        yield stage
        assert errors == []


def problem(attributes: str, initial: list[Any], view: View | None = None) -> str:
    """A problem with one circuit, as a page holds it."""
    xml = (
        "<problem><schematicresponse><label>Halve the voltage</label>"
        f'<schematic {attributes} initial_value="{escape(json.dumps(initial))}"/>'
        f'<answer type="loncapa/python">{escape(HALF)}</answer></schematicresponse></problem>'
    )
    questions = parse(xml, problem_id="p", seed=1).render(view or View())
    face = Face(
        problem_id="p",
        waiting=False,
        usage="p",
        title="Divider",
        url="/handler",
        token="t",
        csrf="",
        progress="",
        attempts="",
        closed="",
        can_submit=True,
        shows_save=False,
        shows_reset=False,
        shows_answer=False,
        answer_shown=False,
        hints=0,
        notice=None,
        gettext=str,
    )
    return f"<h1>Circuits</h1>{problem_html(face, questions)}"


def open_divider(stage: Stage, attributes: str = 'parts="g,r" analyses="dc"') -> Page:
    stage.open(problem(f'height="400" width="600" {attributes}', DIVIDER))
    stage.page.get_by_role("application", name="Circuit diagram").wait_for()
    return stage.page


def place_of(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the diagram is on the screen."""
    found = page.locator(".schematic-canvas").evaluate(
        """(canvas, [x, y]) => {
            const point = new DOMPoint(x, y).matrixTransform(canvas.getScreenCTM());
            return [point.x, point.y];
        }""",
        [x, y],
    )
    return found[0], found[1]


def value(page: Page) -> list[Any]:
    """What would be sent."""
    return json.loads(page.locator("[name=input_p_2_1]").input_value())


def verdict(sent: list[Any]) -> str:
    """What the author's code says."""
    names: dict[str, Any] = {"submission": [sent]}
    exec(HALF, names)
    return names["correct"][0]


def wait_until_right(page: Page) -> None:
    page.wait_for_function("document.querySelector('[name=input_p_2_1]').value.includes('\"output\":0.5')")


def test_a_circuit_is_sent_as_it_was_given_if_nothing_is_drawn(stage: Stage) -> None:
    page = open_divider(stage)

    page.get_by_role("button", name="Submit").click()
    page.wait_for_timeout(200)

    assert value(page)[0] == ["v", [168, 144, 0], {"value": "dc(1)", "_json_": 0}, ["1", "0"]]
    assert verdict(value(page)) == "incorrect"
    assert [path for path, _ in stage.posts] == ["/handler/problem_check"]


def test_a_divider_is_drawn_by_mouse_and_is_right(stage: Stage) -> None:
    page = open_divider(stage)

    page.get_by_role("button", name="Resistor").click()
    page.mouse.click(*place_of(page, 240, 168))
    page.mouse.move(*place_of(page, 240, 168))
    page.mouse.down()
    page.mouse.move(*place_of(page, 270, 170), steps=3)
    page.mouse.move(*place_of(page, 296, 168), steps=3)
    page.mouse.up()
    page.mouse.click(*place_of(page, 240, 216))
    page.keyboard.press("Escape")
    wait_until_right(page)

    assert verdict(value(page)) == "correct"


def test_a_wire_is_drawn_by_two_clicks_as_well_as_by_a_drag(stage: Stage) -> None:
    page = open_divider(stage)

    page.get_by_role("button", name="Resistor").click()
    page.mouse.click(*place_of(page, 360, 168))
    for end in ((296, 168), (360, 168), (360, 216), (296, 216)):
        page.mouse.click(*place_of(page, *end))
    wait_until_right(page)

    assert verdict(value(page)) == "correct"


def test_a_divider_is_drawn_by_keyboard_and_is_right(stage: Stage) -> None:
    page = open_divider(stage)
    canvas = page.get_by_role("application")

    page.get_by_role("button", name="Resistor").press("Enter")
    expect(canvas).to_be_focused()
    while "Resistor, end 2, node output" not in page.locator(".schematic-status").inner_text():
        page.keyboard.press("n")
        if "end 1, node 1" in page.locator(".schematic-status").inner_text():
            page.keyboard.press("Shift+ArrowDown")
            page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_until_right(page)

    assert verdict(value(page)) == "correct"


def test_a_divider_is_built_from_the_list_and_is_right(stage: Stage) -> None:
    page = open_divider(stage)

    page.get_by_text("The circuit as a list").click()
    page.get_by_label("Add a part").select_option("Resistor")
    page.get_by_role("button", name="Add", exact=True).click()
    for first, second in (("Resistor R1, end 1", "Resistor, end 2"), ("Resistor R1, end 2", "Ground")):
        page.get_by_label("First terminal").select_option(first)
        page.get_by_label("Second terminal").select_option(second)
        page.get_by_role("button", name="Connect", exact=True).click()
    wait_until_right(page)

    assert verdict(value(page)) == "correct"
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Resistor R1"))
    expect(row).to_contain_text("end 1: node output: Resistor, end 2")


def test_a_finger_draws_and_the_page_still_scrolls(browser: Browser) -> None:
    with browser.new_context(base_url=ORIGIN, viewport=PHONE, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        stage = Stage(page)
        page.route("**/*", stage.answer)
        open_divider(stage)

        page.get_by_role("button", name="Resistor").tap()
        page.touchscreen.tap(*place_of(page, 240, 168))
        for end in ((296, 168), (240, 168), (240, 216), (240, 216)):
            page.touchscreen.tap(*place_of(page, *end))
        wait_until_right(page)

        assert verdict(value(page)) == "correct"
        assert page.locator(".schematic-canvas").evaluate("one => getComputedStyle(one).touchAction") == "pan-x pan-y"
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_what_was_done_is_undone_and_done_again(stage: Stage) -> None:
    page = open_divider(stage)
    before = page.locator(".schematic-part").count()

    page.mouse.click(*place_of(page, 296, 144))
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Undo").click()
    undone = page.locator(".schematic-part").count()
    page.get_by_role("button", name="Redo").click()

    assert (undone, page.locator(".schematic-part").count()) == (before, before - 1)


def test_a_part_moves_turns_and_takes_its_wires_along(stage: Stage) -> None:
    page = open_divider(stage)
    source = place_of(page, 168, 168)

    page.mouse.move(*source)
    page.mouse.down()
    page.mouse.move(*place_of(page, 140, 176), steps=4)
    page.mouse.up()
    page.wait_for_function("document.querySelector('[name=input_p_2_1]').value.includes('[\"v\",[144,152,0]')")

    assert value(page)[0][3] == ["1", "0"]
    page.keyboard.press("r")
    page.wait_for_function("document.querySelector('[name=input_p_2_1]').value.includes('[\"v\",[144,152,1]')")


def test_properties_are_edited_in_a_dialog(stage: Stage) -> None:
    page = open_divider(stage)

    page.mouse.dblclick(*place_of(page, 168, 168))
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Function").select_option("sine")
    dialog.get_by_label("Frequency in hertz").fill("2k")
    assert violations(page) == []
    dialog.get_by_role("button", name="OK").click()
    page.wait_for_function("document.querySelector('[name=input_p_2_1]').value.includes('sin(0,1,2k,0,0)')")

    expect(dialog).to_have_count(0)


def test_the_operating_point_is_shown_in_the_diagram_and_as_a_table(stage: Stage) -> None:
    page = open_divider(stage)

    page.get_by_role("button", name="Operating point").click()

    expect(page.get_by_role("row", name="output")).to_contain_text("1 V")
    expect(page.locator(".schematic-badge.is-voltage")).to_have_count(3)


def test_curves_are_drawn_with_their_values_in_a_table(stage: Stage) -> None:
    circuit = [
        ["v", [0, 0, 0], {"name": "V1", "value": "sin(0,1,1k)"}, []],
        ["r", [48, 0, 1], {"r": "1k"}, []],
        ["c", [48, 0, 0], {"c": "100n"}, []],
        ["w", [0, 48, 48, 48]],
        ["g", [0, 48, 0], {}, []],
        ["L", [48, 0, 3], {"label": "out"}, []],
        ["s", [48, 0, 0], {"color": "red", "offset": "0"}, []],
    ]
    stage.open(problem('height="300" width="500" analyses="ac,tran"', circuit))
    page = stage.page

    page.get_by_role("button", name="Over time").click()
    page.get_by_label("Stop time in seconds").fill("3m")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("img", name="Voltage: out")).to_be_visible()
    page.get_by_text("The values as a table").click()
    assert page.locator(".schematic-chart tbody tr").count() == 21
    assert violations(page) == []
    page.get_by_role("button", name="Frequencies").click()
    page.get_by_role("button", name="Run").click()

    expect(page.get_by_role("img", name="Magnitude in dB: out")).to_be_visible()
    assert value(page)[-2][0] == "view" or value(page)[-1][0] == "view"


def test_a_circuit_without_ground_says_what_is_missing(stage: Stage) -> None:
    stage.open(problem('analyses="dc"', [["r", [0, 0, 0], {"r": "1"}, []]]))

    expect(stage.page.get_by_text("Nothing is connected to ground.")).to_be_visible()


def test_a_draft_is_there_again_on_the_next_visit(stage: Stage) -> None:
    page = open_divider(stage)
    page.mouse.click(*place_of(page, 296, 144))
    page.keyboard.press("Delete")
    page.wait_for_function("localStorage.length > 0")

    page.reload()
    page.get_by_role("application").wait_for()

    assert [entry[0] for entry in value(page)].count("r") == 0


def test_a_closed_problem_shows_the_circuit_and_lets_nobody_change_it(stage: Stage) -> None:
    stage.open(problem('parts="g,r" analyses="dc"', DIVIDER, View(disabled=True)))
    page = stage.page
    page.get_by_role("application").wait_for()

    page.get_by_role("application").focus()
    page.keyboard.press("n")
    page.keyboard.press("Delete")

    expect(page.locator(".schematic-part")).to_have_count(4)
    expect(page.get_by_role("button", name="Resistor")).to_have_count(0)
    expect(page.get_by_role("button", name="Operating point")).to_be_visible()
    assert page.locator("[name=input_p_2_1]").is_disabled()


@pytest.mark.parametrize(("scheme", "size", "direction"), LOOKS)
def test_axe_finds_nothing_wrong_with_the_editor(stage: Stage, scheme: Any, size: Any, direction: str) -> None:
    stage.page.set_viewport_size(size)
    stage.page.emulate_media(color_scheme=scheme)
    page = open_divider(stage, "")
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    page.get_by_text("The circuit as a list").click()
    page.get_by_text("How to draw").click()
    page.get_by_role("button", name="Operating point").click()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    small = page.evaluate("""() => [...document.querySelectorAll(".schematic :is(button, select, summary)")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
        .map((one) => one.outerHTML)""")
    assert small == []


def test_without_scripts_the_page_says_what_is_needed(browser: Browser) -> None:
    with browser.new_context(base_url=ORIGIN, java_script_enabled=False) as context:
        page = context.new_page()
        stage = Stage(page)
        page.route("**/*", stage.answer)

        stage.open(problem('analyses="dc"', DIVIDER))

        expect(page.locator("noscript p")).to_be_visible()
        expect(page.locator("noscript p")).to_contain_text("Circuits are drawn and simulated by a script")
