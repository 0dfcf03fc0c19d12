"""Problems with Python of their author, on the pages of a real site: variants, graders, modules, slips."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import violations
from tests.browser.sites import PATIENCE, serving

RUN = "course-v1:Scripts+S1+R"
GRADER = """<script type="loncapa/python">
import judge
n = random.randint(10, 99)
def check(expect, ans):
    return {"ok": judge.is_double(n, ans), "msg": "of " + str(n)}
</script><p id="asked">Twice $n?</p>
<customresponse cfn="check" expect="$n"><label>Your number</label><textline/></customresponse>"""
BROKEN = """<script>def check(expect, ans): return 1 / 0</script>
<customresponse cfn="check"><label>Anything</label><textline/></customresponse>"""
ENDLESS = """<script>def check(expect, ans):
    while True: pass
</script><customresponse cfn="check"><label>Anything</label><textline/></customresponse>"""


def _course(folder: Path) -> None:
    problems = {"double": GRADER, "broken": BROKEN, "endless": ENDLESS}
    (folder / "problem").mkdir(parents=True)
    (folder / "static").mkdir()
    blocks = "".join(f'<vertical url_name="u_{name}"><problem url_name="{name}"/></vertical>' for name in problems)
    (folder / "course.xml").write_text(
        '<course url_name="R" org="Scripts" course="S1" display_name="Scripts" start="2020-01-01T00:00:00Z">'
        f'<chapter url_name="chapter"><sequential url_name="all">{blocks}</sequential></chapter></course>'
    )
    for name, xml in problems.items():
        text = f'<problem display_name="{name}" max_attempts="3" rerandomize="per_student">{xml}</problem>'
        (folder / "problem" / f"{name}.xml").write_text(text)
    with zipfile.ZipFile(folder / "static" / "python_lib.zip", "w") as library:
        library.writestr("judge.py", "def is_double(n, answer):\n    return float(answer) == 2 * n\n")


@pytest.fixture(scope="module")
def scripts_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a course of such problems."""
    folder = tmp_path_factory.mktemp("scripts")
    _course(folder / "course")
    before = [["seed"], ["import", str(folder / "course")]]
    with serving(folder, before=before, LYKEION_SANDBOX_SECONDS="1") as address:
        yield address


@pytest.fixture
def page(browser: Browser, scripts_site: str) -> Iterator[Page]:
    """Alice, who takes the course."""
    with browser.new_context(base_url=scripts_site, viewport={"width": 390, "height": 844}) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label(re.compile("username", re.IGNORECASE)).fill("alice")
        page.get_by_label("Password", exact=True).fill("alice")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/dashboard*")
        page.goto(f"/courses/{RUN}/about")
        enrol = page.get_by_role("button", name=re.compile("enrol", re.IGNORECASE))
        if enrol.count():
            enrol.first.click()
            page.wait_for_load_state()
        yield page


@pytest.fixture
def unit(page: Page) -> Callable[[str], None]:
    """Opens the unit of a problem."""
    return lambda name: page.goto(f"/courses/{RUN}/jump_to_id/u_{name}") and None


def test_a_learner_gets_a_variant_and_the_authors_verdict(page: Page, unit: Callable[[str], None]) -> None:
    unit("double")
    asked = page.locator("#asked").inner_text()
    number = int(re.findall(r"\d+", asked)[0])

    page.get_by_label("Your number").fill("1")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".capa-status")).to_have_text("Incorrect")
    expect(page.locator(".message")).to_have_text(f"of {number}")
    page.get_by_label("Your number").fill(str(2 * number))
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".capa-status")).to_have_text("Correct")

    assert violations(page) == []
    page.reload()
    assert page.locator("#asked").inner_text() == asked
    expect(page.get_by_text("You have used 2 of 3 attempts")).to_be_visible()


def test_an_authors_slip_in_a_grader_is_told_and_costs_no_attempt(page: Page, unit: Callable[[str], None]) -> None:
    unit("broken")

    page.get_by_label("Anything").fill("x")
    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".problem-notice")).to_contain_text("division by zero")
    expect(page.get_by_text("You have used 0 of 3 attempts")).to_be_visible()
    expect(page.get_by_label("Anything")).to_have_value("x")


def test_endless_code_of_an_author_is_ended_and_costs_no_attempt(page: Page, unit: Callable[[str], None]) -> None:
    unit("endless")

    page.get_by_label("Anything").fill("x")
    page.get_by_role("button", name="Submit").click()

    expect(page.locator(".problem-notice")).to_contain_text(re.compile("time|long"))
    expect(page.get_by_text("You have used 0 of 3 attempts")).to_be_visible()
