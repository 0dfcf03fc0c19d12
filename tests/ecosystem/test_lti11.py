"""LTI 1.1: launches that the tool can check, and grades that come back. By lti-consumer-xblock, and by the older
``lti`` block that came with Open edX (xblocks-contrib)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ecosystem import tool as tools
from tests.ecosystem.hosts import Cast, Site, hosting
from tests.ecosystem.tool import KEY, SECRET, Tool, outcome, result

OWN_MISTAKE = "ReferenceError: e is not defined"
"""What the block's own script does wrong, anywhere, after it has opened its dialog (xblock_lti_consumer.js)."""

RESULT = {"@context": "http://purl.imsglobal.org/ctx/lis/v2/Result", "@type": "Result"}
LTI = """<lti_consumer url_name="{name}" display_name="Elsewhere" lti_version="lti_1p1" lti_id="tool"
  launch_url="{tool}/launch" launch_target="{target}" custom_parameters='["page=7"]' has_score="true" weight="5"
  {more}/>"""
OLDER = """<vertical url_name="before"><lti url_name="older" display_name="Elsewhere" lti_id="tool"
  launch_url="{tool}/launch" open_in_a_new_page="false" has_score="true" weight="5"
  custom_parameters='["page=7"]'/></vertical>"""
OLDER_REF = "lti@older"


def unit(name: str, tool: Tool, target: str, more: str = "", at: str = "") -> str:
    """A unit with one LTI component."""
    block = LTI.format(name=f"{name}-lti", tool=tool.address, target=target, more=more)
    return f'<vertical url_name="{name}" {at}>{block}</vertical>'


@pytest.fixture(scope="module")
def tool() -> Iterator[Tool]:
    """A tool elsewhere."""
    with tools.running() as tool:
        yield tool


@pytest.fixture(scope="module")
def lti(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose course has components of the tool, of every kind."""
    units = {
        "inline": unit("inline", tool, "iframe"),
        "window": unit("window", tool, "new_window"),
        "modal": unit("modal", tool, "modal"),
        "telling": unit("telling", tool, "iframe", 'ask_to_send_username="true" ask_to_send_email="true"'),
        "late": unit("late", tool, "iframe", 'accept_grades_past_due="false"', 'due="2021-01-01T00:00:00Z"'),
        "lenient": unit("lenient", tool, "iframe", 'accept_grades_past_due="true"', 'due="2021-01-01T00:00:00Z"'),
        "shut": unit("shut", tool, "iframe", "", 'start="2099-01-01T00:00:00Z"'),
        "wrong": unit("wrong", tool, "iframe", "").replace('lti_id="tool"', 'lti_id="other"'),
    }
    units["before"] = OLDER.format(tool=tool.address)
    passports = f"""lti_passports='["tool:{KEY}:{SECRET}", "other:{KEY}:not-the-secret"]'"""
    with hosting(tmp_path_factory.mktemp("lti11"), units=units, course=passports) as site:
        yield site


@pytest.fixture(scope="module")
def people(browser: Browser, lti: Site, tool: Tool) -> Cast:
    """Those who are logged in; their browsers reach the tool."""
    return Cast(browser, lti, also=(tool.address,))


@pytest.fixture
def alice(people: Cast) -> Iterator[Page]:
    """Alice's page; a script error on it fails the test."""
    yield people.page("alice")
    errors = [error for error in people.errors if OWN_MISTAKE not in error]
    people.close()
    assert errors == []


def launch(page: Page, lti: Site, tool: Tool, name: str) -> dict[str, Any]:
    """What the tool was told when ``page`` opened the component."""
    before = len(tool.launches)
    page.goto(lti.unit(name))
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("Welcome to the tool")
    assert len(tool.launches) == before + 1
    return tool.launches[-1]


def test_the_tool_opens_in_the_page_with_its_own_parameters_and_no_names(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "inline")

    assert told["custom_page"] == "7"
    assert told["roles"] == "Student,Learner"
    assert told["context_id"] == "course-v1:Eco+Blocks+2026"
    assert told["context_title"] == "Blocks of others"
    assert told["resource_link_id"] == "block-v1:Eco+Blocks+2026+type@lti_consumer+block@inline-lti"
    assert re.fullmatch(r"[0-9a-f]{32}", told["user_id"])
    assert unquote(told["lis_result_sourcedid"]).endswith(f":{told['user_id']}")
    assert told["lis_outcome_service_url"].startswith(lti.address)
    assert not [value for value in told.values() if "alice" in value.lower()]


def test_the_tool_opens_in_a_window_of_its_own(alice: Page, lti: Site, tool: Tool) -> None:
    alice.goto(lti.unit("window"))
    with alice.expect_popup() as opened:
        alice.get_by_role("button", name="View resource in a new window").click()

    expect(opened.value.locator("h1")).to_have_text("Welcome to the tool")


def test_the_tool_opens_above_the_page(alice: Page, lti: Site, tool: Tool) -> None:
    alice.goto(lti.unit("modal"))
    alice.get_by_role("button", name="View resource in a modal window").click()

    expect(alice.frame_locator(".lti-modal iframe").locator("h1")).to_have_text("Welcome to the tool")

    alice.locator(".close-modal").click()

    expect(alice.locator(".lti-modal")).to_be_hidden()


def test_names_go_out_only_where_the_author_asks_and_the_learner_agrees(alice: Page, lti: Site, tool: Tool) -> None:
    before = len(tool.launches)
    alice.goto(lti.unit("telling"))
    expect(alice.get_by_text("Click OK to have your username and e-mail address sent to a 3rd party")).to_be_visible()
    assert len(tool.launches) == before

    alice.locator("#confirm-button").click()

    expect(alice.frame_locator("iframe").locator("h1")).to_have_text("Welcome to the tool")
    told = tool.launches[-1]
    assert (told["lis_person_sourcedid"], told["lis_person_contact_email_primary"]) == ("alice", "alice@example.com")
    assert "lis_person_name_full" not in told


def test_a_grade_that_comes_back_is_the_learners_at_once(alice: Page, people: Cast, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "inline")
    carols = launch(people.page("carol"), lti, tool, "inline")

    said = outcome(told["lis_outcome_service_url"], told["lis_result_sourcedid"], "0.8")

    assert "<imsx_codeMajor>success</imsx_codeMajor>" in said
    assert lti.score("alice", "lti_consumer@inline-lti") == (4.0, 5.0)
    assert lti.completion("alice", "lti_consumer@inline-lti") == 1.0
    assert lti.state("alice", "lti_consumer@inline-lti") == {"module_score": 4.0, "score_comment": ""}
    assert lti.score("carol", "lti_consumer@inline-lti") is None
    assert carols["lis_result_sourcedid"] != told["lis_result_sourcedid"]
    alice.reload()
    expect(alice.locator(".problem-progress")).to_contain_text("(4.0 / 5.0 points)")
    alice.goto(f"/courses/{lti_run()}/progress")
    expect(alice.get_by_text("4/5", exact=True)).to_be_visible()
    percent = lti.events("edx.grades.course.grade_calculated")[-1]["event"]["percent_grade"]
    assert percent > 0


def lti_run() -> str:
    """The course of the site."""
    return "course-v1:Eco+Blocks+2026"


def test_the_result_service_reads_sets_and_takes_a_grade_away(people: Cast, lti: Site, tool: Tool) -> None:
    told = launch(people.page("dan"), lti, tool, "inline")
    people.close()
    url = told["lis_outcome_service_url"].replace("outcome_service_handler", "result_service_handler")
    url += f"/user/{told['user_id']}"

    nothing = result("GET", url)
    put = result(
        "PUT",
        url,
        {
            "@context": "http://purl.imsglobal.org/ctx/lis/v2/Result",
            "@type": "Result",
            "resultScore": 0.6,
            "comment": "Good <b>work</b>",
        },
    )
    kept = lti.score("dan", "lti_consumer@inline-lti")
    read = result("GET", url)
    gone = result("DELETE", url)

    assert (nothing[0], "resultScore" in nothing[1]) == (200, False)
    assert (put[0], kept) == (200, (3.0, 5.0))
    assert (read[1]["resultScore"], read[1]["comment"]) == (3.0, "Good <b>work</b>")
    assert (gone[0], lti.score("dan", "lti_consumer@inline-lti")) == (200, None)


def test_after_the_due_date_grades_count_only_where_the_author_lets_them(alice: Page, lti: Site, tool: Tool) -> None:
    late = launch(alice, lti, tool, "late")
    lenient = launch(alice, lti, tool, "lenient")

    refused = outcome(late["lis_outcome_service_url"], late["lis_result_sourcedid"], "1.0")
    taken = outcome(lenient["lis_outcome_service_url"], lenient["lis_result_sourcedid"], "1.0")

    assert ("Grade is past due" in refused, lti.score("alice", "lti_consumer@late-lti")) == (True, None)
    assert ("success" in taken, lti.score("alice", "lti_consumer@lenient-lti")) == (True, (5.0, 5.0))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"secret": "guessed"}, "OAuth verification error"),
        ({"score": "1.5"}, "outside the permitted range"),
        ({"score": "-1"}, "outside the permitted range"),
        ({"sourcedid": "x:y:0123456789abcdef0123456789abcdef"}, "User not found"),
        ({"action": "deleteResult"}, "unsupported"),
    ],
)
def test_what_is_not_a_grade_of_the_tools_changes_nothing(
    people: Cast, lti: Site, tool: Tool, change: dict[str, str], words: str
) -> None:
    told = launch(people.page("carol"), lti, tool, "inline")
    people.close()
    sent = {"sourcedid": told["lis_result_sourcedid"], "score": "1.0", **change}

    said = outcome(told["lis_outcome_service_url"], **sent)

    assert words in said
    assert lti.score("carol", "lti_consumer@inline-lti") is None


def test_a_component_that_is_not_released_takes_no_grade(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "inline")
    url = told["lis_outcome_service_url"].replace("inline-lti", "shut-lti")

    said = outcome(url, told["lis_result_sourcedid"].replace("inline-lti", "shut-lti"), "1.0")

    assert '"code": "not_found"' in said
    assert lti.score("alice", "lti_consumer@shut-lti") is None


def test_a_learner_cannot_give_themselves_a_grade(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "inline")
    before = lti.score("alice", "lti_consumer@inline-lti")
    with_session = told["lis_outcome_service_url"].replace("handler_noauth", "handler")

    status = alice.evaluate("async url => (await fetch(url, {method: 'POST', body: '<x/>'})).status", with_session)

    assert status == 403  # no token of the page's was sent
    assert lti.score("alice", "lti_consumer@inline-lti") == before


def test_a_tool_that_knows_another_secret_sees_no_launch(alice: Page, lti: Site, tool: Tool) -> None:
    before = len(tool.launches)

    alice.goto(lti.unit("wrong"))

    expect(alice.frame_locator("iframe").locator("h1")).to_have_text("Not signed by the platform")
    assert len(tool.launches) == before


def test_the_older_block_is_launched_and_its_grade_comes_back(alice: Page, lti: Site, tool: Tool) -> None:
    alice.goto(lti.unit("before"))
    expect(alice.frame_locator("iframe").locator("h1")).to_have_text("Welcome to the tool")
    told = tool.launches[-1]
    assert (told["custom_page"], told["roles"]) == ("7", "Student")
    assert not [value for value in told.values() if "alice" in value.lower()]

    said = outcome(told["lis_outcome_service_url"], told["lis_result_sourcedid"], "0.4")

    assert "<imsx_codeMajor>success</imsx_codeMajor>" in said
    assert lti.score("alice", OLDER_REF) == (2.0, 5.0)
    alice.reload()
    expect(alice.locator(".problem-progress")).to_contain_text("(2.0 / 5.0 points)")

    url = told["lis_outcome_service_url"].replace("grade_handler", "lti_2_0_result_rest_handler")
    url += f"/user/{told['user_id']}"
    assert result("PUT", url, {**RESULT, "resultScore": 1.0, "comment": "Better"})[0] == 200
    assert lti.score("alice", OLDER_REF) == (5.0, 5.0)
    assert result("GET", url)[1]["resultScore"] == 5.0
    assert result("DELETE", url)[0] == 200
    assert (lti.score("alice", OLDER_REF), lti.completion("alice", OLDER_REF)) == (None, 0.0)


def test_a_grade_for_the_older_block_that_is_not_signed_changes_nothing(alice: Page, lti: Site, tool: Tool) -> None:
    alice.goto(lti.unit("before"))
    expect(alice.frame_locator("iframe").locator("h1")).to_have_text("Welcome to the tool")
    told = tool.launches[-1]

    said = outcome(told["lis_outcome_service_url"], told["lis_result_sourcedid"], "1.0", secret="guessed")

    assert "OAuth verification error" in said
    assert lti.score("alice", OLDER_REF) is None
