"""Tabs, updates and textbooks: added, changed, moved, hidden, removed; conflicts told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from lykeion.authoring.api import features, pages, settings, textbooks, updates
from lykeion.authoring.api.textbooks import Chapter
from lykeion.authoring.saving import COURSE, edited
from lykeion.authoring.types import Author, AuthoringError, FieldError
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile, Json, Node
from lykeion.core.keys import CourseLocator
from tests.content.trees import NOON

Enter = Callable[..., Author]


def cohorts(author: Author) -> tuple[bool, bool]:
    """Whether cohorts are on, and whether teachers decided that, as Studio says."""
    found = next(one for one in features.features(author) if one.name == "cohorts")
    return found.on, found.decided


def names(author: Author) -> list[str]:
    return [tab.name for tab in pages.tabs(author)]


def test_a_new_course_has_the_tabs_of_the_platform(author: Enter) -> None:
    found = pages.tabs(author())

    assert [(tab.key, tab.kind) for tab in found] == [
        ("courseware", "fixed"),
        ("course_info", "fixed"),
        ("progress", "here"),
        ("dates", "here"),
        ("pdf_textbooks", "here"),
    ]


def test_a_page_is_added_written_and_moved_but_never_before_the_first_two(author: Enter) -> None:
    slug = pages.add(author(), "Syllabus", at=NOON)
    page = pages.page(author(), slug)

    pages.save_page(author(), slug, name="Plan", html="<p>Read.</p>", staff_only=True, base=page.base, at=NOON)
    pages.move(author(), f"static_tab.{slug}", 0, at=NOON)

    assert names(author()) == ["Course", "Home", "Plan", "Progress", "Dates", "Textbooks"]
    assert pages.page(author(), slug).html == "<p>Read.</p>"
    assert pages.tabs(author())[2].staff_only


def test_two_authors_of_one_page_are_told(author: Enter) -> None:
    slug = pages.add(author(), "Syllabus", at=NOON)
    base = pages.page(author(), slug).base
    pages.save_page(author(), slug, name="Syllabus", html="first", staff_only=False, base=base, at=NOON)

    with pytest.raises(ChangedMeanwhile) as told:
        pages.save_page(author("staff"), slug, name="Syllabus", html="second", staff_only=False, base=base, at=NOON)

    assert told.value.fields == ("data",)
    mine = pages.save_page(
        author("staff"), slug, name="Syllabus", html="second", staff_only=False, base=told.value.present or "", at=NOON
    )
    assert pages.page(author(), slug).base == mine.value


def test_a_page_is_removed_with_its_text(author: Enter) -> None:
    slug = pages.add(author(), "Syllabus", at=NOON)

    pages.remove(author(), slug, at=NOON)

    assert "Syllabus" not in names(author())
    assert content.part(author().root, f"tabs/{slug}") is None
    with pytest.raises(AuthoringError):
        pages.page(author(), slug)


def test_tabs_are_hidden_and_shown_but_not_the_first_two(author: Enter) -> None:
    pages.show(author(), "progress", False, at=NOON)

    assert [tab.key for tab in pages.tabs(author()) if not tab.shown] == ["progress"]
    assert not next(one for one in features.features(author()) if one.name == "progress").on
    features.switch(author(), "progress", True, at=NOON)
    assert all(tab.shown for tab in pages.tabs(author()))
    with pytest.raises(AuthoringError):
        pages.show(author(), "courseware", False, at=NOON)
    with pytest.raises(AuthoringError):
        pages.move(author(), "course_info", 4, at=NOON)


def test_features_are_switched(author: Enter) -> None:
    features.switch(author(), "cohorts", True, at=NOON)
    features.switch(author(), "enable_subsection_gating", True, at=NOON)

    assert {one.name for one in features.features(author()) if not one.tab and one.on} == {
        "cohorts",
        "enable_subsection_gating",
    }
    assert settings.unpublished(author(), "features") == ("cohort_config", "enable_subsection_gating")
    with pytest.raises(AuthoringError):
        features.switch(author(), "calculator", True, at=NOON)


@pytest.mark.parametrize("by_team", [True, False])
def test_cohorts_are_on_or_off_as_teachers_switched_them(author: Enter, run: CourseLocator, by_team: bool) -> None:
    features.switch(author(), "cohorts", not by_team, at=NOON)
    settings.publish(author(), "features", at=NOON)
    before = catalog.run(run).cohorted
    catalog.set_cohorted(run, by_team, at=NOON)

    assert (before, cohorts(author())) == (not by_team, (by_team, True))
    with pytest.raises(AuthoringError, match="Teachers have switched this"):
        features.switch(author(), "cohorts", not by_team, at=NOON)
    catalog.set_cohorted(run, None, at=NOON)
    assert cohorts(author()) == (not by_team, False)


@pytest.mark.parametrize("said", [{"cohort": True}, {"cohort": True, "cohorted": False, "auto_cohort_groups": ["a"]}])
def test_cohorts_of_an_old_course_are_switched_off(author: Enter, run: CourseLocator, said: dict[str, Json]) -> None:
    edited(author(), lambda draft: draft.update(COURSE, {"cohort_config": said}), at=NOON, why="")
    before = cohorts(author())

    features.switch(author(), "cohorts", False, at=NOON)
    settings.publish(author(), "features", at=NOON)

    assert (before, cohorts(author()), catalog.run(run).cohorted) == ((True, False), (False, False), False)


def test_updates_are_newest_first_with_the_dates_of_open_edx(author: Enter) -> None:
    updates.add(author(), day=date(2026, 11, 2), html="<p>One</p>", at=NOON)
    second = updates.add(author(), day=date(2026, 11, 26), html="<p>Two</p>", at=NOON)

    found = updates.updates(author())
    updates.save_update(author(), second, day=date(2026, 12, 1), html="<p>2</p>", base=found[0].base, at=NOON)

    assert [(one.date, one.html) for one in updates.updates(author())] == [
        ("December 01, 2026", "<p>2</p>"),
        ("November 02, 2026", "<p>One</p>"),
    ]
    with pytest.raises(ChangedMeanwhile):
        updates.save_update(author(), second, day=None, html="<p>3</p>", base=found[0].base, at=NOON)
    with pytest.raises(FieldError):
        updates.add(author(), day=date(2026, 11, 2), html="  ", at=NOON)


def test_an_update_is_marked_as_deleted_and_taken_back(author: Enter) -> None:
    number = updates.add(author(), day=date(2026, 11, 2), html="<p>One</p>", at=NOON)

    edit = updates.remove(author(), number, at=NOON)

    assert updates.updates(author()) == []
    settings.take_back(author(), edit.old, edit.new, at=NOON)
    assert [one.html for one in updates.updates(author())] == ["<p>One</p>"]


def test_updates_of_old_courses_are_one_item(author: Enter) -> None:
    old = Node("course_info", {"data": "<ol><li>Old news</li></ol>"})
    content.edit(author().run, lambda draft: draft.set_part("info/updates", old), author="carol", at=NOON)

    updates.add(author(), day=date(2026, 11, 2), html="<p>New</p>", at=NOON)

    assert [one.html for one in updates.updates(author())] == ["<p>New</p>", "<ol><li>Old news</li></ol>"]


def test_handouts_are_saved_and_told_of(author: Enter) -> None:
    _html, base = updates.handouts(author())
    updates.save_handouts(author(), "<p>Read this</p>", base=base, at=NOON)

    assert updates.handouts(author())[0] == "<p>Read this</p>"
    with pytest.raises(ChangedMeanwhile):
        updates.save_handouts(author("staff"), "<p>Read that</p>", base=base, at=NOON)


def test_texts_keep_every_byte_that_nobody_edited(author: Enter) -> None:
    old = "<h3  class='x' >Rivers</h3>\r\n<p>They run</p>\r\n "
    slug = pages.add(author(), "Syllabus", at=NOON)

    def bring(draft: content.Draft) -> None:
        draft.set_part(f"tabs/{slug}", Node("static_tab", {"data": old}))
        draft.set_part("info/handouts", Node("course_info", {"data": old}))
        items = [{"id": 1, "date": "", "content": old, "status": "visible"}]
        draft.set_part("info/updates", Node("course_info", {"data": "", "items": items}))

    content.edit(author().run, bring, author="carol", at=NOON)
    typed = old.replace("run", "rest")  # browsers send \r\n for every line end
    pages.save_page(author(), slug, name="Syllabus", html=typed, staff_only=False, base="", at=NOON)
    updates.save_update(author(), 1, day=None, html=typed, base="", at=NOON)
    updates.save_handouts(author(), typed, base="", at=NOON)

    assert pages.page(author(), slug).html == typed
    assert updates.handouts(author())[0] == typed
    assert updates.updates(author())[0].html == typed
    mine = pages.add(author(), "Plan", at=NOON)
    pages.save_page(author(), mine, name="Plan", html="one\r\ntwo", staff_only=False, base="", at=NOON)
    assert pages.page(author(), mine).html == "one\ntwo"


def test_a_textbook_has_chapters_and_a_tab(author: Enter) -> None:
    pages.show(author(), "dates", False, at=NOON)  # the course lists its tabs now
    book = textbooks.add(author(), "Rivers", at=NOON)
    [found] = textbooks.textbooks(author())
    chapters = [Chapter("One", "/static/one.pdf"), Chapter("", ""), Chapter("Two", "https://example.org/two.pdf")]

    textbooks.save_textbook(author(), book, title="Great rivers", chapters=chapters, base=found.base, at=NOON)

    [found] = textbooks.textbooks(author())
    assert (found.title, found.chapters) == (
        "Great rivers",
        (Chapter("One", "/static/one.pdf", missing=True), Chapter("Two", "https://example.org/two.pdf")),
    )
    assert pages.tabs(author())[-1].key == "pdf_textbooks"
    with pytest.raises(FieldError) as refused:
        textbooks.save_textbook(
            author(), book, title="R", chapters=[Chapter("One", "javascript:alert(1)")], base="", at=NOON
        )
    assert refused.value.field == "chapter_url-0"
    textbooks.remove(author(), book, at=NOON)
    assert textbooks.textbooks(author()) == []
