import logging
from dataclasses import replace

import pytest

from lykeion.blocks.api import placed_html, resource_html
from lykeion.blocks.types import Rendered, Resource
from lykeion.learn.pageparts import strip_html, unit_html
from tests.learn.values import outline, unit_page


def test_each_resource_is_loaded_once_where_it_belongs():
    rendered = unit_page().page

    assert placed_html(rendered, "head") == '<link rel="stylesheet" href="/static/choose.css">'
    assert placed_html(rendered, "foot") == r"<script>window.Choose = () => 0; // <\/script></script>"


def test_text_cannot_end_its_tag_early():
    style = Resource("text", "a{}</style><script>alert(1)</script>", "text/css", "head")
    address = Resource("url", '"><script>alert(1)</script>', "application/javascript", "head")

    assert resource_html(style).count("</style") == 1
    assert "<script>alert" not in resource_html(address)


def test_templates_of_blocks_are_there_for_their_scripts_but_do_not_run():
    template = Resource("text", "<p>{{ name }}</p>", "text/x-handlebars", "foot")

    assert resource_html(template) == '<script type="text/x-handlebars"><p>{{ name }}</p></script>'


def test_a_file_that_pages_cannot_load_is_left_out_and_logged(caplog):
    with caplog.at_level(logging.WARNING):
        html = resource_html(Resource("url", "/a.bin", "application/octet-stream", "head"))

    assert html == ""
    assert "/a.bin" in caplog.text


def test_html_of_a_block_stands_on_the_page_as_it_is():
    assert placed_html(Rendered("", (Resource("text", "<template></template>", "text/html", "head"),)), "head") == (
        "<template></template>"
    )


@pytest.mark.parametrize(("index", "watched"), [(0, True), (1, False)])
def test_only_blocks_that_seeing_completes_are_watched(index, watched):
    frames = unit_html(unit_page(), "/done", "t").split('<div class="unit-block"')[1:]

    assert ('data-controller="completion" data-completion-url-value="/done"' in frames[index]) is watched


def test_a_block_that_is_complete_is_not_watched_again():
    page = unit_page()
    seen = replace(page.blocks[0], html="<p>", complete=True)
    page = replace(page, blocks=(seen,))

    assert unit_html(page, "/done", "t") == '<div class="unit-block" id="html@words"><p></div>'


def test_the_strip_says_in_words_what_its_icons_say():
    hello, current = unit_page().tabs

    strip = strip_html((replace(hello, title="<b>Hello</b>"), current), outline(), {"id": "s"})

    first, second = strip.split("</li>")[:2]
    assert "&lt;b&gt;Hello" in first
    assert 'href="/courses/course-v1:Lyceum+PHIL1+2026/courseware/wonder/first/1/"' in first
    assert ", complete</span>" in first
    assert " data-complete" in first
    assert ", bookmarked</span>" in second
    assert 'aria-current="page"' in second
    assert ", complete" not in second
    assert "&quot;id&quot;: &quot;s&quot;, &quot;target_tab&quot;: 2" in second
