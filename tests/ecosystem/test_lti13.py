"""lti-consumer-xblock with LTI 1.3: a launch by OpenID Connect, an access token, and grades by the services of LTI
Advantage, which come without anybody's session."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Browser, Page, expect

from tests.ecosystem import tool as tools
from tests.ecosystem.hosts import RUN, Cast, Site, hosting
from tests.ecosystem.tool import AGS, CLAIM, NRPS, Tool, send, unsigned
from tests.homes import LYKEION

LTI = """<vertical url_name="{name}" {at}><lti_consumer url_name="{name}-lti" display_name="Elsewhere"
  lti_version="lti_1p3" lti_1p3_launch_url="{tool}/launch13" lti_1p3_oidc_url="{tool}/login"
  lti_1p3_tool_key_mode="public_key" lti_1p3_tool_public_key="{key}" launch_target="iframe" has_score="true" weight="5"
  custom_parameters='["page=7"]' {more}/></vertical>"""
SCORES, LINES, RESULTS = f"{AGS}scope/score", f"{AGS}scope/lineitem", f"{AGS}scope/result.readonly"
MEMBERS = f"{NRPS}scope/contextmembership.readonly"


def unit(name: str, tool: Tool, more: str = "", at: str = "") -> str:
    """A unit with one LTI component."""
    key = escape(tool.public_key).replace("\n", "&#10;")
    return LTI.format(name=name, tool=tool.address, key=key, more=more, at=at)


@pytest.fixture(scope="module")
def tool() -> Iterator[Tool]:
    """A tool elsewhere."""
    with tools.running() as tool:
        yield tool


@pytest.fixture(scope="module")
def lti(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose course has components of the tool; the tool was told the addresses of the site."""
    late = 'due="2021-01-01T00:00:00Z"'
    units = {
        "graded": unit("graded", tool, 'lti_1p3_enable_nrps="true"'),
        "other": unit("other", tool),
        "managed": unit("managed", tool, 'lti_advantage_ags_mode="programmatic"'),
        "ungraded": unit("ungraded", tool, 'lti_advantage_ags_mode="disabled"'),
        "late": unit("late", tool, 'accept_grades_past_due="false"', late),
        "telling": unit("telling", tool, 'ask_to_send_username="true" ask_to_send_full_name="true"'),
        "withdrawn": unit("withdrawn", tool),
    }
    with hosting(tmp_path_factory.mktemp("lti13"), units=units) as site:
        tool.platform = site.address
        yield site


@pytest.fixture(scope="module")
def people(browser: Browser, lti: Site, tool: Tool) -> Cast:
    """Those who are logged in; their browsers reach the tool."""
    return Cast(browser, lti, also=(tool.address,))


@pytest.fixture
def alice(people: Cast) -> Iterator[Page]:
    """Alice's page; a script error on it fails the test."""
    yield people.page("alice")
    errors = list(people.errors)
    people.close()
    assert errors == []


def ref(name: str) -> str:
    """The component in the unit ``name``."""
    return f"lti_consumer@{name}-lti"


def usage(name: str) -> str:
    """Its usage key."""
    return f"block-v1:Eco+Blocks+2026+type@lti_consumer+block@{name}-lti"


def launch(page: Page, lti: Site, tool: Tool, name: str) -> dict[str, Any]:
    """What the tool was told when ``page`` opened the component."""
    tool.keyset = f"{lti.address}/api/lti_consumer/v1/public_keysets/{usage(name)}"
    before = len(tool.launches)
    page.goto(lti.unit(name))
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("Welcome to the tool")
    assert len(tool.launches) == before + 1
    return tool.launches[-1]


def token_of(lti: Site, tool: Tool, told: dict[str, Any], name: str, *scopes: str) -> str:
    """An access token for the tool of the component."""
    answer = tool.token(f"{lti.address}/api/lti_consumer/v1/token/{usage(name)}", told["aud"], list(scopes))
    return str(answer["access_token"])


def post_score(told: dict[str, Any], token: str, given: float, **more: Any) -> int:
    """What the platform answers to a score of the launch's learner."""
    line = more.pop("line", None) or told[f"{AGS}claim/endpoint"]["lineitem"]
    score = {
        "userId": told["sub"],
        "scoreGiven": given,
        "scoreMaximum": 10,
        "comment": "Well done",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": datetime.now(UTC).isoformat(),
        **more,
    }
    kind = {"Content-Type": "application/vnd.ims.lis.v1.score+json", "Authorization": f"Bearer {token}"}
    return send("POST", f"{line}/scores", json.dumps(score), kind)[0]


def test_the_tool_is_told_who_comes_by_a_token_that_our_key_signed(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "graded")

    assert told["iss"] == lti.address
    assert told[f"{CLAIM}message_type"] == "LtiResourceLinkRequest"
    assert told[f"{CLAIM}resource_link"] == {"id": usage("graded")}
    assert told[f"{CLAIM}context"]["id"] == RUN
    assert told[f"{CLAIM}context"]["title"] == "Blocks of others - Eco"
    assert told[f"{CLAIM}custom"] == {"page": "7"}
    assert told[f"{CLAIM}target_link_uri"] == f"{tool.address}/launch13"
    assert any("Learner" in role for role in told[f"{CLAIM}roles"])
    assert not {"email", "name", "preferred_username"} & told.keys()
    assert "alice" not in json.dumps(told).lower()


def test_a_learner_is_the_same_person_in_every_component(alice: Page, people: Cast, lti: Site, tool: Tool) -> None:
    here, there = launch(alice, lti, tool, "graded"), launch(alice, lti, tool, "other")
    carol = launch(people.page("carol"), lti, tool, "graded")

    assert here["sub"] == there["sub"] != carol["sub"]


def test_names_go_out_where_the_author_asks_and_the_learner_agrees(alice: Page, lti: Site, tool: Tool) -> None:
    tool.keyset = f"{lti.address}/api/lti_consumer/v1/public_keysets/{usage('telling')}"
    alice.goto(lti.unit("telling"))
    alice.locator("#confirm-button").click()

    expect(alice.frame_locator("iframe").locator("h1")).to_have_text("Welcome to the tool")
    assert (tool.launches[-1]["preferred_username"], "email" in tool.launches[-1]) == ("alice", False)


def test_a_teacher_comes_as_one(people: Cast, lti: Site, tool: Tool) -> None:
    told = launch(people.page("bob"), lti, tool, "graded")
    people.close()

    assert any(role.endswith(("Administrator", "Instructor")) for role in told[f"{CLAIM}roles"])


def test_a_score_is_the_learners_grade_at_once(alice: Page, people: Cast, lti: Site, tool: Tool) -> None:
    launch(people.page("carol"), lti, tool, "graded")
    told = launch(alice, lti, tool, "graded")
    token = token_of(lti, tool, told, "graded", SCORES)

    status = post_score(told, token, 8)

    assert status == 201
    assert lti.score("alice", ref("graded")) == (4.0, 5.0)
    assert lti.completion("alice", ref("graded")) == 1.0
    assert lti.state("alice", ref("graded")) == {"module_score": 4.0, "score_comment": "Well done"}
    assert lti.score("carol", ref("graded")) is None
    alice.reload()
    expect(alice.locator(".problem-progress")).to_contain_text("(4.0 / 5.0 points)")
    expect(alice.locator(".problem-feedback")).to_have_text("Well done")
    alice.goto(f"/courses/{RUN}/progress")
    expect(alice.get_by_text("4/5", exact=True)).to_be_visible()


def test_the_tool_may_read_back_what_it_gave(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "other")
    token = token_of(lti, tool, told, "other", SCORES, RESULTS)
    post_score(told, token, 5)

    line = told[f"{AGS}claim/endpoint"]["lineitem"]
    status, said, _headers = send("GET", f"{line}/results", "", {"Authorization": f"Bearer {token}"})

    assert status == 200
    assert [(one["userId"], one["resultScore"], one["resultMaximum"]) for one in json.loads(said)] == [
        (told["sub"], 5.0, 10.0)
    ]


def test_a_score_that_is_not_final_or_above_the_maximum_is_no_more_than_the_component_is_worth(
    alice: Page, lti: Site, tool: Tool
) -> None:
    told = launch(alice, lti, tool, "managed")
    token = token_of(lti, tool, told, "managed", SCORES, LINES)
    line = told[f"{AGS}claim/endpoint"]["lineitems"]
    made = {"scoreMaximum": 10, "label": "Essay", "resourceLinkId": usage("managed")}
    kind = {"Content-Type": "application/vnd.ims.lis.v2.lineitem+json", "Authorization": f"Bearer {token}"}
    item = json.loads(send("POST", line, json.dumps(made), kind)[1])["id"]

    waiting = post_score(told, token, 9, line=item, gradingProgress="Pending")
    before = lti.score("alice", ref("managed"))
    more = post_score(told, token, 25, line=item)

    assert (waiting, before) == (201, None)
    assert (more, lti.score("alice", ref("managed"))) == (201, (5.0, 5.0))


def test_after_the_due_date_no_grade_comes_in_where_the_author_says_so(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "late")

    status = post_score(told, token_of(lti, tool, told, "late", SCORES), 8)

    assert (status, lti.score("alice", ref("late"))) == (201, None)


def test_the_tool_is_told_who_is_in_the_course_without_names(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "graded")
    token = token_of(lti, tool, told, "graded", MEMBERS)
    url = told[f"{NRPS}claim/namesroleservice"]["context_memberships_url"]

    status, said, _headers = send("GET", url, "", {"Authorization": f"Bearer {token}"})

    members = json.loads(said)["members"]
    assert (status, len(members)) == (200, 5)  # Alice, Carol and Dan; Bob and Hal
    assert told["sub"] in {member["user_id"] for member in members}
    assert not {"name", "email"} & {name for member in members for name in member}


@pytest.mark.parametrize("forged", ["no token", "changed", "own key", "too little", "expired"])
def test_a_token_that_is_not_good_for_it_gives_no_grade(people: Cast, lti: Site, tool: Tool, forged: str) -> None:
    told = launch(people.page("dan"), lti, tool, "graded")
    people.close()
    good = token_of(lti, tool, told, "graded", SCORES)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = jwt.decode(good, options={"verify_signature": False})
    token = {
        "no token": "",
        "changed": unsigned(good),
        "own key": jwt.encode(claims, stranger, algorithm="RS256", headers=jwt.get_unverified_header(good)),
        "too little": token_of(lti, tool, told, "graded", RESULTS),
        "expired": jwt.encode({**claims, "exp": 1}, tool.key, algorithm="RS256"),
    }[forged]

    status = post_score(told, token, 10)

    assert status in {401, 403}
    assert lti.score("dan", ref("graded")) is None


def test_the_token_of_one_component_gives_no_grade_in_another(people: Cast, lti: Site, tool: Tool) -> None:
    page = people.page("dan")
    there = launch(page, lti, tool, "other")
    here = launch(page, lti, tool, "graded")
    people.close()
    token = token_of(lti, tool, here, "graded", SCORES)

    foreign = post_score(there, token, 10)
    crossed = post_score(here, token, 10, line=there[f"{AGS}claim/endpoint"]["lineitem"])
    line = here[f"{AGS}claim/endpoint"]["lineitem"].rpartition("/")[0]
    item = there[f"{AGS}claim/endpoint"]["lineitem"].rpartition("/")[2]
    smuggled = post_score(here, token, 10, line=f"{line}/{item}")

    assert (foreign, crossed, smuggled) == (403, 403, 404)
    assert lti.score("dan", ref("other")) is None


def test_a_stranger_with_another_key_gets_no_token(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "graded")
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    url = f"{lti.address}/api/lti_consumer/v1/token/{usage('graded')}"

    assert tool.token(url, told["aud"], [SCORES], key=stranger) == {"error": "invalid_client"}


@pytest.mark.parametrize("nobody", ["00000000-0000-0000-0000-000000000001", "not-an-id", "' OR 1=1"])
def test_a_score_for_nobody_is_refused(alice: Page, lti: Site, tool: Tool, nobody: str) -> None:
    told = launch(alice, lti, tool, "other")
    before = lti.rows("SELECT count(*) FROM grades_blockscore")

    status = post_score(told, token_of(lti, tool, told, "other", SCORES), 10, userId=nobody)

    assert status >= 400
    assert lti.rows("SELECT count(*) FROM grades_blockscore") == before


def test_a_launch_that_nobody_began_is_refused(alice: Page, lti: Site, tool: Tool) -> None:
    asked = (
        f"{lti.address}/api/lti_consumer/v1/launch/?lti_message_hint=made-up&login_hint=1&redirect_uri={tool.address}"
    )

    status, said, _headers = send("GET", asked, "", {})

    assert status == 400
    assert "id_token" not in said


def test_an_id_token_goes_to_no_address_but_the_tools(alice: Page, lti: Site, tool: Tool) -> None:
    launch(alice, lti, tool, "graded")
    with alice.expect_request(lambda request: "/api/lti_consumer/v1/launch/" in request.url) as asked:
        alice.reload()
    url = asked.value.url.replace(
        f"{tool.address}/launch13".replace(":", "%3A").replace("/", "%2F"), "https%3A%2F%2Fevil.example"
    )

    answer = alice.request.get(url)

    assert answer.status == 400
    assert "id_token" not in answer.text()


def test_an_operator_reads_what_to_tell_the_tool(alice: Page, lti: Site, tool: Tool) -> None:
    told = launch(alice, lti, tool, "graded")
    environ = {**os.environ, "LYKEION_HOME": str(lti.home / "var"), "LYKEION_SITE_URL": lti.address}
    environ.pop("DJANGO_SETTINGS_MODULE", None)

    said = subprocess.run(
        [*LYKEION, "django", "lti_addresses", usage("graded")], env=environ, capture_output=True, text=True, check=True
    ).stdout

    api = f"{lti.address}/api/lti_consumer/v1"
    assert said.splitlines() == [
        f"issuer: {lti.address}",
        f"authentication request URL: {api}/launch/",
        f"public keyset URL: {api}/public_keysets/{usage('graded')}",
        f"access token URL: {api}/token/{usage('graded')}",
        f"client id: {told['aud']}",
        "deployment id: 1",
    ]


@pytest.mark.parametrize(
    "path", ["public_keysets/block-v1:Eco+Blocks+2026+type@lti_consumer+block@none", "public_keysets/x"]
)
def test_what_is_not_there_has_no_keys(lti: Site, path: str) -> None:
    assert send("GET", f"{lti.address}/api/lti_consumer/v1/{path}", "", {})[0] == 404
