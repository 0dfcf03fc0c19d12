"""A teacher orders reports, sees them made, and takes the files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import violations

COURSE = "/courses/course-v1:Lykeion+LEARN1+demo"


def test_reports_are_ordered_made_and_downloaded(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("root")
    page.goto(f"{COURSE}/instructor/reports")
    expect(page.get_by_text("No report was made yet")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("combobox", name="Format of: Grade report").select_option("xlsx")
    page.get_by_role("button", name="Make").first.press("Enter")

    files = page.get_by_role("region", name="Files")
    link = files.get_by_role("link", name="Download")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.startswith("Lykeion_LEARN1_demo_grade_report_")
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    assert violations(page) == []
    _shots(page, "reports")

    page.get_by_role("link", name="Choose parts of the course").click()
    page.get_by_label("The whole course").check()
    page.locator(".report-section summary").first.press("Enter")
    assert violations(page) == []
    _shots(page, "answers")
    page.get_by_role("button", name="Make the report").click()
    expect(files.get_by_role("link", name="Download")).to_have_count(2)


def _shots(page: Page, name: str) -> None:
    folder = os.environ.get("SHOTS")
    for width, scheme in ((390, "dark"), (1280, "light")) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
