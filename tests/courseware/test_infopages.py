import time

import pytest

from lykeion.content.types import Node
from lykeion.courseware.infopages import is_blank, read_updates


@pytest.mark.parametrize(
    ("html", "blank"),
    [
        ("", True),
        ("<ol></ol>", True),
        (" <p>\n</p> ", True),
        ("<p>x</p>", False),
        ('<ol><IMG src="a.png"></ol>', False),
    ],
)
def test_an_empty_list_shows_nothing(html: str, blank: bool) -> None:
    assert is_blank(html) is blank


def test_updates_without_a_list_of_items_are_one_item() -> None:
    assert read_updates(Node("course_info", {"data": "<p>Hello</p>"})) == [("", "<p>Hello</p>")]
    assert read_updates(Node("course_info", {"data": "<ol/>"})) == []
    assert read_updates(Node("course_info", {"items": ["odd", {"content": "<p>Hi</p>"}]})) == [("", "<p>Hi</p>")]


def test_a_page_of_broken_tags_is_looked_at_in_no_time() -> None:
    started = time.monotonic()

    is_blank("<" * 300_000)

    assert time.monotonic() - started < 1
