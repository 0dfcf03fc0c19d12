"""edx-sga: learners hand in files, staff mark them, an instructor approves, learners read their mark."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import RUN, Cast, Site

REF = "edx_sga@essay"


def hand_in(page: Page, site: Site, file: Path) -> None:
    """Uploads a file and submits it for good."""
    page.goto(site.unit("files"))
    with page.expect_response("**/upload_assignment"):
        page.locator("input[name=assignment]").set_input_files(file)
    with page.expect_response("**/finalize_uploaded_assignment"):
        page.get_by_text("Submit", exact=True).click()


def table(page: Page, site: Site) -> Page:
    """The staff's page with the table of what was handed in."""
    page.goto(site.unit("files"))
    with page.expect_response("**/get_staff_grading_data"):
        page.get_by_text("Grade Submissions").click()
    expect(page.locator("#submissions tbody tr").first).to_be_visible()
    return page


def mark(page: Page, username: str, points: str, comment: str, *, button: str = "Enter grade") -> None:
    """Enters a mark in the row of ``username``."""
    page.locator("#submissions tr", has_text=username).get_by_text(button).click()
    page.locator("#grade-input").fill(points)
    page.locator("#comment-input").fill(comment)
    with page.expect_response("**/enter_grade"):
        page.locator("#enter-grade-form button[type=submit]").click()


def test_the_way_of_an_essay(cast: Cast, site: Site, tmp_path: Path) -> None:
    alice, hal, bob = cast.page("alice"), cast.page("hal"), cast.page("bob")
    essay, notes = tmp_path / "essay.txt", tmp_path / "notes.txt"
    essay.write_text("On virtue, by Alice.")
    notes.write_text("Read this again.")

    hand_in(alice, site, essay)
    expect(alice.get_by_text("This assignment has not yet been graded.")).to_be_visible()
    assert site.score("alice", REF) is None

    table(hal, site)
    with hal.expect_download() as got:
        hal.locator("#submissions").get_by_text("essay.txt").click()
    assert Path(got.value.path()).read_text() == "On virtue, by Alice."
    with hal.expect_response("**/staff_upload_annotated*"):
        hal.locator("input[name=annotated]").set_input_files(notes)
    mark(table(hal, site), "alice", "15", "Good start")
    expect(hal.locator("#submissions")).to_contain_text("Awaiting instructor approval")
    assert site.score("alice", REF) is None
    alice.reload()
    expect(alice.get_by_text("This assignment has not yet been graded.")).to_be_visible()

    mark(table(bob, site), "alice", "17", "Well argued", button="Approve grade")
    expect(bob.locator("#submissions")).to_contain_text("17")
    assert site.score("alice", REF) == (17.0, 20.0)

    alice.reload()
    expect(alice.get_by_text("Your score is 17 / 20")).to_be_visible()
    expect(alice.get_by_text("Well argued")).to_be_visible()
    with alice.expect_download() as read:
        alice.get_by_text("notes.txt").click()
    assert Path(read.value.path()).read_text() == "Read this again."
    alice.goto(f"/courses/{RUN}/progress")
    expect(alice.get_by_text("17/20", exact=True)).to_be_visible()


def test_a_mark_can_be_taken_away(cast: Cast, site: Site, tmp_path: Path) -> None:
    carol, bob = cast.page("carol"), cast.page("bob")
    essay = tmp_path / "carol.txt"
    essay.write_text("On vice, by Carol.")
    hand_in(carol, site, essay)
    mark(table(bob, site), "carol", "3", "Hm")
    assert site.score("carol", REF) == (3.0, 20.0)

    table(bob, site).locator("#submissions tr", has_text="carol").get_by_text("Enter grade").click()
    with bob.expect_response("**/remove_grade*"):
        bob.locator("#remove-grade").click()

    assert site.score("carol", REF) is None
    carol.reload()
    expect(carol.get_by_text("This assignment has not yet been graded.")).to_be_visible()


def test_all_site_come_in_one_file(cast: Cast, site: Site) -> None:
    bob = cast.page("bob")
    bob.request.get(site.handler(REF, "prepare_download_submissions"), headers={"X-Requested-With": "XMLHttpRequest"})

    answer = bob.request.get(site.handler(REF, "download_submissions"))

    names = zipfile.ZipFile(io.BytesIO(answer.body())).namelist()
    assert sorted(name.partition("_")[0] for name in names) == ["alice", "carol"]


@pytest.mark.parametrize(
    "asked",
    [
        "staff_download?student_id={alice}",
        "staff_download_annotated?module_id=1",
        "get_staff_grading_data",
        "download_submissions",
        "prepare_download_submissions",
        "remove_grade?module_id=1&student_id={alice}",
        "enter_grade?module_id=1&grade=20",
    ],
)
def test_learners_reach_nothing_of_the_staffs(cast: Cast, site: Site, asked: str) -> None:
    dan = cast.page("dan")
    rows = "SELECT student_id FROM submissions_studentitem WHERE item_id LIKE '%essay' ORDER BY id"
    alice = site.rows(rows)[0][0]
    before = site.score("alice", REF)

    answer = dan.request.get(
        site.handler(REF, asked.format(alice=alice)), headers={"X-Requested-With": "XMLHttpRequest"}
    )

    assert answer.status == 403
    assert "Alice" not in answer.text()
    assert site.score("alice", REF) == before


def test_a_learner_gets_their_own_file_and_nobody_finds_files_by_address(cast: Cast, site: Site) -> None:
    alice, dan = cast.page("alice"), cast.page("dan")

    own = alice.request.get(site.handler(REF, "download_assignment"))
    none = dan.request.get(site.handler(REF, "download_assignment"))

    assert (own.status, own.text()) == (200, "On virtue, by Alice.")
    assert "Alice" not in none.text()
    kept = [file for file in (site.home / "var" / "block-files").rglob("*.txt") if "Alice" in file.read_text()]
    assert len(kept) == 1
    path = kept[0].relative_to(site.home / "var" / "block-files")
    for prefix in ("", "block-files/", "media/", "static/"):
        assert dan.request.get(f"/{prefix}{path}").status == 404


def test_a_mark_above_the_maximum_is_not_kept(cast: Cast, site: Site) -> None:
    bob = cast.page("bob")
    table(bob, site)
    bob.locator("#submissions tr", has_text="carol").get_by_text("Enter grade").click()
    bob.locator("#grade-input").fill("21")
    bob.locator("#enter-grade-form button[type=submit]").click()

    expect(bob.locator("#enter-grade-form .error")).to_contain_text("Maximum score is 20")
    assert site.score("carol", REF) is None


def test_what_the_team_does_as_a_learner_does_not_reach_the_learner(cast: Cast, site: Site, tmp_path: Path) -> None:
    bob = cast.page("bob")
    bob.goto(site.unit("files"))
    token = bob.evaluate("() => document.cookie.match(/csrftoken=([^;]+)/)[1]")
    headers = {"X-CSRFToken": token, "Referer": site.address, "X-Requested-With": "XMLHttpRequest"}
    before = site.rows("SELECT count(*) FROM submissions_submission")
    look = bob.request.post(f"/courses/{RUN}/masquerade", headers=headers, data={"role": "student", "user_name": "dan"})
    assert look.status == 200, look.text()

    sent = bob.request.post(
        site.handler(REF, "upload_assignment"),
        headers=headers,
        multipart={"assignment": {"name": "false.txt", "mimeType": "text/plain", "buffer": b"not Dan's"}},
    )

    bob.request.post(f"/courses/{RUN}/masquerade", headers=headers, data={"role": "staff"})
    assert sent.status == 403  # files are not kept while somebody looks as a learner
    assert site.rows("SELECT count(*) FROM submissions_submission") == before
