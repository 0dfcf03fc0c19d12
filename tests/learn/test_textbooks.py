"""Textbooks as courses list them."""

from __future__ import annotations

import pytest

from lykeion.learn.textbooks import Chapter, Textbook, read_textbooks
from tests.learn.values import KEY


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
