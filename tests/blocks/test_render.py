"""Showing blocks, through the door."""

from __future__ import annotations

import re

import pytest

from lykeion.blocks import api
from lykeion.blocks.types import NoSuchBlock, Rendered, Resource, StateKey
from tests.blocks.visits import BOB, COUNTER, DAN, KEY, NOBODY, RUN, Block, as_seen_by, shown, visit


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
        sorry,
        sorry,
        "Parts of type “gone” cannot be used on this site at the moment.",
        sorry,
        "still here",
    ]


def test_the_course_team_reads_why_a_block_is_broken() -> None:
    page = visit(Block("falls", "a"), Block("needsthequeue", "b"), Block("box", "box"), viewer=BOB)

    rendered = api.render_unit_blocks(page, ["falls@a", "needsthequeue@b"])

    assert "RuntimeError: &lt;it&gt; fell" in rendered["falls@a"].html
    assert "Service &#x27;orchestra&#x27; is not available." in rendered["needsthequeue@b"].html


def test_a_broken_child_does_not_break_its_parent() -> None:
    box = Block("box", "box", {"xml": "<box title='Box'/>"}, (Block("falls", "f"), Block("counter", "c")))

    rendered = api.render(visit(box), "box@box")

    assert shown(rendered).startswith("Box This part of the page cannot be shown")
    assert shown(rendered).endswith("Count 0 of 3, due None")


def test_a_container_that_tries_a_view_is_told_that_there_is_none_and_shows_another() -> None:
    inside = (Block("html", "fine", {"data": "still here"}), Block("falls", "bad"))

    rendered = api.render(visit(Block("showcase", "s", children=inside), viewer=BOB), "showcase@s", "author_view")

    assert "still here" in shown(rendered)
    assert shown(rendered).count("cannot be shown") == 1


def test_a_type_that_is_not_installed_is_named_and_its_children_are_kept_out() -> None:
    rendered = api.render(visit(Block("h5p", "x", {"xml": "<h5p/>"}, (Block("html", "y", {"data": "z"}),))), "h5p@x")

    assert shown(rendered) == "This site cannot show parts of type “h5p”."


def test_broken_course_xml_is_shown_to_authors_only() -> None:
    seen = visit(Block("error", "e", {"tag": "problem", "contents": "<problem><p></problem>", "error": "mismatch"}))

    assert "mismatch" not in api.render(seen, "error@e").html
    assert "&lt;problem&gt;: mismatch" in api.render(as_seen_by(seen, BOB), "error@e").html


@pytest.mark.parametrize("kind", ["split_test", "conditional", "library_content", "itembank", "randomize"])
def test_containers_show_nothing_that_nobody_chose(kind: str) -> None:
    seen = visit(Block(kind, "x", {}, (Block("html", "y", {"data": "secret"}),)))

    rendered = [api.render(seen, f"{kind}@x", view) for view in ("student_view", "public_view")]

    assert ["secret" in one.html for one in rendered] == [False, False]
    assert shown(rendered[1]) == "Log in and enrol in the course to see this part."


def test_what_is_for_the_team_does_not_exist_for_learners() -> None:
    seen = visit(
        Block("wrapper", "w", {}, (Block("html", "h", {"data": "hidden"}, settings={"visible_to_staff_only": True}),))
    )

    assert shown(api.render(seen, "wrapper@w")) == ""
    assert shown(api.render(as_seen_by(seen, BOB), "wrapper@w")) == "hidden"
    with pytest.raises(NoSuchBlock):
        api.render(seen, "html@h")


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


def test_children_that_are_not_shown_are_not_loaded() -> None:
    children = tuple(Block("counter", f"c{i}") for i in range(5))
    shown = {"library_content@x", "counter@c0", "counter@c1"}
    seen = visit(Block("library_content", "x", {}, children), visible=lambda block: block.ref in shown)

    api.render(seen, "library_content@x")

    assert [len(ids) for ids in seen.nodes.calls] == [3]
    assert {key.name for key in seen.state.prefetched} == shown


def test_the_box_of_a_broken_text_is_made_for_each_viewer() -> None:
    seen = visit(Block("fallsforall", "f"), viewer=BOB)

    to_staff, to_learner = api.render(seen, "fallsforall@f"), api.render(as_seen_by(seen, DAN), "fallsforall@f")

    assert "RuntimeError" in to_staff.html
    assert "RuntimeError" not in to_learner.html
