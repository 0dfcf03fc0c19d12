"""A real site and a real Chromium."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a seeded site, served by ``lykeion up`` on whatever column this run is for."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environ |= {"LYKEION_HOME": str(home), "LYKEION_SITE_URL": address}
    command = [sys.executable, "-m", "lykeion", "up", "--port", str(port), "--demo"]
    log = home / "up.log"
    with log.open("wb") as out, subprocess.Popen(command, env=environ, stdout=out, stderr=out) as process:
        try:
            _wait_for(f"{address}/heartbeat", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (apt install chromium)")
    # Playwright keeps an event loop in this thread; Django, asked by later tests in it, would take itself to be async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh visitor's page on the site; a script error fails the test."""
    with browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(15_000)
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
    """What axe finds wrong on the page, one line each."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the site did not start:\n{log.read_text()[-3000:]}") from None
            time.sleep(0.1)
