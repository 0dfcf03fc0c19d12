"""An author's whole way: a course with every type of component from nothing, published, passed by a learner, changed,
published anew, an old version restored, exported, and imported on a second site with the same ids."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import violations
from tests.browser.sites import PATIENCE
from tests.browser.test_studio_outline import choose, row
from tests.homes import LYKEION

RUN = "course-v1:Lykeion+WATER+term"
STUDIO = f"/studio/course/{RUN}/"
ERROR = 3  # what olxcleaner calls an error
NAMES = {"Name": "Waters", "Organisation": "Lykeion", "Course number": "WATER", "Run": "term"}


def made(page: Page) -> None:
    """A new course that has begun."""
    page.goto("/studio/new")
    for label, value in NAMES.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Make the course").click()
    page.wait_for_url(f"**{STUDIO}")
    page.goto(f"{STUDIO}schedule")
    page.get_by_label("Course starts").fill("2020-01-01T09:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def back_to_unit(page: Page) -> None:
    page.get_by_role("link", name="Back to the unit").click()
    page.wait_for_url("**/unit/*", wait_until="commit")


def text_added(page: Page, words: str) -> None:
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator("#editor-form[data-ready=visual]")).to_be_visible()
    page.frame_locator(".tox-edit-area iframe").locator("body").fill(words)
    expect(page.locator(".editor-said")).to_have_text("Saved")
    back_to_unit(page)


def problem_added(page: Page) -> None:
    page.get_by_role("button", name="Problem", exact=True).click()
    page.get_by_role("button", name=re.compile("^Numerical input ")).click()
    page.get_by_role("link", name="Try it").wait_for()
    page.get_by_label("What is asked").fill("How many oceans are there?")
    page.get_by_label("Number").fill("5")
    expect(page.locator(".editor-said")).to_have_text("Saved")
    back_to_unit(page)


def all_kinds_added(page: Page, unit: str) -> int:
    """One component of every further type that is offered; how many."""
    page.goto(f"{unit}/more")
    kinds = [str(kind.get_attribute("value")) for kind in page.locator(".unit-kinds input[name=kind]").all()]
    others = [kind for kind in kinds if kind not in ("html", "problem")]
    for kind in others:
        page.goto(f"{unit}/more")
        page.locator(f".unit-kinds form:has(input[value='{kind}']) button").click()
        page.wait_for_url(re.compile("/(unit|component)/"))
    return len(others)


def published(page: Page) -> None:
    page.goto(STUDIO)
    page.get_by_role("button", name="Publish everything").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_course_from_nothing_to_a_second_site(
    page: Page, browser: Browser, site: str, log_in: Callable[[str], None], tmp_path: Path
) -> None:
    page.set_default_timeout(PATIENCE)
    log_in("root")  # who may make courses
    made(page)

    # The outline, and a unit with everything in it
    page.goto(STUDIO)
    page.get_by_role("button", name="Unit in a new section").click()
    expect(row(page, "New unit").locator("a")).to_be_focused()
    choose(page, "New subsection", "Settings …")
    page.get_by_role("dialog").get_by_label("Graded as").select_option("Homework")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    row(page, "New unit").locator("a").click()
    page.wait_for_url("**/unit/*")
    unit = page.url
    text_added(page, "Rivers run.")
    problem_added(page)
    others = all_kinds_added(page, unit)
    page.goto(unit)
    expect(page.locator(".unit-cards > .unit-card")).to_have_count(2 + others)
    assert violations(page) == []
    published(page)

    # A learner passes
    with browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}) as context:
        learner = context.new_page()
        learner.set_default_timeout(PATIENCE)
        learner.goto(f"/account/login/?next=/courses/{quote(RUN)}/about")
        learner.get_by_label(re.compile("username", re.IGNORECASE)).fill("alice")
        learner.get_by_label("Password", exact=True).fill("alice")
        learner.get_by_role("button", name="Sign in").click()
        learner.get_by_role("button", name=re.compile("Enrol")).first.click()
        learner.goto(f"/courses/{RUN}/jump_to_id/{unit.rpartition('@')[2]}")
        expect(learner.get_by_text("Rivers run.")).to_be_visible()
        learner.get_by_label("How many oceans are there?").fill("5")
        learner.locator(".problem").filter(has_text="oceans").get_by_role("button", name="Submit").click()
        expect(learner.locator(".problem-notice.correct").first).to_be_visible()
        learner.goto(f"/courses/{RUN}/progress")
        expect(learner.get_by_text(re.compile("Homework 1.*100%")).first).to_be_attached()

        # The author changes the text and publishes it: the learner has it at once
        page.goto(unit)
        page.get_by_role("link", name=re.compile("^Edit “Text”")).first.click()
        expect(page.locator("#editor-form[data-ready=visual]")).to_be_visible()
        page.frame_locator(".tox-edit-area iframe").locator("body").fill("Rivers flow.")
        expect(page.locator(".editor-said")).to_have_text("Saved")
        page.get_by_role("link", name="Publish the unit").click()
        page.get_by_role("dialog").get_by_role("button", name="Publish").click()
        expect(page.locator(".editor-head .badge")).to_have_text("Published")
        learner.goto(f"/courses/{RUN}/jump_to_id/{unit.rpartition('@')[2]}")
        expect(learner.get_by_text("Rivers flow.")).to_be_visible()

        # and goes back to how the unit was before
        page.goto(f"{STUDIO}history?ref={unit.rpartition('/')[2]}")
        publishes = page.locator(".tree-past > li").filter(has=page.locator(".badge-good"))
        publishes.nth(1).get_by_role("link", name=re.compile("Look at this version")).click()
        page.get_by_role("button", name="Go back to this version").click()
        published(page)
        learner.reload()
        expect(learner.get_by_text("Rivers run.")).to_be_visible()

    # It leaves, and comes in on another site as it is
    page.goto(f"{STUDIO}export")
    page.get_by_role("button", name="Make an archive").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download")).click()
    archive = tmp_path / "waters.tar.gz"
    download.value.save_as(archive)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LYKEION_")}
    environ = {**environ, "LYKEION_HOME": str(tmp_path / "second")}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    for command in (["django", "migrate", "-v", "0"], ["import", str(archive)], ["export", RUN, "-o", "again.tar.gz"]):
        subprocess.run([*LYKEION, *command], env=environ, check=True, timeout=240, cwd=tmp_path)
    assert files(tmp_path / "again.tar.gz") == files(archive)
    cleaned(archive, tmp_path / "clean")


def files(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        members = [member for member in tar.getmembers() if member.isfile()]
        return {member.name.partition("/")[2]: tar.extractfile(member).read() for member in members}  # type: ignore[union-attr]


def cleaned(archive: Path, folder: Path) -> None:
    """olxcleaner finds no error in the archive, but for types of components that it has never heard of."""
    from olxcleaner import validate

    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    [top] = folder.iterdir()
    _, found, _ = validate(str(top / "course.xml"), 1, [], None)
    errors = [(type(e).__name__, e._description) for e in found.errors if e._level.value >= ERROR]
    assert [words for kind, words in errors if kind != "UnexpectedTag"] == []
