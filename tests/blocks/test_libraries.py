from __future__ import annotations

import pytest

from lykeion.blocks import api
from lykeion.blocks.libraries import named_in, with_libraries
from lykeion.blocks.resources import script_at
from lykeion.blocks.types import Resource
from tests.blocks.visits import Block, visit

PATTERN = "/xblock/resource/TYPE/FILE"


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("$('#a').sortable({})", ("jquery-ui",)),
        ("$.ui.autocomplete({}, element)", ("jquery-ui",)),
        ("var M = Backbone.Model.extend({})", ("backbone",)),
        ("$('a', element).leanModal(); $.cookie('x')", ("small",)),
        ("CodeMirror.fromTextArea(area)", ("codemirror",)),
        ("$(el).qtip({}); $('input').fileupload({}); URI(here).query()", ("fileupload", "qtip", "uri")),
        ("tinymce.init({})", ("tinymce",)),
        ("$(element).find('.tab').on('click', go); fetch(url); encodeURIComponent(x)", ()),
        ("// no spine, just a backbone", ()),
    ],
)
def test_a_script_names_the_libraries_it_uses(script: str, named: tuple[str, ...]) -> None:
    assert named_in(script) == named


def test_libraries_go_before_what_names_them_with_their_styles() -> None:
    own = Resource("url", "/own.js", "application/javascript", "foot")

    found = with_libraries((own,), "", lambda url: "$(x).dialog()", lambda name: f"/static/{name}")

    assert found == (
        Resource("url", "/static/ui/legacy/jquery-ui.css", "text/css", "head"),
        Resource("url", "/static/ui/legacy/jquery-ui.js", "text/javascript", "head"),
        own,
    )


def test_scripts_in_html_are_looked_at_and_styles_are_not() -> None:
    style = Resource("text", "Backbone.", "text/css", "head")

    assert with_libraries((style,), "", lambda url: None, str) == (style,)
    assert len(with_libraries((), "<script>URI(1)</script>", lambda url: None, str)) == 1


def test_scripts_of_packages_and_of_apps_can_be_read_and_no_others() -> None:
    assert "success" in (script_at("/xblock/resource/acid/public/test_data.json", PATTERN) or "")
    assert "htmx" in (script_at("/static/django_htmx/django-htmx.js?v=1", PATTERN) or "")
    assert script_at("/xblock/resource/acid/public/none.js", PATTERN) is None
    assert script_at("https://example.org/xblock/resource/acid/x.js", PATTERN) is None
    assert script_at("/static/../settings.py", PATTERN) is None


def test_a_page_without_scripts_has_no_libraries() -> None:
    page = visit(Block("html", "a", {"data": "<p>Backbone. $.ui</p>"}))

    assert api.render(page, "html@a").resources == ()
