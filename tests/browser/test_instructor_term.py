"""A teacher's term: thirty enrolled by a file, cohorts, more time, a mistake mended for all, mail, certificates."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import violations
from tests.browser.sites import PATIENCE, serving

RUN = "course-v1:Lyk+Rivers+2026"
SIDE = f"/courses/{RUN}/instructor"
UNIT = f"/courses/{RUN}/jump_to_id/u1"
COURSE = {
    "course.xml": """<course org="Lyk" course="Rivers" url_name="2026" display_name="Rivers">
  <chapter url_name="one" display_name="Springs">
  <sequential url_name="water" display_name="Where rivers begin" format="Homework" graded="true"
    due="2035-01-01T00:00:00Z"><vertical url_name="u1" display_name="The spring"><problem url_name="p1"
      display_name="The longest river"><stringresponse answer="Rhine" type="ci"><label>Its name</label><textline/>
      </stringresponse></problem></vertical></sequential></chapter></course>
""",
    "policies/2026/policy.json": json.dumps(
        {
            "course/2026": {
                "start": "2020-01-01T00:00:00Z",
                "self_paced": True,
                "certificates": {
                    "certificates": [
                        {
                            "is_active": True,
                            "course_title": "The Rivers",
                            "signatories": [{"name": "Bob", "title": "Professor", "organization": "Lyceum"}],
                        }
                    ]
                },
            }
        }
    ),
    "policies/2026/grading_policy.json": json.dumps(
        {
            "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 1.0}],
            "GRADE_CUTOFFS": {"Pass": 0.5},
        }
    ),
}
PUPILS = [f"pupil{number}" for number in range(28)]
LIST = "username,mode\n" + "".join(f"{name},honor\n" for name in ("alice", "dan", *PUPILS, "nobody"))
PEOPLE = f"""
from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.core.keys import parse_run
run = parse_run("{RUN}")
for mode in ("audit", "honor"):
    catalog.set_mode(run, mode)
for name in {PUPILS}:
    accounts.create_person(username=name, email=name + "@example.com", password=None, confirmed=True)
accounts.grant_role(accounts.find_person("bob").id, Role.INSTRUCTOR, run=run)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a course of one problem, whose author holds a wrong answer to be right."""
    course: Path = tmp_path_factory.mktemp("rivers")
    for name, text in COURSE.items():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text)
    before = [["seed"], ["import", str(course)], ["django", "shell", "-c", PEOPLE]]
    with serving(tmp_path_factory.mktemp("term"), before=before) as address:
        yield address


@pytest.fixture
def alice(browser: Browser, site: str) -> Iterator[Page]:
    """A learner's page, on a phone."""
    with browser.new_context(base_url=site, viewport={"width": 390, "height": 844}) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label("Username").fill("alice")
        page.get_by_label("Password", exact=True).fill("alice")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/dashboard*")
        yield page


def test_a_teacher_runs_a_course(page: Page, log_in: Callable[[str], None], alice: Page) -> None:
    log_in("bob")
    _enrols_thirty(page)
    _makes_a_cohort(page)
    _gives_more_time(page)
    alice.goto(UNIT)
    alice.get_by_label("Its name").fill("Nile")
    alice.get_by_role("button", name="Submit").click()
    expect(alice.locator(".problem-notice.incorrect")).to_be_visible()

    _overrides_and_takes_it_back(page)
    _mends_the_problem(page)
    _rescores(page)
    alice.goto(f"/courses/{RUN}/progress")
    expect(alice.locator("main")).to_contain_text("100%")

    _gives_certificates(page)
    _mails_the_cohort(page)
    _makes_a_report(page)
    _shows_it_to_everybody(alice)
    page.goto(f"{SIDE}/log")
    for words in ("Due date given", "All learners rescored", "Override taken back", "Grade overridden"):
        expect(page.locator("main")).to_contain_text(words)


def _enrols_thirty(page: Page) -> None:
    page.goto(f"{SIDE}/learners/list")
    page.get_by_label("Or a CSV file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Something is wrong with 1 line;")).to_be_visible()
    page.get_by_role("button", name="Do it for 30 lines").click()
    expect(page.get_by_text("This was done.")).to_be_visible()


def _makes_a_cohort(page: Page) -> None:
    page.goto(f"{SIDE}/cohorts")
    page.get_by_role("button", name="Switch cohorts on").click()
    page.get_by_label("Name").fill("Mornings")
    page.get_by_role("button", name="Make it").click()
    page.get_by_label("User names or e-mail addresses").fill("alice pupil0 pupil1")
    page.get_by_role("button", name="Put them into it").click()
    page.get_by_role("button", name="Do it for 3 lines").click()
    expect(page.get_by_text("This was done.")).to_be_visible()


def _gives_more_time(page: Page) -> None:
    page.goto(f"{SIDE}/dates")
    page.locator("#learner").fill("dan")
    page.get_by_label("Due (").fill("2036-01-01T12:00")
    page.get_by_role("button", name="Give").click()
    expect(page.get_by_text("dan has until")).to_be_visible()
    expect(page.get_by_role("row", name="dan")).to_contain_text("Where rivers begin")
    assert violations(page) == []


def _overrides_and_takes_it_back(page: Page) -> None:
    page.goto(f"{SIDE}/gradebook")
    assert violations(page) == []
    page.get_by_role("row", name="alice").get_by_role("link", name="0/1").click()
    page.get_by_label("Points, of 1").fill("0.5")
    page.get_by_label("Reason").fill("Told me in the lesson")
    page.get_by_role("button", name="Override").click()
    expect(page.get_by_text("The grade is overridden.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("0 → 0.5: Told me in the lesson")
    page.get_by_role("button", name="Take the override back").click()
    expect(page.get_by_text("The computed grade counts again.")).to_be_visible()
    assert violations(page) == []


def _mends_the_problem(page: Page) -> None:
    page.goto(f"/studio/course/{RUN}/component/problem@p1")
    page.get_by_label("Text", exact=True).fill("Nile")
    page.get_by_role("link", name="Publish the unit").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.locator(".editor-head .badge")).to_have_text("Published")


def _rescores(page: Page) -> None:
    page.goto(f"{SIDE}/work")
    page.get_by_label("Problem", exact=True).select_option(label="The longest river")
    page.locator("form", has=page.get_by_label("Problem", exact=True)).get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("1 learner has done something here.")
    page.get_by_role("radio", name="Rescore", exact=True).check()
    page.get_by_label("Yes, for 1 learner").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#tasks")).to_contain_text("Changed for 1 learner,")
    assert violations(page) == []
    page.goto(f"{SIDE}/gradebook")
    expect(page.get_by_role("row", name="alice")).to_contain_text("1/1")


def _gives_certificates(page: Page) -> None:
    page.goto(f"{SIDE}/certificates")
    page.get_by_role("button", name="Make them").click()
    expect(page.locator("#certificates-progress")).to_contain_text(": 1")
    page.reload()
    expect(page.get_by_role("row", name="alice")).to_be_visible()
    assert violations(page) == []


def _mails_the_cohort(page: Page) -> None:
    page.goto(f"{SIDE}/mail/write")
    page.get_by_label("All learners").uncheck()
    page.get_by_label("Mornings").check()
    page.get_by_label("Subject").fill("The longest river")
    text = page.frame_locator("iframe.tox-edit-area__iframe").locator("body")
    text.click()
    page.keyboard.type("It is the Nile: your points are changed.")
    page.get_by_role("button", name="Look at it before sending").click()
    preview = page.locator("#mail-preview")
    preview.get_by_role("button", name=re.compile(r"^Send it to 3\b")).click()
    expect(page.locator("main")).to_contain_text("3 sent", timeout=20_000)


def _makes_a_report(page: Page) -> None:
    page.goto(f"{SIDE}/reports")
    page.get_by_role("button", name="Make").first.click()
    with page.expect_download() as download:
        page.get_by_role("region", name="Files").get_by_role("link", name="Download").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Username"]: row for row in csv.DictReader(file)}
    assert len(rows) == 30
    assert (rows["alice"]["Grade"], rows["dan"]["Grade"], rows["alice"]["Cohort Name"]) == ("1.0", "0.0", "Mornings")
    assert rows["alice"]["Certificate Delivered"] == "Y"


def _shows_it_to_everybody(alice: Page) -> None:
    alice.goto(f"/courses/{RUN}/progress")
    alice.get_by_role("link", name="certificate").first.click()
    expect(alice.get_by_text("Valid", exact=True)).to_be_visible()
    assert violations(alice) == []
    with alice.expect_download() as download:
        alice.get_by_role("link", name="Download PDF").click()
    assert Path(download.value.path()).read_bytes()[:5] == b"%PDF-"
    address = alice.url
    alice.context.clear_cookies()  # now as anybody who was given the address
    alice.goto(address)
    expect(alice.get_by_text("Valid", exact=True)).to_be_visible()
