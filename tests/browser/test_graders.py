"""A program on its way to a grader elsewhere and back, while the learner looks on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Command, violations

ROOT = Path(__file__).resolve().parents[2]
RUN = "course-v1:Lyceum+CODE1+2026"
QUEUE = "Lyceum-CODE1"
COURSE = """<course url_name="2026" org="Lyceum" course="CODE1" display_name="Greetings" start="2020-01-01T00:00:00Z">
<chapter url_name="c" display_name="One"><sequential url_name="s" display_name="Programs">
<vertical url_name="u" display_name="Greet">
<problem url_name="greet" display_name="Greet the world"><coderesponse>
  <label>Write a program that greets.</label><textbox rows="6" mode="python"/>
  <codeparam><grader_payload>{}</grader_payload></codeparam></coderesponse></problem>
</vertical>
<vertical url_name="m" display_name="Plot">
<problem url_name="plot" display_name="Plot it"><coderesponse queuename="matlab">
  <label>Plot a line.</label><matlabinput rows="6"><plot_payload>p</plot_payload></matlabinput>
  <codeparam><grader_payload>{}</grader_payload></codeparam></coderesponse></problem>
</vertical>
<vertical url_name="e" display_name="Elsewhere">
<problem url_name="out" display_name="Asked elsewhere"><externalresponse url="http://graders.example:8889/">
  <label>Say something.</label><textline/><answer>x</answer></externalresponse></problem>
</vertical>
</sequential></chapter></course>"""


@pytest.fixture(scope="module", autouse=True)
def course(lykeion: Command, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A course of programs, where Dan is a grader."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "course.xml").write_text(COURSE)
    lykeion("import", str(folder))
    for name in (QUEUE, "matlab"):
        lykeion("queue", "allow", "dan", name)


@pytest.fixture
def alice(page: Page, log_in) -> Page:
    log_in("alice")
    page.goto(f"/courses/{RUN}/about")
    enrol = page.get_by_role("button", name=re.compile("enrol", re.IGNORECASE))
    if enrol.count():
        enrol.first.click()
        page.wait_for_url(re.compile("/course/"))
    return page


def watch(site: str, queue: str) -> list[str]:
    """Lets Dan grade what waits; what he said."""
    command = [sys.executable, "-m", "tests.graders.watcher", site, "dan", "dan", queue]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


def test_the_page_says_that_the_answer_waits_and_then_shows_the_verdict_by_itself(alice: Page, site: str) -> None:
    alice.goto(f"/courses/{RUN}/jump_to_id/greet")
    alice.locator(".cm-content").wait_for()  # the editor stands in front of the field now
    alice.get_by_role("textbox", name="Write a program that greets.").fill("print('hello')")

    alice.get_by_role("button", name="Submit").click()

    notice = alice.locator(".problem-notice")
    expect(notice).to_contain_text("It waits to be graded; you may leave this page.")
    expect(alice.locator(".capa-status")).to_have_text("Processing")
    assert violations(alice) == []

    assert watch(site, QUEUE)[0] == "fetched"

    expect(notice).to_have_text(re.compile(r"^Correct \(1/1 point\)"))
    expect(alice.locator(".message")).to_have_text("0 files")
    expect(alice.locator("textarea[name=input_greet_2_1]")).to_have_value("print('hello')")


def test_a_matlab_program_can_be_run_before_it_is_submitted(alice: Page, site: str) -> None:
    alice.goto(f"/courses/{RUN}/jump_to_id/plot")
    alice.locator(".cm-content").wait_for()
    alice.get_by_role("textbox", name="Plot a line.").fill("x = 1")

    alice.get_by_role("button", name="Run code").click()

    expect(alice.locator(".capa-run")).to_have_text("Your program is being run.")
    expect(alice.locator("textarea[name=input_plot_2_1]")).to_have_value("x = 1")
    assert violations(alice) == []

    watch(site, "matlab")

    expect(alice.locator(".capa-run")).to_have_text("0 files")
    expect(alice.get_by_role("button", name="Submit")).to_be_enabled()


def test_a_question_whose_grader_may_not_be_asked_says_whom_to_allow(alice: Page) -> None:
    alice.goto(f"/courses/{RUN}/jump_to_id/out")

    expect(alice.locator(".problem-broken")).to_contain_text("graded by a program at graders.example:8889")
    expect(alice.get_by_role("button", name="Submit")).to_have_count(0)
