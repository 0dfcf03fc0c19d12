from dataclasses import replace

from django.template.loader import render_to_string

from lykeion.courseware.types import HomePage
from lykeion.learn.views.home import home_context, update_mark
from lykeion.ui.types import OutlineItem
from tests.learn.values import DAY, NOW, alice, home_page, outline


def shown(page, **context):
    values = {"run": alice().run, "visitor": alice(), "home_url": "/home", **home_context(page, outline())}
    return render_to_string("learn/home.html", {**values, **context})


def test_a_subsection_says_what_it_is_and_what_was_done():
    sections = home_context(home_page(), outline())["sections"]

    first, homework = sections[0].group.items
    base = "/courses/course-v1:Lyceum+PHIL1+2026/courseware/wonder"
    assert first == OutlineItem("First steps", f"{base}/first/", "started", current=True, note="1 problem")
    assert homework == OutlineItem(
        "Homework 1", f"{base}/week1/", "todo", kind="Homework", due=NOW + 3 * DAY, note="3 problems"
    )


def test_a_locked_subsection_says_why_and_is_no_link():
    html = shown(home_page())

    assert "Opens on 20 March 2026." in html
    assert "courseware/method/elenchus" not in html


def test_a_collapsed_section_can_be_opened_without_scripts():
    html = shown(home_page())

    assert '<a href="?open=chapter%40later#chapter@later">' in html


def test_an_empty_list_of_handouts_is_no_handouts():
    assert home_context(replace(home_page(), handouts="<div> <ol></ol></div>"), outline())["handouts"] == ""
    assert "Reader" in home_context(home_page(), outline())["handouts"]


def test_the_latest_update_is_shown_until_it_is_put_away():
    page = home_page()
    mark = update_mark(page.updates[0])

    before, after = home_context(page, outline()), home_context(page, outline(), seen=mark)

    assert (before["latest"], before["older"]) == (page.updates[0], page.updates[1:])
    assert (after["latest"], after["older"]) == (None, page.updates)


def test_an_update_that_was_changed_is_shown_again():
    page = home_page()
    seen = update_mark(page.updates[0])
    changed = replace(page, updates=((page.updates[0][0], "<p>Corrected.</p>"),))

    assert home_context(changed, outline(), seen=seen)["latest"] == ("March 9, 2026", "<p>Corrected.</p>")


def test_a_course_with_nothing_in_it_says_so():
    empty = HomePage(sections=(), resume=None, dates=(), updates=(), handouts="", done=0, total=0)

    html = shown(empty)

    assert "Nothing is published yet" in html
    assert "Expand all" not in html


def test_titles_are_text_and_authors_news_is_html():
    page = home_page()
    section = replace(page.sections[0], title="<script>alert(1)</script>")
    html = shown(replace(page, sections=(section,), updates=(("", "<b>News</b>"),)))

    assert "&lt;script&gt;alert(1)" in html
    assert "<b>News</b>" in html
