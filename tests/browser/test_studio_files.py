"""Files of an author: uploaded through a bad network and a reload, moved with their links, undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.authoring.test_imagesizes import PNG
from tests.browser.conftest import violations

RUN = "course-v1:Lyk+FILES1+2026"
BASE = f"/studio/course/{RUN}/"


def make_course(page: Page) -> None:
    page.goto("/studio/new")
    for label, value in (("Name", "Files"), ("Organisation", "Lyk"), ("Course number", "FILES1"), ("Run", "2026")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Make the course").click()
    page.wait_for_url(f"**{BASE}")


def test_files_survive_a_bad_network_and_changes_can_be_undone(
    page: Page, log_in: Callable[[str], None], tmp_path: Path
) -> None:
    log_in("root")
    make_course(page)
    page.goto(f"{BASE}files/")
    rows = page.locator("#files-list tbody tr")
    big = tmp_path / "big film.bin"
    big.write_bytes(b"0123456789abcdef" * (10 << 16))
    shot = {"name": "map.png", "mimeType": "image/png", "buffer": PNG}

    # Two parts arrive, then the network goes, and the page is loaded again: it goes on by itself.
    sent: list[str] = []

    def fail_after_one(route: Route) -> None:
        offset = route.request.headers.get("upload-offset")
        if offset is not None:
            sent.append(offset)
        if offset not in (None, "0"):
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/uploads/*", fail_after_one)
    page.locator("input[type=file][multiple]").set_input_files(big)
    expect(page.get_by_text("No network. It goes on by itself.")).to_be_visible()
    page.unroute("**/uploads/*")
    page.reload()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("big_film.bin")
    assert sent[0] == "0"
    assert "0" not in sent[1:]

    # A second file, and once more under its name: the author is asked.
    page.locator("input[type=file][multiple]").set_input_files(shot)  # type: ignore[arg-type]
    expect(rows).to_have_count(2)
    page.locator("input[type=file][multiple]").set_input_files(shot)  # type: ignore[arg-type]
    page.get_by_role("button", name="Keep both").click()
    expect(rows).to_have_count(2)  # the same content is not kept twice
    expect(page.locator("#files-list")).to_contain_text("640")
    expect(page.locator("#files-list")).to_contain_text("Nowhere")
    assert violations(page) == []

    # Moved, found by folder, and undone.
    row = rows.filter(has_text="map.png")
    row.get_by_text("Copy, rename, replace").click()
    row.get_by_label("Folder and name").fill("maps/world.png")
    row.get_by_role("button", name="Rename").click()
    expect(rows.filter(has_text="maps/world.png")).to_have_count(1)
    page.get_by_label("Choose maps/world.png").check()
    page.get_by_role("button", name="Learners only").click()
    expect(rows.filter(has_text="Learners only")).to_have_count(1)
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("No files yet")).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(rows).to_have_count(2)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_course_goes_out_and_in_again_and_is_looked_through(
    page: Page, log_in: Callable[[str], None], tmp_path: Path
) -> None:
    base = "/studio/course/course-v1:Lykeion+LEARN1+demo/"
    log_in("carol")
    page.goto(f"{base}export")
    assert violations(page) == []
    page.get_by_role("button", name="Make an archive").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    archive = tmp_path / download.value.suggested_filename
    download.value.save_as(archive)

    page.goto(f"{base}import")
    assert violations(page) == []
    page.locator("input[type=file]").set_input_files(archive)
    expect(page.get_by_text("Done", exact=True)).to_be_visible()
    page.get_by_role("button", name="Take the import back").click()
    page.wait_for_url(f"**{base}")

    page.goto(f"{base}checks")
    expect(page.get_by_text("A welcome message")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
