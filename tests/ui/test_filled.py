from django.utils.safestring import mark_safe

from lykeion.ui.filled import filled

BOOKMARK = "learn/parts/bookmark.html"


def test_holes_are_filled_with_escaped_text_or_safe_html():
    html = filled(BOOKMARK, {"url": '/a"><b>', "token": mark_safe("<i>")}, on="")

    assert 'action="/a&quot;&gt;&lt;b&gt;"' in html
    assert 'value="<i>"' in html


def test_what_fills_a_hole_is_never_a_hole_itself():
    html = filled(BOOKMARK, {"url": "/@@token@@", "token": "s3cret"}, on="1")

    assert 'action="/@@token@@"' in html


def test_an_empty_hole_counts_as_empty():
    holes = {"previous": "", "next": "/2/", "step": "{}", "next_title": "", "home": "/"}

    html = filled("learn/parts/unit_foot.html", holes)

    assert 'rel="prev"' not in html
    assert 'href="/2/"' in html
    assert "<span>Next</span>" in html
