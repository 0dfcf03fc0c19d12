"""A teacher at work on grades: an override, a mistake in a problem mended for everybody, more time for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import violations
from tests.browser.sites import serving

RUN = "course-v1:Lyk+Rivers+2026"
SIDE = f"/courses/{RUN}/instructor"
UNIT = f"/courses/{RUN}/courseware/one/water/1/"
OLX = """<course org="Lyk" course="Rivers" url_name="2026" display_name="Rivers" start="2020-01-01T00:00:00Z">
  <chapter url_name="one" display_name="Springs">
  <sequential url_name="water" display_name="Where rivers begin" format="Homework" graded="true"
    due="2035-01-01T00:00:00Z"><vertical url_name="u1" display_name="The spring"><problem url_name="p1"
      display_name="The longest river"><stringresponse answer="{answer}"><label>Its name</label><textline/>
      </stringresponse></problem></vertical></sequential></chapter></course>
"""
PEOPLE = f"""
from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
for name in ("alice", "dan"):
    person = accounts.find_person(name)
    catalog.enrol(person.id, "{RUN}", at=now(), by=person.id)
accounts.grant_role(accounts.find_person("bob").id, Role.INSTRUCTOR, run="{RUN}")
"""
ANSWER = """
from webob import Request
from lykeion.accounts.models import User
from lykeion.core.clock import now
from lykeion.core.keys import parse_run
from lykeion.courseware import api as courseware
visitor = courseware.enter(User.objects.get(username="alice"), parse_run("{run}"), now())
form = Request.blank("/", method="POST", POST={"input_p1_2_1": "Nile"})
assert courseware.handle(visitor, "problem@p1", "xmodule_handler", "problem_check", form).status == 200
"""
MEND = """
from pathlib import Path
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import parse_run
content.import_course(Path("{folder}"), run=parse_run("{run}"), author="carol", at=now(), progress=lambda *_: None)
"""


def written(folder: Path, answer: str) -> Path:
    """The course in ``folder``, with ``answer`` as the right one."""
    folder.mkdir()
    (folder / "course.xml").write_text(OLX.replace("{answer}", answer))
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a course of one problem, whose right answer is wrong until alice has answered: then it is mended."""
    home = tmp_path_factory.mktemp("rivers")
    wrong, right = written(home / "wrong", "Rhine"), written(home / "right", "Nile")
    code = (PEOPLE + ANSWER + MEND).replace("{folder}", str(right)).replace("{run}", RUN)
    before = [["seed"], ["import", str(wrong)], ["django", "shell", "-c", code]]
    with serving(tmp_path_factory.mktemp("grades"), before=before) as address:
        yield address


def test_a_teacher_mends_grades(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("bob")
    page.goto(f"{SIDE}/gradebook")
    assert violations(page) == []
    row = page.get_by_role("row", name="alice")
    expect(row).to_contain_text("0/1")

    row.get_by_role("link", name="0/1").click()
    page.get_by_label("Points, of 1").fill("0.5")
    page.get_by_label("Reason").fill("Told me in the lesson")
    page.get_by_role("button", name="Override").click()
    expect(page.get_by_text("The grade is overridden.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("0 → 0.5: Told me in the lesson")
    page.get_by_role("button", name="Take the override back").click()
    expect(page.get_by_text("The computed grade counts again.")).to_be_visible()
    assert violations(page) == []

    page.goto(f"{SIDE}/work")
    page.get_by_label("Problem", exact=True).select_option(label="The longest river")
    page.locator("form", has=page.get_by_label("Problem", exact=True)).get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("1 learner has done something here.")
    page.get_by_role("radio", name="Rescore", exact=True).check()
    page.get_by_label("Yes, for 1 learner").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#tasks")).to_contain_text("Changed for 1 learners")
    assert violations(page) == []
    page.goto(f"{SIDE}/gradebook")
    expect(page.get_by_role("row", name="alice")).to_contain_text("1/1")

    page.goto(f"{SIDE}/dates")
    page.locator("#learner").fill("dan")
    page.get_by_label("Due (").fill("2036-01-01T12:00")
    page.get_by_role("button", name="Give").click()
    expect(page.get_by_text("dan has until")).to_be_visible()
    expect(page.get_by_role("row", name="dan")).to_contain_text("Where rivers begin")
    assert violations(page) == []

    page.goto(f"{SIDE}/log")
    for words in ("Due date given", "All learners rescored", "Override taken back", "Grade overridden"):
        expect(page.locator("main")).to_contain_text(words)
