"""Textbooks as courses list them."""

from __future__ import annotations

import json

import lxml.html
import pytest
from django.template.loader import render_to_string

from lykeion.learn.textbooks import Chapter, Textbook, read_textbooks
from lykeion.learn.views.textbooks import shown_context
from tests.learn.values import KEY, alice


def test_textbooks_without_anything_to_open_are_left_out():
    stored = [
        {
            "tab_title": "Rivers",
            "chapters": [{"title": "One", "url": "/static/1.pdf"}, {"title": "Bad", "url": "js:1"}],
        },
        {"tab_title": "Empty", "chapters": []},
        {"chapters": [{"title": "One", "url": "/static/1.pdf"}]},
        {"tab_title": "Old", "url": "https://example.org/old.pdf"},
        "nonsense",
    ]

    assert read_textbooks(stored) == (
        Textbook("Rivers", (Chapter("One", "/static/1.pdf"),)),
        Textbook("Old", (Chapter("Old", "https://example.org/old.pdf"),)),
    )
    assert read_textbooks(None) == ()


@pytest.mark.parametrize(
    ("url", "page", "address"),
    [
        ("/static/a b.pdf", None, f"/asset-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@asset+block/a%20b.pdf"),
        ("/static/a.pdf#page=2", 7, f"/asset-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@asset+block/a.pdf#page=7"),
        ("https://example.org/b.pdf", 3, "https://example.org/b.pdf#page=3"),
    ],
)
def test_a_chapter_is_opened_at_a_page(url, page, address):
    assert Chapter("One", url).address(KEY, page) == address


def test_the_page_tells_of_chapters_and_of_the_page_that_was_asked_for():
    book = Textbook("Rivers", (Chapter("One", "/static/1.pdf"), Chapter("Two", "/static/2.pdf")))
    visitor = alice()

    html = render_to_string("learn/textbook.html", {"run": visitor.run, **shown_context(visitor, book, 0, 2, 5)})

    found = lxml.html.fromstring(html)
    [turned] = found.xpath("//*[@data-event-shown='textbook.pdf.page.navigated']/@data-event-detail")
    links = found.xpath("//a[@data-event='textbook.pdf.chapter.navigated']/@data-event-detail")
    address = f"/asset-v1:{KEY.org}+{KEY.course}+{KEY.run}+type@asset+block"
    assert json.loads(turned) == {"name": "textbook.pdf.page.navigated", "chapter": f"{address}/2.pdf", "page": 5}
    assert [json.loads(link)["chapter_title"] for link in links] == ["One", "Two"]
