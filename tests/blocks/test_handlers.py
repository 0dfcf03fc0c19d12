"""Calling blocks, through the door."""

from __future__ import annotations

import pytest
from webob import Request

from lykeion.blocks import api
from lykeion.blocks.registry import Registry
from lykeion.blocks.types import HandlerFailed, HandlerRefused, NoSuchBlock, StateKey
from tests.blocks.visits import COUNTER, KEY, NOBODY, Block, as_seen_by, posted, shown, visit


def test_the_host_decides_what_is_visible() -> None:
    seen = visit(Block("html", "h", {"data": "x"}), visible=lambda block: block.id != "h")

    with pytest.raises(NoSuchBlock):
        api.handle(seen, "html@h", "x", "", posted({}))


def test_a_handler_stores_what_it_changed() -> None:
    seen = visit(COUNTER)

    answer = api.handle(seen, KEY, "click", "here", posted({"by": 2}))

    assert (answer.status_code, answer.json) == (200, {"count": 2})
    assert seen.state.documents == {
        StateKey(1, "usage", "counter@c"): {
            "count": 2,
            "seen": [{"x": 2, "y": "here"}],
            "score": {"raw_earned": 1, "raw_possible": 2},
        }
    }


def test_a_score_is_read_again_as_a_score() -> None:
    seen = visit(COUNTER)
    api.handle(seen, KEY, "click", "", posted({"by": 1}))

    assert api.handle(seen, KEY, "click", "", posted({"by": 1})).json == {"count": 2}


@pytest.mark.parametrize(
    ("request_", "status"),
    [(Request.blank("/"), 405), (Request.blank("/", method="POST", body=b"{"), 400)],
)
def test_json_handlers_answer_wrong_requests_as_xblock_says(request_: Request, status: int) -> None:
    assert api.handle(visit(COUNTER), "counter@c", "click", "", request_).status_code == status


def test_a_handler_that_does_not_exist_is_not_found() -> None:
    seen = visit(COUNTER)

    for name in ("nothing", "save", "parse_xml", "__init__"):
        assert api.handle(seen, KEY, name, "", posted({})).status_code == 404


def test_a_handler_that_fails_says_so_to_the_host() -> None:
    with pytest.raises(HandlerFailed) as caught:
        api.handle(visit(COUNTER), KEY, "fall", "", posted({}))

    assert caught.value.staff == "fall: RuntimeError: it fell"


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ("403", 403, "no"),
        ("404", 404, "none"),
        ("413", 413, '{"error": "too long"}'),
        ("missing", 404, "no such entry"),
        ("processing", 200, '{"success":"the answer is closed"}'),
    ],
)
def test_a_handler_may_say_no_by_raising(how: str, status: int, said: str) -> None:
    seen = visit(COUNTER)

    with pytest.raises(HandlerRefused) as caught:
        api.handle(seen, KEY, "refuse", how, posted({}))

    assert (caught.value.response.status_code, caught.value.response.text) == (status, said)
    assert (seen.state.documents, seen.sink.all) == ({}, [])


def test_a_handler_cannot_change_what_the_author_wrote() -> None:
    with pytest.raises(HandlerFailed, match="nothing was changed") as caught:
        api.handle(visit(COUNTER), KEY, "author", "", posted({}))

    assert "belongs to the course" in caught.value.staff


@pytest.mark.parametrize(
    "usage",
    [
        "counter@nothing",
        "nonsense",
        "block-v1:broken",
        "block-v1:Other+ETH1+2026+type@counter+block@c",
        "aside-usage-v2:block-v1$:Lyceum+ETH1+2026+type@counter+block@c::note",
        "aside-usage-v2:x",
    ],
)
def test_blocks_of_other_runs_and_nonsense_are_not_there(usage: str) -> None:
    with pytest.raises(NoSuchBlock):
        api.handle(visit(COUNTER), usage, "click", "", posted({"by": 1}))


def test_third_parties_call_as_nobody() -> None:
    seen = visit(COUNTER)

    with pytest.raises(ValueError, match="as nobody"):
        api.handle(seen, KEY, "click", "", posted({"by": 1}), noauth=True)
    answer = api.handle(as_seen_by(seen, NOBODY), KEY, "click", "", posted({"by": 1}), noauth=True)
    assert (answer.json, seen.state.documents) == ({"count": 1}, {})


def test_asides_stand_beside_their_blocks_and_have_handlers_of_their_own(installed: Registry) -> None:
    installed.asides = ("note",)
    aside = "<note xmlns:option='x' xblock-family='xblock_asides.v1' colour='red'/>"
    seen = visit(Block("counter", "c", {"xml": f"<counter>{aside}</counter>"}), Block("html", "h", {"data": "x"}))
    key = "aside-usage-v2:block-v1$:Lyceum+ETH1+2026+type@counter+block@c::note"

    page = api.render_unit_blocks(seen, ["counter@c", "html@h"])
    answer = api.handle(seen, key, "write", "", posted({"text": "hi"}))

    assert shown(page["counter@c"]) == "Count 0 of 3, due None red note on counter"
    assert f'data-block-type="note" data-usage-id="{key}"' in page["counter@c"].html
    assert f'data-block-id="{KEY}"' in page["counter@c"].html
    assert shown(page["html@h"]) == "x yellow note on html"
    assert answer.json == {"text": "hi"}
    assert seen.state.documents == {
        StateKey(1, "usage", "note:counter@c", "xblock_asides.v1"): {"user_state": {"text": "hi"}}
    }
