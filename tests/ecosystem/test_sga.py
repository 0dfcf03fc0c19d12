"""edx-sga: learners hand in files, staff mark them, an instructor approves, learners read their mark."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ecosystem.hosts import RUN, Cast, Site, hosting

REF = "edx_sga@essay"
UNIT = """<vertical url_name="files"><edx_sga url_name="essay" display_name="Essay" points="20"/></vertical>"""
TEAM = f"""
from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
helper = accounts.create_person(username="hal", email="hal@example.com", password="hal", confirmed=True)
accounts.grant_role(helper.id, Role.STAFF, org="Eco", run="{RUN}")
"""


@pytest.fixture(scope="module")
def essays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, with Hal of the course's staff beside Bob, the instructor."""
    with hosting(tmp_path_factory.mktemp("essays"), units={"files": UNIT}, after=TEAM) as site:
        yield site


@pytest.fixture
def people(browser: Browser, essays: Site) -> Iterator[Cast]:
    """Those who are logged in; a script error fails the test."""
    cast = Cast(browser, essays)
    yield cast
    errors = list(cast.errors)
    cast.close()
    assert errors == []


def hand_in(page: Page, essays: Site, file: Path) -> None:
    """Uploads a file and submits it for good."""
    page.goto(essays.unit("files"))
    with page.expect_response("**/upload_assignment"):
        page.locator("input[name=assignment]").set_input_files(file)
    with page.expect_response("**/finalize_uploaded_assignment"):
        page.get_by_text("Submit", exact=True).click()


def table(page: Page, essays: Site) -> Page:
    """The staff's page with the table of what was handed in."""
    page.goto(essays.unit("files"))
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


def test_the_way_of_an_essay(people: Cast, essays: Site, tmp_path: Path) -> None:
    alice, hal, bob = people.page("alice"), people.page("hal"), people.page("bob")
    essay, notes = tmp_path / "essay.txt", tmp_path / "notes.txt"
    essay.write_text("On virtue, by Alice.")
    notes.write_text("Read this again.")

    hand_in(alice, essays, essay)
    expect(alice.get_by_text("This assignment has not yet been graded.")).to_be_visible()
    assert essays.score("alice", REF) is None

    table(hal, essays)
    with hal.expect_download() as got:
        hal.locator("#submissions").get_by_text("essay.txt").click()
    assert Path(got.value.path()).read_text() == "On virtue, by Alice."
    with hal.expect_response("**/staff_upload_annotated*"):
        hal.locator("input[name=annotated]").set_input_files(notes)
    mark(table(hal, essays), "alice", "15", "Good start")
    expect(hal.locator("#submissions")).to_contain_text("Awaiting instructor approval")
    assert essays.score("alice", REF) is None
    alice.reload()
    expect(alice.get_by_text("This assignment has not yet been graded.")).to_be_visible()

    mark(table(bob, essays), "alice", "17", "Well argued", button="Approve grade")
    expect(bob.locator("#submissions")).to_contain_text("17")
    assert essays.score("alice", REF) == (17.0, 20.0)

    alice.reload()
    expect(alice.get_by_text("Your score is 17 / 20")).to_be_visible()
    expect(alice.get_by_text("Well argued")).to_be_visible()
    with alice.expect_download() as read:
        alice.get_by_text("notes.txt").click()
    assert Path(read.value.path()).read_text() == "Read this again."
    alice.goto(f"/courses/{RUN}/progress")
    expect(alice.get_by_text("17/20", exact=True)).to_be_visible()


def test_a_mark_can_be_taken_away(people: Cast, essays: Site, tmp_path: Path) -> None:
    carol, bob = people.page("carol"), people.page("bob")
    essay = tmp_path / "carol.txt"
    essay.write_text("On vice, by Carol.")
    hand_in(carol, essays, essay)
    mark(table(bob, essays), "carol", "3", "Hm")
    assert essays.score("carol", REF) == (3.0, 20.0)

    table(bob, essays).locator("#submissions tr", has_text="carol").get_by_text("Enter grade").click()
    with bob.expect_response("**/remove_grade*"):
        bob.locator("#remove-grade").click()

    assert essays.score("carol", REF) is None
    carol.reload()
    expect(carol.get_by_text("This assignment has not yet been graded.")).to_be_visible()


def test_all_essays_come_in_one_file(people: Cast, essays: Site) -> None:
    bob = people.page("bob")
    bob.request.get(essays.handler(REF, "prepare_download_submissions"), headers={"X-Requested-With": "XMLHttpRequest"})

    answer = bob.request.get(essays.handler(REF, "download_submissions"))

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
def test_learners_reach_nothing_of_the_staffs(people: Cast, essays: Site, asked: str) -> None:
    dan = people.page("dan")
    rows = "SELECT student_id FROM submissions_studentitem ORDER BY id"
    alice = essays.rows(rows)[0][0]
    before = essays.score("alice", REF)

    answer = dan.request.get(
        essays.handler(REF, asked.format(alice=alice)), headers={"X-Requested-With": "XMLHttpRequest"}
    )

    assert answer.status == 403
    assert "Alice" not in answer.text()
    assert essays.score("alice", REF) == before


def test_a_learner_gets_their_own_file_and_nobody_finds_files_by_address(people: Cast, essays: Site) -> None:
    alice, dan = people.page("alice"), people.page("dan")

    own = alice.request.get(essays.handler(REF, "download_assignment"))
    none = dan.request.get(essays.handler(REF, "download_assignment"))

    assert (own.status, own.text()) == (200, "On virtue, by Alice.")
    assert "Alice" not in none.text()
    kept = [file for file in (essays.home / "var" / "block-files").rglob("*.txt") if "Alice" in file.read_text()]
    assert len(kept) == 1
    path = kept[0].relative_to(essays.home / "var" / "block-files")
    for prefix in ("", "block-files/", "media/", "static/"):
        assert dan.request.get(f"/{prefix}{path}").status == 404


def test_a_mark_above_the_maximum_is_not_kept(people: Cast, essays: Site) -> None:
    bob = people.page("bob")
    table(bob, essays)
    bob.locator("#submissions tr", has_text="carol").get_by_text("Enter grade").click()
    bob.locator("#grade-input").fill("21")
    bob.locator("#enter-grade-form button[type=submit]").click()

    expect(bob.locator("#enter-grade-form .error")).to_contain_text("Maximum score is 20")
    assert essays.score("carol", REF) is None


def test_what_the_team_does_as_a_learner_does_not_reach_the_learner(people: Cast, essays: Site, tmp_path: Path) -> None:
    bob = people.page("bob")
    bob.goto(essays.unit("files"))
    token = bob.evaluate("() => document.cookie.match(/csrftoken=([^;]+)/)[1]")
    headers = {"X-CSRFToken": token, "Referer": essays.address, "X-Requested-With": "XMLHttpRequest"}
    before = essays.rows("SELECT count(*) FROM submissions_submission")
    look = bob.request.post(f"/courses/{RUN}/masquerade", headers=headers, data={"role": "student", "user_name": "dan"})
    assert look.status == 200, look.text()

    sent = bob.request.post(
        essays.handler(REF, "upload_assignment"),
        headers=headers,
        multipart={"assignment": {"name": "false.txt", "mimeType": "text/plain", "buffer": b"not Dan's"}},
    )

    assert sent.status == 403  # files are not kept while somebody looks as a learner
    assert essays.rows("SELECT count(*) FROM submissions_submission") == before
