"""Authors type text, not XML; markup that they mean stays markup."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lykeion.capa.authoring.texts import html_of, paragraphs_of, text_of, text_of_paragraphs

TYPED = {
    "a < b & c": "a &lt; b &amp; c",
    "<b>x</b>&nbsp;y": "<b>x</b>\xa0y",
    "x > 2": "x &gt; 2",
    "<b>open": "&lt;b&gt;open",
    r"\(a < b\)": r"\(a &lt; b\)",
    '"said"': '"said"',
}


@pytest.mark.parametrize("text", TYPED)
def test_what_is_typed_is_kept_as_xml(text: str) -> None:
    assert html_of(text) == TYPED[text]


def test_what_is_kept_is_shown_as_it_was_typed() -> None:
    assert text_of("a &lt; b &amp; c") == "a < b & c"
    assert text_of("&lt;b&gt;x&lt;/b&gt;") == "&lt;b&gt;x&lt;/b&gt;"


PARAGRAPHS = {
    "One": "<p>One</p>",
    "One\nstill one\n\n\nTwo <i>a</i>": "<p>One\nstill one</p>\n<p>Two <i>a</i></p>",
    "<ul><li>a</li></ul>": "<ul><li>a</li></ul>",
    "": "",
}


@pytest.mark.parametrize("text", PARAGRAPHS)
def test_blank_lines_part_paragraphs_and_come_back_as_blank_lines(text: str) -> None:
    assert paragraphs_of(text) == PARAGRAPHS[text]
    assert paragraphs_of(text_of_paragraphs(PARAGRAPHS[text])) == PARAGRAPHS[text]


def test_paragraphs_with_more_than_words_are_shown_as_they_are() -> None:
    for html in (
        '<p class="a">One</p>',
        "loose <p>a</p>",
        "<p>a</p> loose",
        "<p>a</p><hr/>",
        "words",
        "<p>a</p><p/>",
        "<p>a\n\nb</p>",
    ):
        assert text_of_paragraphs(html) == html


@settings(max_examples=80, deadline=None)
@given(st.text("ab<>&;lt/=\"'p \n\\(", max_size=20))
def test_whatever_is_typed_is_well_formed_and_comes_back(text: str) -> None:
    html = html_of(text)

    etree.fromstring(f"<x>{html}</x>")
    assert html_of(text_of(html)) == html
    blocks = paragraphs_of(text)
    etree.fromstring(f"<x>{blocks}</x>")
    assert paragraphs_of(text_of_paragraphs(blocks)) == blocks


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("ab<&\n ", max_size=8).map(lambda text: f"<p>{escape(text)}</p>"), max_size=3).map("".join))
def test_paragraphs_lose_nothing(html: str) -> None:
    shown = text_of_paragraphs(html)

    if shown != html:
        kept = etree.fromstring(f"<x>{paragraphs_of(shown)}</x>")
        assert [(part.text or "").strip() for part in kept] == [
            (part.text or "").strip() for part in etree.fromstring(f"<x>{html}</x>")
        ]
