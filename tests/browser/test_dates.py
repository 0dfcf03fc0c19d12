"""Shifting one's dates, by hand: Alice is late in a course at her own pace, shifts, and changes her mind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Command, violations

Scheme = Literal["light", "dark"]
RUN = "course-v1:Lyk+Pace+2026"
COURSE = f"/courses/{RUN}"
UNIT = f"{COURSE}/courseware/one/late/1/"
OLX = """<course org="Lyk" course="Pace" url_name="2026" display_name="At your own pace" self_paced="true"
  start="2020-01-01T00:00:00Z"><chapter url_name="one" display_name="Leaves">
  <sequential url_name="late" display_name="Leaf shapes" format="Homework" graded="true" relative_weeks_due="1">
    <vertical url_name="u1" display_name="Oak or ash"><problem url_name="p1" display_name="Which leaf?"><stringresponse
      answer="oak"><label>The tree</label><textline/></stringresponse></problem></vertical></sequential>
  <sequential url_name="soon" display_name="Bark" format="Homework" graded="true" relative_weeks_due="5">
    <vertical url_name="u2" display_name="Rough or smooth"><html url_name="h2">All about bark.</html></vertical>
  </sequential></chapter></course>
"""
ENROL = f"""
from datetime import timedelta
from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
alice = accounts.find_person("alice")
catalog.enrol(alice.id, "{RUN}", mode="audit", at=now() - timedelta(weeks=3), by=alice.id)
"""


@pytest.fixture(scope="module", autouse=True)
def course(lykeion: Command, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A course at one's own pace, in which Alice enrolled three weeks ago."""
    folder = tmp_path_factory.mktemp("pace")
    (folder / "course.xml").write_text(OLX)
    lykeion("import", str(folder))
    lykeion("django", "shell", "-c", ENROL)


@pytest.mark.parametrize("there", [f"{COURSE}/course/", f"{COURSE}/dates", UNIT])
def test_alice_shifts_her_dates_and_undoes_it(page: Page, log_in: Callable[[str], None], there: str) -> None:
    log_in("alice")
    page.goto(there)
    assert violations(page) == []

    page.get_by_role("button", name="Shift my dates").press("Enter")

    done = page.get_by_role("status").filter(has_text="Your dates are shifted")
    expect(done).to_be_visible()
    expect(page.get_by_role("button", name="Shift my dates")).to_have_count(0)
    assert page.url.endswith(there)
    assert violations(page) == []
    done.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Your dates are as they were.")).to_be_visible()
    expect(page.get_by_role("button", name="Shift my dates")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_offer_fits_a_phone_and_a_desk(page: Page, log_in: Callable[[str], None], scheme: Scheme) -> None:
    log_in("alice")
    page.emulate_media(color_scheme=scheme)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{COURSE}/dates")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        height = page.get_by_role("button", name="Shift my dates").bounding_box()["height"]
        assert height >= 44
        assert violations(page) == []


def test_a_closed_problem_takes_answers_once_its_date_is_shifted(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("alice")
    page.goto(UNIT)
    expect(page.get_by_role("button", name="Submit")).to_be_disabled()

    page.get_by_role("button", name="Shift my dates").click()
    page.get_by_label("The tree").fill("oak")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("Correct (1/1 point)")).to_be_visible()
