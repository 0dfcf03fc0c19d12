"""acid, XBlock's own compliance block, unchanged, nested, with its aside, on the real pages of a real site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests.browser.sites import PATIENCE, serving

RUN = "course-v1:Acid+A1+R"
COURSE = """<course url_name="R" org="Acid" course="A1" display_name="Acid" start="2020-01-01T00:00:00Z">
  <chapter url_name="chapter"><sequential url_name="subsection"><vertical url_name="unit">
    <acid_parent url_name="parent" name="parent">
      <acid url_name="left" name="left"/>
      <acid url_name="right" name="right"/>
      <acid_parent url_name="inner" name="inner"><acid url_name="deep" name="deep"/></acid_parent>
    </acid_parent>
    <acid url_name="alone"/>
  </vertical></sequential></chapter>
</course>"""
FALSE_FAILURES = [("acid_aside of inner", "acid-dom"), ("acid_aside of parent", "acid-dom")]
"""acid compares the type of the block beside its aside with ``acid``: around ``acid_parent`` that fails anywhere."""


@pytest.fixture(scope="module")
def acid_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with asides switched on and one course full of acid."""
    home = tmp_path_factory.mktemp("acid")
    (home / "course").mkdir()
    (home / "course" / "course.xml").write_text(COURSE)
    commands = [["seed"], ["import", str(home / "course")]]
    with serving(home, before=commands, LYKEION_ASIDES="acid_aside") as address:
        yield address


@pytest.fixture
def alice(browser: Browser, acid_site: str) -> Iterator[Page]:
    """Alice, enrolled."""
    yield from entered(browser, acid_site)


def entered(browser: Browser, acid_site: str) -> Iterator[Page]:
    """Alice's page, enrolled; nothing is fetched from elsewhere, and a script error fails the test."""
    with browser.new_context(base_url=acid_site) as context:
        context.set_default_timeout(PATIENCE)
        context.route(lambda url: not url.startswith(acid_site), lambda route: route.abort())
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/account/login/")
        page.get_by_label(re.compile("username", re.IGNORECASE)).fill("alice")
        page.get_by_label("Password", exact=True).fill("alice")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/dashboard*")
        page.goto(f"/courses/{RUN}/about")
        enrol = page.get_by_role("button", name=re.compile("enrol", re.IGNORECASE))
        if enrol.count():
            enrol.first.click()
            page.wait_for_url(re.compile("/course/"))
        yield page
        assert errors == []


def test_every_check_of_acid_passes(alice: Page) -> None:
    alice.goto(f"/courses/{RUN}/jump_to_id/parent")
    alice.wait_for_load_state("networkidle")

    found = marks(alice)

    assert Counter(mark for _, _, mark in found) == {"pass": 224, "fail": 2}
    assert sorted((block, check) for block, check, mark in found if mark != "pass") == FALSE_FAILURES


def marks(page: Page | Frame) -> list[tuple[str, str, str]]:
    """(block, check, mark) of everything that acid has marked, or has left unmarked."""
    found = page.evaluate(
        """() => [...document.querySelectorAll("main i.fa-lg")].map(mark => {
            const around = mark.closest("[data-block-type]").dataset;
            return [around.usageId, mark.parentElement.className, mark.className.split(" ").pop()];
        })"""
    )
    return [(_named(usage), check, mark) for usage, check, mark in found]


def _named(usage: str) -> str:
    block_id = usage.partition("::")[0].rpartition("@")[2]
    return f"acid_aside of {block_id}" if "::" in usage else block_id
