"""One site with all problems that have inputs, on which Alice takes the courses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import Command
from tests.browser.inputs import playful, problems
from tests.browser.sites import PATIENCE

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def inputs_site(site: str, lykeion: Command, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the site, with the courses of ``problems`` and ``playful``."""
    for course in (problems, playful):
        lykeion("import", str(course.write_course(tmp_path_factory.mktemp("inputs") / "olx")))
    return site


@pytest.fixture(scope="session")
def enrolled(browser: Browser, inputs_site: str) -> StorageState:
    """The cookies of a browser in which Alice, who is enrolled in both courses, has signed in."""
    with browser.new_context(base_url=inputs_site) as context:
        page = context.new_page()
        page.goto("/account/login/")
        page.locator("input[name=login]").fill("alice")
        page.locator("input[name=password]").fill("alice")
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/dashboard*")
        for run in (problems.RUN, playful.RUN):
            page.goto(f"/courses/{run}/about")
            page.get_by_role("button", name=re.compile("^enrol", re.IGNORECASE)).first.click()
            page.wait_for_url(re.compile("/course/"))
        return context.storage_state()


@pytest.fixture
def opened(browser: Browser, inputs_site: str, enrolled: StorageState) -> Iterator[Visit]:
    """Opens an address as Alice; options are those of a browser context. A script error fails the test."""
    contexts, errors = [], []

    def opened(address: str, **options: object) -> Page:
        context = browser.new_context(base_url=inputs_site, storage_state=enrolled, **options)  # type: ignore[arg-type]  # many types
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def visit(opened: Visit) -> Visit:
    """Opens the unit of one problem of ``problems``."""

    def visit(name: str, **options: object) -> Page:
        page = opened(f"/courses/{problems.RUN}/jump_to_id/{name}", **options)
        page.locator(".problem").wait_for()
        if options.get("java_script_enabled", True):  # the controls stand in front of their field
            expect(page.locator("[data-composed-target=raw]:visible")).to_have_count(0)
        return page

    return visit
