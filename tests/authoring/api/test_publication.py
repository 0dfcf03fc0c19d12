"""What learners would see change, in words; publishing and discarding."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.authoring.api import outline, publication
from lykeion.authoring.texts import Span
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.core.clock import now

Enter = Callable[..., Author]


def words(difference: publication.Difference) -> list[tuple[str, str, list[str]]]:
    return [(one.kind, one.title, [line.words for line in one.lines]) for one in difference.changed]


def test_a_change_is_told_in_words(author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    content.edit(
        author().run,
        lambda draft: (
            draft.update("problem@sum", {"data": "<problem><p>2+3</p></problem>", "max_attempts": 3}),
            draft.update("html@text", {"data": "<p class='big'>Rivers run.</p>"}),
            draft.update("sequential@sub", {"due": "2027-03-01T12:00:00Z", "graded": True}),
            draft.move("vertical@unit", "sequential@sub", 1),
        ),
        author="carol",
        at=now(),
    )

    found = publication.publishing(author(), "sequential@sub")

    assert words(found) == [
        (
            "Subsection",
            "Reading",
            [
                "Due date: March 1, 2027, noon (UTC) (it was: not set)",
                "Graded: yes (it was: not set)",
                "The order of what is in it is different.",
            ],
        ),
        ("Unit", "Streams", ["Renamed: it was called “Rivers”."]),
        ("Text", "Text", ["Text: the words are the same, what is behind them changed."]),
        ("Problem", "Sum", ["Text changed.", "Attempts: 3 (it was: not set)"]),
    ]
    assert found.rewrites_problems
    line = found.changed[3].lines[0]
    assert line.old == (Span("same", "2+"), Span("gone", "2"))
    assert line.new == (Span("same", "2+"), Span("new", "3"))
    assert found.changed[3].where == ("Week 1", "Reading", "Streams")


def test_what_came_went_and_moved_is_told_once(author: Enter) -> None:
    made = outline.add_deep(author(), "chapter@week1", ["Later", "Seas"], at=now())
    outline.remove(author(), "vertical@second", at=now())
    outline.move(author(), "vertical@unit", outline.way(author(), made)[1].ref, at=now())

    found = publication.publishing(author())

    assert words(found) == [
        ("Subsection", "Later", ["New, with 2 parts in it."]),
        ("Unit", "Rivers", ["Moved from “Reading” to “Later”."]),
        ("Unit", "Lakes", ["Taken away."]),
    ]
    assert not found.rewrites_problems


def test_publishing_shows_learners_one_unit_and_leaves_the_rest(author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    outline.rename(author(), "vertical@second", "Ponds", base=None, at=now())

    publication.publish(author(), "vertical@unit", seen=author().root, at=now())

    assert [one.status for one in outline.items(author(), "sequential@sub")] == ["published", "changed"]
    assert not publication.publishing(author(), "vertical@unit")
    with pytest.raises(NotAllowed):
        publication.publish(author("editor"), "vertical@second", at=now())


def test_nobody_publishes_what_they_have_not_read(author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    seen = author().root
    outline.rename(author("editor"), "vertical@second", "Ponds", base=None, at=now())
    publication.publish(author(), "vertical@unit", seen=seen, at=now())  # the unit is as it was seen

    with pytest.raises(AuthoringError, match="Look at the changes once more"):
        publication.publish(author(), seen=seen, at=now())


def test_discarding_tells_what_is_lost(author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())

    assert words(publication.discarding(author(), "vertical@unit")) == [
        ("Unit", "Rivers", ["Renamed: it was called “Streams”."])
    ]


def test_pages_and_files_are_told_too(author: Enter) -> None:
    from lykeion.content.types import Node

    page = Node("static_tab", {"display_name": "Syllabus"})
    content.edit(author().run, lambda draft: draft.set_part("tabs/syllabus", page), author="carol", at=now())

    assert words(publication.publishing(author())) == [("Page", "Syllabus", ["New."])]
