"""staff-graded-xblock: the team gives points by a file of its own, and learners find them in their grade."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import RUN, Cast, Site

REF = "staffgradedxblock@points"


def exported(bob: Page, site: Site) -> list[dict[str, str]]:
    """The rows of the file that the team gets."""
    answer = bob.request.get(site.handler(REF, "csv_export_handler"))
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO(answer.text())))


def written(rows: list[dict[str, str]], folder: Path) -> Path:
    """``rows`` as a file."""
    file = folder / "points.csv"
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return file


def brought(bob: Page, site: Site, file: Path) -> Page:
    """Bob's page once he has brought the file in."""
    bob.goto(site.unit("given"))
    with bob.expect_response("**/csv_import_handler"):
        bob.locator("input[type=file]").set_input_files(file)
    return bob


def test_a_learner_reads_what_there_is_to_earn(cast: Cast, site: Site) -> None:
    alice = cast.page("alice")
    alice.goto(site.unit("given"))

    expect(alice.get_by_text("10.0 points possible")).to_be_visible()
    expect(alice.locator("em")).to_have_text("on paper")
    assert alice.locator("input[type=file]").count() == 0


def test_points_of_a_file_are_learners_grades_at_once(cast: Cast, site: Site, tmp_path: Path) -> None:
    bob, alice = cast.page("bob"), cast.page("alice")
    rows = exported(bob, site)
    assert [row["username"] for row in rows] == ["alice", "carol", "dan"]
    given = {"alice": "8", "carol": "6.5"}
    for row in rows:
        row["New Points"] = given.get(row["username"], "")

    brought(bob, site, written(rows, tmp_path))

    assert site.score("alice", REF) == (8.0, 10.0)
    assert site.score("carol", REF) == (6.5, 10.0)
    assert site.score("dan", REF) is None
    assert site.completion("alice", REF) == 1.0
    alice.goto(site.unit("given"))
    expect(alice.get_by_text("8.0 / 10.0 points")).to_be_visible()
    alice.goto(f"/courses/{RUN}/progress")
    expect(alice.get_by_text("8/10", exact=True)).to_be_visible()
    again = {row["username"]: row for row in exported(bob, site)}
    assert (again["alice"]["Previous Points"], again["alice"]["who_last_graded"]) == ("8.0", "bob")
    assert again["dan"]["Previous Points"] == ""


def test_points_above_the_maximum_are_refused(cast: Cast, site: Site, tmp_path: Path) -> None:
    bob = cast.page("bob")
    rows = exported(bob, site)
    for row in rows:
        row["New Points"] = "11" if row["username"] == "dan" else ""

    brought(bob, site, written(rows, tmp_path))

    assert site.score("dan", REF) is None


def test_learners_get_no_file_and_bring_none(cast: Cast, site: Site) -> None:
    alice = cast.page("alice")
    alice.goto(site.unit("given"))
    token = alice.evaluate("() => document.cookie.match(/csrftoken=([^;]+)/)[1]")
    before = site.rows("SELECT user_id, raw_earned FROM grades_blockscore ORDER BY user_id")

    asked = alice.request.get(site.handler(REF, "csv_export_handler"))
    sent = alice.request.post(
        site.handler(REF, "csv_import_handler"),
        headers={"X-CSRFToken": token, "Referer": site.address},
        multipart={"csv": {"name": "p.csv", "mimeType": "text/csv", "buffer": b"user_id,New Points\n1,10\n"}},
    )

    assert (asked.status, sent.status) == (403, 403)
    assert site.rows("SELECT user_id, raw_earned FROM grades_blockscore ORDER BY user_id") == before
    assert "carol" not in asked.text()


def test_the_grade_service_of_the_package_is_not_open_to_anybody(cast: Cast, site: Site) -> None:
    assert cast.page("dan").request.get(f"/api/bulk_grades/course/{RUN}/").status == 404


def test_a_file_may_be_of_one_cohort_and_says_who_is_in_which(cast: Cast, site: Site) -> None:
    site.run("cohort", "create", RUN, "Larks")
    site.run("cohort", "add", RUN, "Larks", "alice")
    site.run("cohort", "switch", RUN, "on")
    bob = cast.page("bob")

    everybody = exported(bob, site)
    bob.goto(site.unit("given"))
    larks = bob.request.get(f"{site.handler(REF, 'csv_export_handler')}?cohort=Larks")

    cohorts = {row["username"]: row["cohort"] for row in everybody}
    assert (cohorts["alice"], cohorts["dan"] in ("", "Default Group")) == ("Larks", True)
    assert [row["username"] for row in csv.DictReader(io.StringIO(larks.text()))] == ["alice"]
    assert bob.locator("option", has_text="Larks").count() == 1
