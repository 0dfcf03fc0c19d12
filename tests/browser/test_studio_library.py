"""A library and its own pages: files, its team, out as an archive and in again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.authoring.test_imagesizes import PNG
from tests.browser.conftest import violations

BASE = "/studio/course/lib:Lyk:shelf/"


def test_a_library_has_files_and_a_team_and_comes_back_from_its_archive(
    page: Page, log_in: Callable[[str], None], tmp_path: Path
) -> None:
    log_in("root")
    page.goto("/studio/libraries")
    for label, value in (("Name", "Shelf"), ("Organisation", "Lyk"), ("Name in the address", "shelf")):
        page.get_by_label(label, exact=label != "Name in the address").fill(value)
    page.get_by_role("button", name="Make the library").click()
    page.get_by_role("button", name="Unit", exact=True).click()
    page.wait_for_url("**/unit/**")

    # Files, sent in parts by the page.
    page.goto(f"{BASE}files/")
    shot = {"name": "map.png", "mimeType": "image/png", "buffer": PNG}
    page.locator("input[type=file][multiple]").set_input_files(shot)  # type: ignore[arg-type]
    row = page.locator("#files-list tbody tr")
    expect(row).to_contain_text("map.png")
    row.get_by_text("Copy, rename, replace").click()
    expect(row.get_by_role("button", name="Copy link for the library")).to_be_visible()
    expect(row.get_by_text("Copy web address")).to_have_count(0)
    assert violations(page) == []

    # The team: three roles.
    page.get_by_role("link", name="Team").click()
    page.get_by_label("Username or e-mail address").fill("bob")
    page.get_by_label("Reader").check()
    page.get_by_role("button", name="Add to the team").click()
    expect(page.get_by_label("Role of bob")).to_have_value("reader")
    expect(page.get_by_text("Beta tester")).to_have_count(0)
    assert violations(page) == []

    # Out, changed, and in again.
    page.get_by_role("link", name="Items").click()
    page.get_by_role("main").get_by_role("link", name="Export").click()
    page.get_by_role("button", name="Make an archive").click()
    with page.expect_download() as sent:
        page.get_by_role("link", name="Download").click()
    assert sent.value.suggested_filename == "Lyk-shelf.zip"
    archive = tmp_path / "shelf.zip"
    sent.value.save_as(archive)
    page.goto(f"{BASE}items")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Nothing in here yet")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Import").click()
    assert violations(page) == []
    page.locator("main input[type=file]").set_input_files(archive)
    page.get_by_role("link", name="To the items").click()
    expect(page.get_by_role("link", name="New unit")).to_be_visible()
