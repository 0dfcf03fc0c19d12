from __future__ import annotations

import json

import pytest
from web_fragments.fragment import Fragment
from xblock.scorable import Score

from lykeion.blocks.fragments import element, has_mathematics, has_script, merged, resources_of, script_json
from lykeion.blocks.types import Rendered, Resource

CSS = Resource("text", ".a {}", "text/css", "head")
JS = Resource("url", "/a.js", "application/javascript", "foot")


@pytest.mark.parametrize("value", ["</script>", "<!--<script>", "]]>", "&amp;", "\u2028", {"a": ["<"]}, None, 1.5])
def test_nothing_in_arguments_can_end_the_script_that_holds_them(value: object) -> None:
    text = script_json(value)

    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028")


def test_arguments_may_hold_what_blocks_hold() -> None:
    assert json.loads(script_json({"score": Score(1, 2)})) == {"score": {"raw_earned": 1, "raw_possible": 2}}


def test_data_is_escaped_and_absent_data_left_out() -> None:
    assert element("x", {"name": '"><b>', "init": None, "n": 0}, Fragment("in")) == (
        '<div class="x" data-name="&quot;&gt;&lt;b&gt;" data-n="0">in</div>'
    )


def test_a_resource_is_wanted_once() -> None:
    fragment = Fragment()
    for _ in range(2):
        fragment.add_css(".a {}")
        fragment.add_javascript_url("/a.js")

    assert resources_of(fragment) == (CSS, JS)


def test_parts_of_a_page_add_up() -> None:
    parts = [Rendered("a", (CSS,), legacy=True), Rendered("b", (JS, CSS), math=True)]

    assert merged(parts) == Rendered("ab", (CSS, JS), legacy=True, math=True)
    assert merged([]) == Rendered("")


def test_scripts_and_mathematics_are_noticed() -> None:
    assert [has_script(text) for text in ("<script>", '<a onclick="x">', "<p>on click</p>")] == [True, True, False]
    assert [has_mathematics(text) for text in ("\\[x\\]", "[mathjaxinline]", "$5 and $6")] == [True, True, False]
