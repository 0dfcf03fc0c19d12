"""staff-graded-xblock: the team gives points by a file of its own, and learners find them in their grade."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ecosystem.hosts import RUN, Cast, Site, hosting

REF = "staffgradedxblock@points"
UNIT = """<vertical url_name="given"><staffgradedxblock url_name="points" display_name="Essay" weight="10"
  instructions="Bring it *on paper*."/></vertical>"""


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own: every test reads what the one before has given."""
    with hosting(tmp_path_factory.mktemp("points"), units={"given": UNIT}) as site:
        yield site


@pytest.fixture
def people(browser: Browser, points: Site) -> Iterator[Cast]:
    """Those who are logged in; a script error fails the test."""
    cast = Cast(browser, points)
    yield cast
    errors = list(cast.errors)
    cast.close()
    assert errors == []


def exported(bob: Page, points: Site) -> list[dict[str, str]]:
    """The rows of the file that the team gets."""
    answer = bob.request.get(points.handler(REF, "csv_export_handler"))
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


def brought(bob: Page, points: Site, file: Path) -> Page:
    """Bob's page once he has brought the file in."""
    bob.goto(points.unit("given"))
    with bob.expect_response("**/csv_import_handler"):
        bob.locator("input[type=file]").set_input_files(file)
    return bob


def test_a_learner_reads_what_there_is_to_earn(people: Cast, points: Site) -> None:
    alice = people.page("alice")
    alice.goto(points.unit("given"))

    expect(alice.get_by_text("10.0 points possible")).to_be_visible()
    expect(alice.locator("em")).to_have_text("on paper")
    assert alice.locator("input[type=file]").count() == 0


def test_points_of_a_file_are_learners_grades_at_once(people: Cast, points: Site, tmp_path: Path) -> None:
    bob, alice = people.page("bob"), people.page("alice")
    rows = exported(bob, points)
    assert [row["username"] for row in rows] == ["alice", "carol", "dan"]
    given = {"alice": "8", "carol": "6.5"}
    for row in rows:
        row["New Points"] = given.get(row["username"], "")

    brought(bob, points, written(rows, tmp_path))

    assert points.score("alice", REF) == (8.0, 10.0)
    assert points.score("carol", REF) == (6.5, 10.0)
    assert points.score("dan", REF) is None
    assert points.completion("alice", REF) == 1.0
    alice.goto(points.unit("given"))
    expect(alice.get_by_text("8.0 / 10.0 points")).to_be_visible()
    alice.goto(f"/courses/{RUN}/progress")
    expect(alice.get_by_text("8/10", exact=True)).to_be_visible()
    again = {row["username"]: row for row in exported(bob, points)}
    assert (again["alice"]["Previous Points"], again["alice"]["who_last_graded"]) == ("8.0", "bob")
    assert again["dan"]["Previous Points"] == ""


def test_points_above_the_maximum_are_refused(people: Cast, points: Site, tmp_path: Path) -> None:
    bob = people.page("bob")
    rows = exported(bob, points)
    for row in rows:
        row["New Points"] = "11" if row["username"] == "dan" else ""

    brought(bob, points, written(rows, tmp_path))

    assert points.score("dan", REF) is None


def test_learners_get_no_file_and_bring_none(people: Cast, points: Site) -> None:
    alice = people.page("alice")
    alice.goto(points.unit("given"))
    token = alice.evaluate("() => document.cookie.match(/csrftoken=([^;]+)/)[1]")
    before = points.rows("SELECT user_id, raw_earned FROM grades_blockscore ORDER BY user_id")

    asked = alice.request.get(points.handler(REF, "csv_export_handler"))
    sent = alice.request.post(
        points.handler(REF, "csv_import_handler"),
        headers={"X-CSRFToken": token, "Referer": points.address},
        multipart={"csv": {"name": "p.csv", "mimeType": "text/csv", "buffer": b"user_id,New Points\n1,10\n"}},
    )

    assert (asked.status, sent.status) == (403, 403)
    assert points.rows("SELECT user_id, raw_earned FROM grades_blockscore ORDER BY user_id") == before
    assert "carol" not in asked.text()


def test_the_grade_service_of_the_package_is_not_open_to_anybody(people: Cast, points: Site) -> None:
    assert people.page("dan").request.get(f"/api/bulk_grades/course/{RUN}/").status == 404


def test_a_file_may_be_of_one_cohort_and_says_who_is_in_which(people: Cast, points: Site) -> None:
    points.run("cohort", "create", RUN, "Larks")
    points.run("cohort", "add", RUN, "Larks", "alice")
    points.run("cohort", "switch", RUN, "on")
    bob = people.page("bob")

    everybody = exported(bob, points)
    bob.goto(points.unit("given"))
    larks = bob.request.get(f"{points.handler(REF, 'csv_export_handler')}?cohort=Larks")

    cohorts = {row["username"]: row["cohort"] for row in everybody}
    assert (cohorts["alice"], cohorts["dan"]) == ("Larks", "")
    assert [row["username"] for row in csv.DictReader(io.StringIO(larks.text()))] == ["alice"]
    assert bob.locator("option", has_text="Larks").count() == 1
