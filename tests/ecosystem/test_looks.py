"""Blocks bring colours of their own, made for white pages: on a dark page they are read as easily as on a light one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import AXE
from tests.ecosystem.hosts import Cast, Site

PALE = """async () => (await axe.run("main", {runOnly: ["color-contrast"]})).violations
    .flatMap(rule => rule.nodes.map(node => node.html))"""
GROUND = "block => getComputedStyle(block).backgroundColor"


@pytest.mark.parametrize("unit", ["done", "poll", "survey", "dragging"])
def test_a_dark_page_makes_no_block_harder_to_read(site: Site, cast: Cast, unit: str) -> None:
    page = cast.page("carol", color_scheme="light")
    page.goto(site.unit(unit))
    page.wait_for_load_state("networkidle")
    on_white = pale(page)

    page.emulate_media(color_scheme="dark")

    assert page.locator("html").evaluate(GROUND) == "rgb(20, 23, 26)"
    assert page.locator(".xblock-v1[data-init]").first.evaluate(GROUND) == "rgb(255, 255, 255)"
    assert pale(page) == on_white


def pale(page: Page) -> list[str]:
    """What on the page can hardly be told from its ground."""
    page.add_script_tag(path=str(AXE))
    found: list[str] = page.evaluate(PALE)
    return found
