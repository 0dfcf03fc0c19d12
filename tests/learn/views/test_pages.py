import json
import time

from django.template.loader import render_to_string

from lykeion.learn.views.pages import bookmark_row, has_title
from tests.learn.values import KEY, alice, bookmarks


def shown(rows):
    return render_to_string("learn/bookmarks.html", {"run": alice().run, "visitor": alice(), "rows": rows})


def test_a_bookmark_leads_to_its_unit_and_can_be_taken_away():
    row = bookmark_row(bookmarks()[0], alice())

    assert row.url == f"/courses/{KEY}/courseware/wonder/first/2/"
    assert row.remove_url == f"/courses/{KEY}/bookmarks/block-v1:Lyceum+PHIL1+2026+type@vertical+block@try"
    assert "Remove the bookmark of Try it" in shown([row])
    assert json.loads(row.event) == {
        "course_id": str(KEY),
        "bookmark_id": "alice,block-v1:Lyceum+PHIL1+2026+type@vertical+block@try",
        "component_type": "vertical",
        "component_usage_id": "block-v1:Lyceum+PHIL1+2026+type@vertical+block@try",
    }
    assert 'data-event="edx.bookmark.accessed" data-event-detail="{&quot;course_id' in shown([row])


def test_a_bookmark_of_a_unit_that_is_gone_is_shown_without_a_link():
    html = shown([bookmark_row(bookmarks()[1], alice())])

    assert "An old unit" in html
    assert "Not in the course any more" in html
    assert "trash" not in html


def test_somebody_without_bookmarks_is_told_how_to_set_one():
    assert "No bookmarks yet" in shown([])


def test_a_heading_is_looked_for_in_no_time():
    started = time.monotonic()

    assert not has_title("<h1" * 200_000, "Syllabus")
    assert has_title('<p>x</p><h2 class="a">Syllabus</h2>', "Syllabus")
    assert time.monotonic() - started < 1
