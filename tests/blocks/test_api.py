"""Showing blocks and calling their handlers, through the door."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from webob import Request

from lykeion.blocks import api
from lykeion.blocks.registry import Registry
from lykeion.blocks.types import HandlerFailed, NoSuchBlock, Rendered, Resource, StateKey, Visit
from tests.blocks.visits import BOB, DAN, NOBODY, RUN, Block, as_seen_by, visit

COUNTER = Block("counter", "c", {"xml": '<counter label="Clicks" limit="5" name="the counter"/>'})
KEY = "block-v1:Lyceum+ETH1+2026+type@counter+block@c"


def posted(value: Any) -> Request:
    return Request.blank("/", method="POST", body=json.dumps(value).encode(), content_type="application/json")


def shown(rendered: Rendered) -> str:
    """What a reader sees of it."""
    return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]*>", " ", rendered.html, flags=re.S)).split())


def test_a_third_party_block_comes_in_the_wrapper_that_its_scripts_look_for() -> None:
    rendered = api.render(visit(COUNTER), "counter@c")

    prefix = "/courses/course-v1:Lyceum+ETH1+2026/xblock/block-v1%3ALyceum%2BETH1%2B2026%2Btype%40counter%2Bblock%40c"
    token = re.search('data-request-token="([0-9a-f]{16})"', rendered.html)
    assert token is not None
    assert rendered == Rendered(
        '<div class="xblock xblock-v1 xblock-student_view xblock-v1-student_view xblock-student_view-counter"'
        f' data-block-type="counter" data-usage-id="{KEY}" data-usage="{KEY}" data-init="Counter"'
        ' data-runtime-class="LmsRuntime" data-runtime-version="1" data-course-id="course-v1:Lyceum+ETH1+2026"'
        f' data-handler-prefix="{prefix}/handler" data-request-token="{token[1]}" data-has-score="True"'
        ' data-name="the counter">'
        '<script type="json/xblock-args" class="xblock-json-init-args xblock_json_init_args">'
        '{"label":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}</script>'
        "<p>Clicks 0 of 5, due None</p></div>",
        (
            Resource("text", ".counter {}", "text/css", "head"),
            Resource("text", "function Counter() {}", "application/javascript", "foot"),
        ),
        legacy=True,
    )


def test_a_broken_block_says_so_and_the_blocks_around_it_are_shown(caplog: pytest.LogCaptureFixture) -> None:
    broken = [Block(kind, kind) for kind in ("falls", "fallsearly", "needsthequeue", "gone")]
    unreadable = Block("cannotberead", "cannotberead", {"xml": "<cannotberead x='1'/>"})
    blocks = [*broken, unreadable, Block("html", "fine", {"data": "still here"})]

    page = api.render_unit_blocks(visit(*blocks), [f"{block.type}@{block.id}" for block in blocks])

    sorry = "This part of the page cannot be shown at the moment. The rest of the page works as usual."
    assert [shown(rendered) for rendered in page.values()] == [
        sorry,
        "This block cannot be shown.",
        sorry,
        "“gone” cannot be used on this site.",
        "This block cannot be shown.",
        "still here",
    ]


def test_the_course_team_reads_why_a_block_is_broken() -> None:
    page = visit(Block("falls", "a"), Block("needsthequeue", "b"), Block("box", "box"), viewer=BOB)

    rendered = api.render_unit_blocks(page, ["falls@a", "needsthequeue@b"])

    assert "RuntimeError: &lt;it&gt; fell" in rendered["falls@a"].html
    assert "Service &#x27;xqueue&#x27; is not available." in rendered["needsthequeue@b"].html


def test_a_broken_child_does_not_break_its_parent() -> None:
    box = Block("box", "box", {"xml": "<box title='Box'/>"}, (Block("falls", "f"), Block("counter", "c")))

    rendered = api.render(visit(box), "box@box")

    assert shown(rendered).startswith("Box This part of the page cannot be shown")
    assert shown(rendered).endswith("Count 0 of 3, due None")


def test_a_type_that_is_not_installed_is_named_and_its_children_are_kept_out() -> None:
    rendered = api.render(visit(Block("h5p", "x", {"xml": "<h5p/>"}, (Block("html", "y", {"data": "z"}),))), "h5p@x")

    assert shown(rendered) == "This site cannot show blocks of type “h5p”."


def test_broken_course_xml_is_shown_to_authors_only() -> None:
    seen = visit(Block("error", "e", {"tag": "problem", "contents": "<problem><p></problem>", "error": "mismatch"}))

    assert "mismatch" not in api.render(seen, "error@e").html
    assert "&lt;problem&gt;: mismatch" in api.render(as_seen_by(seen, BOB), "error@e").html


@pytest.mark.parametrize("kind", ["split_test", "conditional", "library_content", "itembank", "randomize"])
def test_containers_that_choose_show_none_of_their_children(kind: str) -> None:
    rendered = api.render(visit(Block(kind, "x", {}, (Block("html", "y", {"data": "secret"}),))), f"{kind}@x")

    assert shown(rendered) == f"This part of the course ({kind}) is not available yet."


def test_what_is_for_the_team_does_not_exist_for_learners() -> None:
    seen = visit(
        Block("wrapper", "w", {}, (Block("html", "h", {"data": "hidden"}, settings={"visible_to_staff_only": True}),))
    )

    assert shown(api.render(seen, "wrapper@w")) == ""
    assert shown(api.render(as_seen_by(seen, BOB), "wrapper@w")) == "hidden"
    with pytest.raises(NoSuchBlock):
        api.render(seen, "html@h")


def test_the_host_decides_what_is_visible() -> None:
    seen = visit(Block("html", "h", {"data": "x"}), visible=lambda block: block.id != "h")

    with pytest.raises(NoSuchBlock):
        api.handle(seen, "html@h", "x", "", posted({}))


def test_children_of_a_unit_are_shown_in_order() -> None:
    seen = visit(Block("html", "a", {"data": "one"}), Block("html", "b", {"data": "two"}))

    assert shown(api.render(seen, "vertical@unit")) == "one two"


def test_visitors_see_what_has_a_public_view_and_are_asked_to_log_in_for_the_rest() -> None:
    seen = visit(Block("html", "a", {"data": "for all"}), Block("counter", "b"), viewer=NOBODY)

    assert shown(api.render(seen, "vertical@unit", "public_view")) == (
        "for all Log in and enrol in the course to see this part."
    )


def test_short_links_in_texts_become_addresses() -> None:
    text = """<img src="/static/a b.png"> <a href='/jump_to_id/x#q'>j</a> <a href="/course/progress">p</a>"""

    rendered = api.render(visit(Block("html", "h", {"data": text})), "html@h")

    assert f"""<img src="/assets/a%20b.png"> <a href='/courses/{RUN}/jump_to_id/x#q'>j</a>""" in rendered.html
    assert f'<a href="/courses/{RUN}/progress">p</a>' in rendered.html


def test_texts_that_name_the_learner_are_made_for_each() -> None:
    seen = visit(Block("html", "h", {"data": "%%USER_ID%% in %%COURSE_ID%%"}))

    assert shown(api.render(seen, "html@h")) == f"a11ce in {RUN}"
    assert shown(api.render(as_seen_by(seen, DAN), "html@h")) == f"da7 in {RUN}"


def test_texts_are_rendered_once_for_everybody() -> None:
    seen = visit(Block("html", "h", {"data": "x"}))
    first = api.render(seen, "html@h")

    second = api.render(as_seen_by(seen, DAN), "html@h")

    assert second is first
    assert len(seen.nodes.calls) == 1


def test_a_new_file_is_seen_in_a_text_that_did_not_change() -> None:
    block = Block("html", "h", {"data": '<img src="/static/a.png">'})
    old = api.render(visit(block, root="old"), "html@h")

    new = api.render(visit(block, root="new"), "html@h")

    assert new == old
    assert new is not old


def test_one_read_of_objects_and_one_of_states_for_any_number_of_blocks() -> None:
    seen = visit(*[Block("counter", f"c{i}") for i in range(5)])

    api.render_unit_blocks(seen, [f"counter@c{i}" for i in range(5)])

    assert len(seen.nodes.calls) == 1
    assert set(seen.state.prefetched) == {StateKey(1, "usage", f"counter@c{i}") for i in range(5)}
    assert set(seen.state.reads) <= set(seen.state.prefetched)


@pytest.mark.parametrize(
    ("text", "legacy", "math"),
    [
        ("plain", False, False),
        ("<script>$(f)</script>", True, False),
        ("<a onclick='x()'>", True, False),
        ("\\(x^2\\)", False, True),
        ("<math><mi>x</mi></math>", False, True),
    ],
)
def test_the_page_is_told_what_a_text_needs(text: str, legacy: bool, math: bool) -> None:
    rendered = api.render(visit(Block("html", "h", {"data": text})), "html@h")

    assert (rendered.legacy, rendered.math, text in rendered.html) == (legacy, math, True)


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


def test_a_handler_cannot_change_what_the_author_wrote() -> None:
    with pytest.raises(HandlerFailed, match="cannot be shown") as caught:
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


def told(name: str, data: Any) -> list[Any]:
    seen: Visit = visit(COUNTER)
    api.handle(seen, KEY, "tell", name, posted(data))
    return seen.sink.all  # type: ignore[attr-defined]


def test_what_blocks_publish_reaches_the_host() -> None:
    assert told("grade", {"value": 1, "max_value": 2}) == [("grade", "counter@c", 1, 2, {})]
    assert told("grade", {"value": 1.5, "max_value": None, "only_if_higher": True, "user_id": 7}) == [
        ("grade", "counter@c", 1.5, None, {"only_if_higher": True, "user_id": 7})
    ]
    assert told("completion", {"completion": 0.5}) == [("completion", "counter@c", 0.5, None)]
    assert told("progress", {}) == [("completion", "counter@c", 1.0, None)]
    assert told("my.event", {"a": [1]}) == [("my.event", "counter@c", {"a": [1]})]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("grade", {"value": "1", "max_value": 2}),
        ("completion", {"completion": 1.5}),
        ("completion", {"completion": None}),
    ],
)
def test_wrong_values_are_refused(name: str, data: Any) -> None:
    with pytest.raises(HandlerFailed):
        told(name, data)


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
