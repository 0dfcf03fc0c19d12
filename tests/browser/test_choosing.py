"""Banks, experiments, conditionals and randomizers on a real site, by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Command, violations
from tests.browser.sites import PATIENCE

RUN = "course-v1:Lyk+CHOOSE1+2026"
PARTITIONS = """[{"id": 1640, "name": "Tone", "scheme": "random",
    "groups": [{"id": 1, "name": "Kind"}, {"id": 2, "name": "Stern"}]}]"""
ARMS = '{"1": "i4x://Lyk/CHOOSE1/vertical/kind", "2": "i4x://Lyk/CHOOSE1/vertical/stern"}'


def _problem(name: str, title: str) -> str:
    return (
        f'<problem url_name="{name}" display_name="{title}"><multiplechoiceresponse><label>Evergreen?</label>'
        '<choicegroup type="MultipleChoice"><choice correct="false">Larch</choice>'
        '<choice correct="true">Spruce</choice>'
        "</choicegroup></multiplechoiceresponse></problem>"
    )


COURSE = f"""<course org="Lyk" course="CHOOSE1" url_name="2026" display_name="Trees" start="2020-01-01T00:00:00Z"
    user_partitions='{PARTITIONS}'><chapter url_name="c" display_name="One"><sequential url_name="s" display_name="All">
<vertical url_name="u_bank" display_name="Bank"><library_content url_name="bank" display_name="Some of the trees"
    max_count="2" allow_resetting_children="true">
  {"".join(_problem(f"pool{n}", f"Tree {n}") for n in range(6))}</library_content></vertical>
<vertical url_name="u_split" display_name="Experiment"><split_test url_name="split" display_name="How to say it"
    user_partition_id="1640" group_id_to_child='{ARMS}'>
  <vertical url_name="kind" display_name="Kind"><html url_name="k1"><p>Well tried, look again.</p></html>
    {_problem("k2", "With kindness")}</vertical>
  <vertical url_name="stern" display_name="Stern"><html url_name="s1"><p>That is wrong.</p></html></vertical>
</split_test></vertical>
<vertical url_name="u_if" display_name="Condition">{_problem("first", "Which tree")}
  <conditional url_name="if" sources="i4x://Lyk/CHOOSE1/problem/first" attempted="True">
    <html url_name="prize"><p>The prize is a cone. \\(x^2\\)</p></html>{_problem("second", "And another")}</conditional>
</vertical>
<vertical url_name="u_any" display_name="Chance"><randomize url_name="any">
  <html url_name="r1"><p>One of two</p></html><html url_name="r2"><p>One of two</p></html></randomize></vertical>
</sequential></chapter></course>"""


@pytest.fixture(scope="module")
def choosing(site: str, lykeion: Command, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the site, with the course."""
    folder = tmp_path_factory.mktemp("choosing")
    (folder / "course.xml").write_text(COURSE, encoding="utf-8")
    lykeion("import", str(folder))
    return site


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, choosing: str) -> Iterator[Visit]:
    """Opens a unit as somebody, enrolled if they learn. A script error fails the test."""
    contexts = []
    errors: list[str] = []

    def visit(name: str, unit: str, **options: object) -> Page:
        context = browser.new_context(base_url=choosing, **options)  # type: ignore[arg-type]  # many types
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/account/login/")
        page.locator("input[name=login]").fill(name)
        page.locator("input[name=password]").fill(name)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/dashboard*")
        page.goto(f"/courses/{RUN}/about")
        enrol = page.get_by_role("button", name=re.compile("^enrol", re.IGNORECASE))
        if enrol.count():
            enrol.first.click()
            page.wait_for_url(re.compile("/course/"))
        page.goto(f"/courses/{RUN}/jump_to_id/{unit}")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert errors == []


def test_a_bank_gives_the_same_problems_until_one_draws_again(visit: Visit) -> None:
    page = visit("alice", "u_bank")
    titles = page.locator(".problem-title").all_inner_texts()

    page.reload()
    again = page.locator(".problem-title").all_inner_texts()
    page.get_by_label("Spruce").first.check()
    page.get_by_role("button", name="Submit").first.click()
    expect(page.get_by_text("Correct", exact=False).first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Draw again").press("Enter")

    expect(page.locator(".problem input:checked")).to_have_count(0)
    expect(page.locator(".problem-title")).to_have_count(2)
    assert (len(titles), again) == (2, titles)


def test_a_learner_sees_one_arm_and_the_team_all_with_a_menu(visit: Visit) -> None:
    mine = visit("alice", "u_split").locator("main").inner_text()
    page = visit("root", "u_split", viewport={"width": 390, "height": 844})
    menu = page.get_by_label("Show")

    assert ("Well tried" in mine) != ("That is wrong" in mine)
    expect(page.get_by_text("Well tried")).to_be_visible()
    expect(page.get_by_text("That is wrong")).to_be_visible()
    assert violations(page) == []
    menu.select_option("Stern")
    expect(page.get_by_text("Well tried")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("Well tried")).to_be_hidden()
    expect(page.get_by_text("That is wrong")).to_be_visible()
    menu.select_option("All groups")
    expect(page.get_by_text("Well tried")).to_be_visible()


def test_a_conditional_opens_on_the_page_when_its_source_is_answered(visit: Visit) -> None:
    page = visit("alice", "u_if")
    expect(page.get_by_text("You must complete Which tree")).to_be_visible()
    expect(page.get_by_text("The prize")).to_have_count(0)
    assert violations(page) == []
    page.evaluate("window.same = true")

    page.get_by_label("Larch").check()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("The prize is a cone.")).to_be_visible()
    expect(page.locator("mjx-container").first).to_be_visible()
    expect(page.get_by_text("You must complete")).to_have_count(0)
    expect(page.locator("#live")).to_have_text("A further part of this page is open now.")
    assert page.evaluate("window.same")
    expect(page.locator("[data-controller=completion][data-completion-usage-value$='block@if']")).to_have_count(1)
    page.get_by_label("Spruce").last.check()
    page.get_by_role("button", name="Submit").last.click()
    expect(page.get_by_text("Correct", exact=False).first).to_be_visible()
    assert violations(page) == []


def test_a_conditional_opens_without_scripts_with_the_next_page(visit: Visit) -> None:
    page = visit("bob", "u_if", java_script_enabled=False)
    page.get_by_label("Larch").check()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("The prize is a cone.")).to_be_visible()


def test_a_randomizer_shows_one(visit: Visit) -> None:
    expect(visit("alice", "u_any").get_by_text("One of two")).to_have_count(1)
