"""A real site and a real Chromium."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import homes
from tests.browser.sites import PATIENCE, serving

# The shell draws no windows of its own: half the work of the whole browser, which does as well where there is no shell.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STILL = "() => new Promise((done) => setTimeout(done, 400))"  # longer than anything here fades
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A site that deploy/tests/ladder.py put on test hosts, "https://name address": that of a certificate of its own.
GIVEN_SITE = os.environ.get("LYKEION_TEST_SITE", "").split()
if GIVEN_SITE:
    QUIET += [f"--host-resolver-rules=MAP * {GIVEN_SITE[1]}", "--ignore-certificate-errors"]

Command = Callable[..., None]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site keeps what it has."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of a seeded site, which the tests of many files use; or one that is deployed elsewhere."""
    if GIVEN_SITE:
        yield GIVEN_SITE[0]
        return
    with serving(home, before=[["seed"]]) as address:
        yield address


@pytest.fixture(scope="session")
def lykeion(home: Path, site: str) -> Command:
    """Runs ``lykeion COMMAND`` for the site (on embedded defaults). A course costs less here than a site of its own."""
    return partial(homes.at_home, home / "var", LYKEION_SITE_URL=site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (apt install chromium-headless-shell)")
    # Playwright keeps an event loop in this thread; Django, asked by later tests in it, would take itself to be async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        expect.set_options(timeout=PATIENCE)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh visitor's page on the site; a script error fails the test."""
    with browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []


@pytest.fixture
def log_in(page: Page) -> Callable[[str], None]:
    """Logs a demo person in on ``page``."""

    def log_in(username: str) -> None:
        page.goto("/account/login/")
        page.get_by_label(re.compile("username", re.IGNORECASE)).fill(username)
        page.get_by_label("Password", exact=True).fill(username)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/dashboard*")

    return log_in


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page once what moves or fades stands still, one line each."""
    page.evaluate(STILL)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
