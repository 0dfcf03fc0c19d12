"""A timed exam in a real browser, with the browser's clock moved on by hand; and what must be done before it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Command, violations
from tests.browser.sites import PATIENCE

RUN = "course-v1:Lyk+EXAM1+2026"
HOME = f"/courses/{RUN}/course/?open=all"
COURSE = """<course display_name="A course with an exam" start="2020-01-01T00:00:00Z">
  <chapter url_name="c1" display_name="Trees">
    <sequential url_name="basics" display_name="Basics">
      <vertical url_name="b1" display_name="First question"><problem url_name="p0"><multiplechoiceresponse>
        <label>Which one is evergreen?</label><choicegroup type="MultipleChoice">
        <choice correct="false">Larch</choice><choice correct="true">Spruce</choice></choicegroup>
      </multiplechoiceresponse></problem></vertical>
    </sequential>
    <sequential url_name="midterm" display_name="Midterm" is_time_limited="true" default_time_limit_minutes="30"
      graded="true" format="Exam" due="2035-06-01T10:00:00Z" required_prereq="basics" min_score="100"
      min_completion="0">
      <vertical url_name="m1" display_name="On bark"><problem url_name="p1"><numericalresponse answer="2">
        <label>How many seed leaves has an oak?</label><formulaequationinput/></numericalresponse></problem></vertical>
      <vertical url_name="m2" display_name="On leaves"><html url_name="t1"><![CDATA[<p>Think.</p>]]></html></vertical>
    </sequential>
    <sequential url_name="end" display_name="The end">
      <vertical url_name="e1" display_name="Farewell"><html url_name="t2"><![CDATA[<p>Bye.</p>]]></html></vertical>
    </sequential>
  </chapter>
</course>"""
POLICY = {
    "GRADER": [{"type": "Exam", "short_label": "Ex", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}


def write_course(folder: Path) -> Path:
    """The course as OLX."""
    policy = {"course/2026": {"enable_subsection_gating": True, "enable_timed_exams": True}}
    files = {
        "course.xml": '<course url_name="2026" org="Lyk" course="EXAM1"/>',
        "course/2026.xml": COURSE,
        "policies/2026/policy.json": json.dumps(policy),
        "policies/2026/grading_policy.json": json.dumps(POLICY),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def exam_site(site: str, lykeion: Command, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the site, with the course."""
    lykeion("import", str(write_course(tmp_path_factory.mktemp("exams"))))
    return site


@pytest.fixture
def visit(browser: Browser, exam_site: str) -> Iterator[Callable[..., Page]]:
    """Opens a browser in which somebody is signed in and takes the course; its clock is the test's."""
    contexts = []

    def visit(username: str, width: int = 1280, scheme: str = "light") -> Page:
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        context = browser.new_context(base_url=exam_site, **options)  # type: ignore[arg-type]  # many types
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/account/login/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(username)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/dashboard*")
        page.goto(f"/courses/{RUN}/about")
        page.locator(f"form[action*='{RUN}/enrol'] button").first.click()
        page.clock.install()
        return page

    yield visit
    for context in contexts:
        context.close()


def test_from_prerequisite_to_the_end_of_the_time(visit: Callable[..., Page]) -> None:
    page = visit("alice")
    page.goto(HOME)
    page.get_by_role("link", name="Finish “Basics” with at least 100\N{NO-BREAK SPACE}% first").click()
    page.get_by_label("Spruce").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Correct", exact=True).first).to_be_visible()

    page.get_by_role("link", name="Next: Midterm").click()
    expect(page.get_by_text("time limit of 30 minutes")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="I am ready, start the exam").press("Enter")
    bar = page.get_by_role("region", name="Timed exam")
    clock = bar.get_by_role("timer")
    expect(clock).to_have_text(re.compile("^(30:00|29:)"))
    assert violations(page) == []

    page.get_by_role("textbox").fill("2")
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_text("Correct", exact=True).first).to_be_visible()
    page.clock.fast_forward("24:15")
    expect(bar).to_have_attribute("data-state", "low")
    expect(page.locator("#live")).to_contain_text("Time left in the exam: 5:")  # of 30: under a fifth
    page.goto(HOME)
    expect(bar.get_by_role("link", name="Midterm")).to_be_visible()
    expect(bar).to_contain_text(re.compile(r"ends at .* \(UTC\)"))
    assert left_edge(page, ".exam-bar .icon") == left_edge(page, ".site-brand")
    page.set_viewport_size({"width": 390, "height": 844})
    for row in (".tabs", ".outline-note"):
        assert page.locator(row).first.evaluate("row => row.scrollWidth - row.clientWidth") <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    bar.get_by_role("link", name="Midterm").click()
    expect(clock).to_have_text(re.compile("^2[89]:"))  # the site keeps the time, whatever the browser thinks
    page.clock.fast_forward("28:40")
    expect(bar).to_have_attribute("data-state", "critical")
    assert violations(page) == []
    page.clock.fast_forward("02:00")

    expect(page.get_by_text("You have submitted the exam.")).to_be_visible()
    expect(bar).to_have_count(0)
    assert violations(page) == []
    page.goto(f"/courses/{RUN}/progress")
    expect(page.get_by_text("100%").first).to_be_visible()


def left_edge(page: Page, selector: str) -> float:
    """Where something begins, in pixels."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"]


def test_submitting_by_hand_asks_first(visit: Callable[..., Page]) -> None:
    page = visit("dan")
    page.goto(f"/courses/{RUN}/jump_to_id/b1")
    page.get_by_label("Spruce").check()
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("link", name="Next: Midterm").click()
    page.get_by_role("button", name="I am ready, start the exam").click()

    page.get_by_role("button", name="Submit the exam").click()
    assert violations(page) == []
    page.get_by_role("button", name="No, back to the exam").click()
    expect(page.get_by_role("heading", name="On bark")).to_be_visible()
    page.get_by_role("button", name="Submit the exam").click()
    page.get_by_role("button", name="Yes, submit my exam").click()

    expect(page.get_by_text("You have submitted the exam.")).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", name="Farewell")).to_be_visible()
