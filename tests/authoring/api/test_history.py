"""What was done, old versions, and getting them back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.authoring.api import history, outline, publication
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.core.clock import now
from tests.content.trees import root_of

Enter = Callable[..., Author]


def told(author: Author, **more: object) -> list[tuple[str, str, str, str]]:
    found, _more = history.entries(author, **more)  # type: ignore[arg-type]
    return [(one.branch, one.verb, one.title, one.who) for one in found]


def test_every_change_and_publish_is_told_newest_first(author: Enter) -> None:
    outline.rename(author("editor"), "vertical@unit", "Streams", base=None, at=now())
    publication.publish(author(), "vertical@unit", at=now())
    outline.remove(author(), "vertical@second", at=now())

    assert told(author()) == [
        ("draft", "Removed", "Lakes", "carol"),
        ("published", "Published", "Streams", "carol"),
        ("draft", "Renamed", "Streams", "editor"),
        ("draft", "Made", "", "carol"),
    ]
    assert told(author(), skip=1, limit=1) == [("published", "Published", "Streams", "carol")]


def test_the_history_of_one_block_has_what_touched_it_and_no_more(author: Enter) -> None:
    outline.rename(author(), "vertical@second", "Other", base=None, at=now())
    outline.rename(author(), "html@text", "Words", base=None, at=now())
    other = outline.add(author(), "chapter@week1", "sequential", "Later", at=now())
    outline.move(author(), "vertical@unit", other, at=now())

    found = told(author(), ref="vertical@unit")

    assert [verb for _branch, verb, _title, _who in found] == ["Moved", "Renamed", "Made"]


def test_an_old_version_can_be_looked_at_and_had_again(author: Enter) -> None:
    before = author().root
    content.edit(
        author().run, lambda draft: draft.update("html@text", {"data": "<p>Worse.</p>"}), author="editor", at=now()
    )
    old = history.version(author(), before, "vertical@unit")
    assert (old.title, old.current) == ("Rivers", False)
    assert old.made is not None
    assert old.made.verb == "Made"
    assert "Rivers run." in history.shown(old, at=now()).components[0].html

    history.restore(author(), before, "vertical@unit", at=now())

    assert outline.item(author(), "html@text").fields["data"] == "<p>Rivers run.</p>"
    assert told(author())[0][1] == "Restored"
    assert history.version(author(), before, "vertical@unit").current


def test_one_block_of_an_old_version_is_shown_alone(author: Enter) -> None:
    shown = history.shown(history.version(author(), author().root, "html@text"), at=now())

    assert [one.item.ref for one in shown.components] == ["html@text"]
    assert "Rivers run." in shown.components[0].html


def test_restoring_takes_what_comes_along_out_of_where_it_is_now(author: Enter) -> None:
    before = author().root
    other = outline.add(author(), "chapter@week1", "sequential", "Later", at=now())
    outline.move(author(), "vertical@unit", other, at=now())

    history.restore(author(), before, "sequential@sub", at=now())

    assert [one.ref for one in outline.items(author(), "sequential@sub")] == ["vertical@unit", "vertical@second"]
    assert outline.items(author(), other) == []


def test_the_whole_course_goes_back_in_one_change_that_can_be_undone(author: Enter) -> None:
    before = author().root
    outline.remove(author(), "chapter@week1", at=now())
    after = author().root

    history.restore(author(), before, at=now())
    assert author().root == before
    history.restore(author(), after, at=now())

    assert author().root == after


def test_the_draft_can_become_what_was_once_published(author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    outline.rename(author(), "vertical@second", "Ponds", base=None, at=now())
    published = publication.publish(author(), "vertical@unit", at=now())  # a root that no draft ever had

    history.restore(author(), published, at=now())

    assert author().root == published
    assert [one.title for one in outline.items(author(), "sequential@sub")] == ["Streams", "Lakes"]


def test_deleted_things_are_listed_once_and_come_back_with_what_they_lay_in(author: Enter) -> None:
    outline.remove(author(), "vertical@unit", at=now())
    outline.remove(author("editor"), "chapter@week1", at=now())

    found = history.deleted(author())
    assert [(one.title, one.where, one.who) for one in found] == [
        ("Week 1", (), "editor"),
        ("Rivers", ("Week 1", "Reading"), "carol"),
    ]

    history.restore(author("editor"), found[1].root, "vertical@unit", at=now())
    way = [one.title for one in outline.way(author(), "vertical@unit")]
    assert way == ["Week 1", "Reading", "Rivers"]
    assert [one.title for one in history.deleted(author())] == ["Lakes"]


def test_the_version_to_look_at_has_the_block(author: Enter) -> None:
    before = author().root
    outline.remove(author(), "vertical@unit", at=now())

    found, _more = history.entries(author(), ref="vertical@unit")

    assert [one.shows for one in found] == [before, before]
    assert history.version(author(), found[0].shows, "vertical@unit").title == "Rivers"


def test_editors_bring_back_but_do_not_go_back(author: Enter) -> None:
    before = author().root
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())

    with pytest.raises(NotAllowed):
        history.restore(author("editor"), before, "vertical@unit", at=now())


def test_versions_of_another_course_are_none_of_this_one(author: Enter) -> None:
    strange = root_of(content.store(), ("chapter@secret", {"display_name": "Secret"}))

    with pytest.raises(AuthoringError, match="no such version"):
        history.version(author(), strange)
    with pytest.raises(AuthoringError, match="no such version"):
        history.between(author(), strange, author().root)


def test_an_undo_does_not_overwrite_what_others_did_since(author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    gone = publication.discard(author(), "vertical@unit", at=now())
    outline.rename(author("editor"), "vertical@unit", "Brooks", base=None, at=now())

    with pytest.raises(AuthoringError, match="Somebody changed this since"):
        history.take_back(author(), gone.ref, gone.old, gone.new, at=now())


def test_discarding_can_be_undone(author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    gone = publication.discard(author(), "vertical@unit", at=now())
    assert outline.item(author(), "vertical@unit").title == "Rivers"

    history.take_back(author(), gone.ref, gone.old, gone.new, at=now())

    assert outline.item(author(), "vertical@unit").title == "Streams"
