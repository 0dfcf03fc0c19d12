"""The ``lti`` block that came with Open edX (xblocks-contrib): a launch by LTI 1.1, and grades that come back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ecosystem import tool as tools
from tests.ecosystem.hosts import Cast, Site, hosting
from tests.ecosystem.tool import KEY, SECRET, Tool, outcome, result

REF = "lti@older"
RESULT = {"@context": "http://purl.imsglobal.org/ctx/lis/v2/Result", "@type": "Result"}


@pytest.fixture(scope="module")
def tool() -> Iterator[Tool]:
    """A tool elsewhere."""
    with tools.running() as tool:
        yield tool


@pytest.fixture(scope="module")
def lti(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose course has one such block."""
    unit = f"""<vertical url_name="before"><lti url_name="older" display_name="Elsewhere" lti_id="tool"
      launch_url="{tool.address}/launch" open_in_a_new_page="false" has_score="true" weight="5"
      custom_parameters='["page=7"]'/></vertical>"""
    passports = f"""lti_passports='["tool:{KEY}:{SECRET}"]'"""
    with hosting(tmp_path_factory.mktemp("older"), units={"before": unit}, course=passports) as site:
        yield site


@pytest.fixture
def alice(browser: Browser, lti: Site, tool: Tool) -> Iterator[Page]:
    """Alice's page; a script error on it fails the test."""
    people = Cast(browser, lti, also=(tool.address,))
    yield people.page("alice")
    errors = list(people.errors)
    people.close()
    assert errors == []


def test_a_launch_and_the_grade_that_comes_back(alice: Page, lti: Site, tool: Tool) -> None:
    alice.goto(lti.unit("before"))
    expect(alice.frame_locator("iframe").locator("h1")).to_have_text("Welcome to the tool")
    told = tool.launches[-1]
    assert (told["custom_page"], told["roles"]) == ("7", "Student")
    assert not [value for value in told.values() if "alice" in value.lower()]

    said = outcome(told["lis_outcome_service_url"], told["lis_result_sourcedid"], "0.4")

    assert "<imsx_codeMajor>success</imsx_codeMajor>" in said
    assert lti.score("alice", REF) == (2.0, 5.0)
    alice.reload()
    expect(alice.locator(".problem-progress")).to_contain_text("(2.0 / 5.0 points)")

    url = told["lis_outcome_service_url"].replace("grade_handler", "lti_2_0_result_rest_handler")
    url += f"/user/{told['user_id']}"
    assert result("PUT", url, {**RESULT, "resultScore": 1.0, "comment": "Better"})[0] == 200
    assert lti.score("alice", REF) == (5.0, 5.0)
    assert result("GET", url)[1]["resultScore"] == 5.0
    assert result("DELETE", url)[0] == 200
    assert (lti.score("alice", REF), lti.completion("alice", REF)) == (None, 0.0)


def test_a_grade_that_is_not_signed_changes_nothing(alice: Page, lti: Site, tool: Tool) -> None:
    alice.goto(lti.unit("before"))
    expect(alice.frame_locator("iframe").locator("h1")).to_have_text("Welcome to the tool")
    told = tool.launches[-1]

    said = outcome(told["lis_outcome_service_url"], told["lis_result_sourcedid"], "1.0", secret="guessed")

    assert "OAuth verification error" in said
    assert lti.score("alice", REF) is None
