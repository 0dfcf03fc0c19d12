"""Areas of settings: what learners do not see yet, published and discarded alone, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.authoring.api import pages, settings
from lykeion.authoring.saving import COURSE, UNSET, save
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile, Node
from lykeion.core.keys import CourseLocator
from tests.content.trees import NOON

Enter = Callable[..., Author]


def draft_field(author: Author, name: str) -> object:
    course = content.part(content.head(author.run, "draft"), "course")
    assert course is not None
    return course.fields.get(name)


def live_field(author: Author, name: str) -> object:
    course = content.part(content.head(author.run), "course")
    assert course is not None
    return course.fields.get(name)


def set_field(author: Author, base: str | None = None, **fields: object) -> None:
    save(author, fields=fields, parts={}, base=base, at=NOON, why=f"Edited: {COURSE}")  # type: ignore[arg-type]


def test_an_area_tells_what_learners_do_not_see(author: Enter) -> None:
    save(
        author(),
        fields={"end": "2030-01-01T00:00:00Z", "user_partitions": []},
        parts={"about/overview": Node("about", {"data": "x"})},
        base=None,
        at=NOON,
        why="Edited",
    )

    found = {name: settings.unpublished(author(), name) for name in settings.AREAS}

    assert {name: names for name, names in found.items() if names} == {
        "schedule": ("end", "about/overview"),
        "groups": ("user_partitions",),
        "advanced": ("end", "user_partitions"),
    }


def test_one_area_is_published_and_nothing_else(author: Enter) -> None:
    set_field(author(), end="2030-01-01T00:00:00Z", user_partitions=[])
    content.edit(author().run, lambda draft: draft.remove("html@text"), author="carol", at=NOON)

    settings.publish(author(), "schedule", at=NOON)

    assert (live_field(author(), "end"), live_field(author(), "user_partitions")) == ("2030-01-01T00:00:00Z", None)
    assert content.outline(author().run).get("html@text") is not None
    assert settings.unpublished(author(), "schedule") == ()


def test_an_area_is_discarded_alone(author: Enter) -> None:
    set_field(author(), end="2030-01-01T00:00:00Z", user_partitions=[])

    settings.discard(author(), "schedule", at=NOON)

    assert (draft_field(author(), "end"), draft_field(author(), "user_partitions")) == (None, [])


def test_two_authors_of_different_fields_do_not_meet_and_of_one_field_are_told(author: Enter) -> None:
    first, second = author("carol"), author("staff")
    set_field(first, first.root, end="2030-01-01T00:00:00Z")

    set_field(second, second.root, language="de")
    with pytest.raises(ChangedMeanwhile) as told:
        set_field(second, second.root, end="2031-01-01T00:00:00Z")

    assert (told.value.fields, told.value.present) == (("end",), content.head(first.run, "draft"))
    assert (draft_field(first, "end"), draft_field(first, "language")) == ("2030-01-01T00:00:00Z", "de")


def test_an_edit_is_taken_back_and_what_came_after_stays(author: Enter) -> None:
    pages.add(author(), "Syllabus", at=NOON)
    tab = pages.tabs(author())[-1]
    removed = pages.remove(author(), tab.slug, at=NOON)
    set_field(author(), language="de")

    settings.take_back(author(), removed.old, removed.new, at=NOON)

    assert [one.name for one in pages.tabs(author())][-1] == "Syllabus"
    assert content.part(author().root, f"tabs/{tab.slug}") is not None
    assert draft_field(author(), "language") == "de"


def test_what_was_changed_again_is_not_taken_back(author: Enter) -> None:
    old = author().root
    set_field(author(), language="de")
    new = author().root
    set_field(author(), language="fr")

    with pytest.raises(ChangedMeanwhile):
        settings.take_back(author(), old, new, at=NOON)
    with pytest.raises(AuthoringError, match="cannot be undone"):
        settings.take_back(author(), new, old, at=NOON)

    assert draft_field(author(), "language") == "fr"


def test_an_editor_neither_publishes_nor_takes_settings_back(author: Enter) -> None:
    old = author().root
    set_field(author(), user_partitions=[])
    new = author().root

    with pytest.raises(NotAllowed):
        settings.take_back(author("editor"), old, new, at=NOON)
    with pytest.raises(NotAllowed):
        settings.publish(author("editor"), "pages", at=NOON)


def test_a_field_that_is_unset_is_gone(author: Enter, run: CourseLocator) -> None:
    set_field(author(), language="de")

    set_field(author(), language=UNSET)

    assert "language" not in content.part(content.head(run, "draft"), "course").fields  # type: ignore[union-attr]


def test_what_publishing_an_area_changes_is_told_in_words_and_nothing_else_of_the_draft(author: Enter) -> None:
    texts = {"about/overview": Node("about", {"data": "<p>All about rivers.</p>"})}
    save(author(), fields={"self_paced": False}, parts=texts, base=None, at=NOON, why="Before")
    settings.publish(author(), "schedule", at=NOON)
    texts = {"about/overview": Node("about", {"data": "<p>All about seas.</p>"})}
    fields = {"self_paced": True, "user_partitions": [{"id": 1, "name": "Fish", "groups": [{"id": 2, "name": "Eels"}]}]}
    save(author(), fields=fields, parts=texts, base=None, at=NOON, why="After")

    schedule, groups = settings.difference(author(), "schedule"), settings.difference(author(), "groups")

    assert [(one.kind, one.title, [line.words for line in one.lines]) for one in schedule.changed] == [
        ("Course", "Waters", ["At the learner's own pace: yes (it was: no)"]),
        ("About page", "Overview", ["Text changed."]),
    ]
    assert [span.text for span in schedule.changed[1].lines[0].new if span.kind == "new"] == ["seas"]
    assert [line.words for line in groups.changed[0].lines] == ["Groups changed."]
    laid_out = "".join(span.text for span in groups.changed[0].lines[0].new)
    assert sorted(line.strip() for line in laid_out.splitlines()) == [
        "Groups:", "Id: 1", "Id: 2", "Name: Eels", "Name: Fish", "•", "•",
    ]  # fmt: skip


def test_nobody_publishes_settings_that_they_did_not_read(author: Enter) -> None:
    set_field(author(), end="2030-01-01T00:00:00Z")
    seen = author().root
    set_field(author(), user_partitions=[])
    settings.publish(author(), "schedule", seen=seen, at=NOON)  # what changed since is on another page
    set_field(author(), end="2031-01-01T00:00:00Z")

    with pytest.raises(AuthoringError, match="Look at the changes once more"):
        settings.publish(author(), "schedule", seen=seen, at=NOON)

    assert live_field(author(), "end") == "2030-01-01T00:00:00Z"
