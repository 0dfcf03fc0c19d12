"""The outline's pages: what they show and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lykeion.authoring.api import outline
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator

Enter = Callable[..., Author]
Post = Callable[..., Any]


@pytest.fixture
def post(run: CourseLocator, carol: Client) -> Post:
    """Sends something to an address of the course; the answer as a value."""

    def send(name: str, data: dict[str, str], args: tuple[str, ...] = (), status: int = 200) -> Any:
        address = name if name.startswith("/") else reverse(f"studio:{name}", args=[run, *args])
        answer = carol.post(address, data, headers={"X-Requested-With": "XMLHttpRequest"})
        assert answer.status_code == status, answer.content
        return answer.json() if "json" in answer["Content-Type"] else answer.content.decode()

    return send


def test_a_closed_section_is_not_loaded_and_an_open_one_is(run: CourseLocator, carol: Client, post: Post) -> None:
    page = carol.get(reverse("studio:outline", args=[run])).content.decode()
    assert "Week 1" in page
    assert "Rivers" not in page

    tree = post("tree", {"open": "chapter@week1 sequential@sub"})
    everything = post("tree", {"open": "*"})

    assert "Rivers" in tree
    assert tree == everything


def test_who_may_only_look_gets_nothing_to_change(run: CourseLocator, as_person: Callable[[str], Client]) -> None:
    page = as_person("reader").get(reverse("studio:outline", args=[run])).content.decode()

    assert "Week 1" in page
    assert 'data-do="copy"' in page
    for what in ('data-do="rename"', 'data-do="remove"', "data-add=", "Publish …", "tree-grip"):
        assert what not in page


def test_state_is_said_in_words(post: Post, author: Enter) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    outline.add(author(), "sequential@sub", "vertical", "Seas", at=now())
    hidden = {"visible_to_staff_only": True}
    content.edit(author().run, lambda draft: draft.update("vertical@second", hidden), author="carol", at=now())

    tree = post("tree", {"open": "*"})

    for words in ("Unpublished changes below", "Unpublished changes<", "Never published", "Staff only"):
        assert words in tree


def test_published_and_released_are_two_things(post: Post, author: Enter) -> None:
    assert "Published, not released yet" in post("tree", {"open": ""})  # a course without a start begins in 2030

    start = {"start": "2020-01-01T00:00:00Z"}
    content.edit(author().run, lambda draft: draft.update("course@course", start), author="carol", at=now())
    content.publish(author().run, author="carol", at=now())

    assert "Published and live" in post("tree", {"open": ""})


def test_a_change_answers_with_the_rows_that_look_otherwise(post: Post, author: Enter) -> None:
    answer = post("add", {"parent": "sequential@sub", "title": "Seas", "open": ""})

    assert list(answer["lists"]) == ["sequential@sub"]
    assert list(answer["rows"]) == ["chapter@week1", "sequential@sub"]
    assert answer["say"] == "Added “Seas”."
    assert answer["focus"] == outline.items(author(), "sequential@sub")[-1].ref
    assert "There are unpublished changes" in answer["whole"]


def test_deleting_and_moving_offer_an_undo(post: Post, author: Enter) -> None:
    gone = post("remove", {"ref": "vertical@unit"})
    back = post(gone["undo"], {})
    assert back["say"] == "“Rivers” is back."

    moved = post("move", {"ref": "vertical@unit", "by": "1"})
    assert moved["say"] == "Moved “Rivers”: place 2 of 2 in “Reading”."
    post(moved["undo"], {})

    assert [one.ref for one in outline.items(author(), "sequential@sub")] == ["vertical@unit", "vertical@second"]
    refused = post(gone["undo"].replace("what=", "what=x"), {}, status=422)
    assert refused["error"] == "This can only be undone from the history by now."


def test_copy_and_paste_over_the_session(post: Post, author: Enter) -> None:
    post("paste", {"ref": "sequential@sub"}, status=422)
    copied = post("copy", {"ref": "vertical@unit"})
    assert copied["clip"] == {"kind": "vertical", "title": "Rivers"}

    post("paste", {"ref": "vertical@unit"})
    post("paste", {"ref": "sequential@sub"})

    titles = [one.title for one in outline.items(author(), "sequential@sub")]
    assert titles == ["Rivers", "Rivers", "Lakes", "Rivers"]


def test_whoever_renames_what_somebody_renamed_is_asked_and_decides(post: Post, author: Enter) -> None:
    base = outline.item(author(), "vertical@unit").base
    outline.rename(author("editor"), "vertical@unit", "Brooks", base=None, at=now())

    clash = post("rename", {"ref": "vertical@unit", "base": base, "title": "Streams"}, status=409)
    assert "editor" in clash["dialog"]
    assert "Brooks" in clash["dialog"]
    assert outline.item(author(), "vertical@unit").title == "Brooks"

    token = clash["dialog"].split('name="token" value="')[1].split('"')[0]
    post("settle", {"token": token, "base": clash["base"], "take-display_name": "mine"})
    assert outline.item(author(), "vertical@unit").title == "Streams"
    post("settle", {"token": f"{token}x", "base": clash["base"]}, status=422)


def test_a_decision_is_asked_again_when_somebody_was_quicker_again(post: Post, author: Enter) -> None:
    base = outline.item(author(), "html@text").base
    outline.rename(author("editor"), "html@text", "One", base=None, at=now())
    clash = post("rename", {"ref": "html@text", "base": base, "title": "Mine"}, status=409)
    outline.rename(author("editor"), "html@text", "Two", base=None, at=now())
    token = clash["dialog"].split('name="token" value="')[1].split('"')[0]

    again = post("settle", {"token": token, "base": clash["base"], "take-display_name": "mine"}, status=409)

    assert "Two" in again["dialog"]


def test_an_editor_that_was_refused_gets_both_texts(post: Post, author: Enter) -> None:
    base = outline.item(author(), "html@text").base
    theirs = {"data": "<p>Rivers run fast.</p>"}
    content.edit(author().run, lambda draft: draft.update("html@text", theirs), author="editor", at=now())
    sent = {"ref": "html@text", "base": base, "data": "<p>All rivers run.</p>"}

    clash = post("clash", sent, status=409)

    assert "Both changes together" in clash["dialog"]
    assert "&lt;p&gt;All rivers run fast.&lt;/p&gt;" in clash["dialog"]
    assert "Load the page again" in post("clash", {**sent, "data": theirs["data"]}, status=422)["error"]


def test_settings_send_only_what_was_changed(run: CourseLocator, carol: Client, post: Post, author: Enter) -> None:
    policy = {"grading_policy": {"GRADER": [{"type": "Homework"}]}}
    seconds = {"due": "2027-01-01T10:00:59Z"}
    content.edit(run, lambda draft: draft.update("course@course", policy), author="carol", at=now())
    content.edit(run, lambda draft: draft.update("sequential@sub", seconds), author="carol", at=now())
    page = carol.get(reverse("studio:block_settings", args=[run, "sequential@sub"])).content.decode()
    assert 'type="datetime-local"' in page
    assert 'value="2027-01-01T10:00"' in page
    assert "Time zone: UTC." in page
    base = outline.item(author(), "sequential@sub").base
    outline.rename(author("editor"), "sequential@sub", "Other", base=None, at=now())

    sent = {"base": base, "due": "2027-01-01T10:00", "graded_as": "Homework", "visibility": "due", "start": ""}
    post("block_settings", sent, ("sequential@sub",))

    fields = outline.item(author(), "sequential@sub").fields
    assert {name: fields[name] for name in fields if name != "display_name"} == {
        "due": "2027-01-01T10:00:59Z",
        "graded": True,
        "format": "Homework",
        "hide_after_due": True,
    }


def test_settings_say_what_is_wrong(post: Post) -> None:
    html = post("block_settings", {"timed": "on", "minutes": ""}, ("sequential@sub",), status=422)

    assert "Say how many minutes learners have." in html


def test_settings_of_units_and_sections(run: CourseLocator, post: Post, author: Enter) -> None:
    groups = [{"id": 7, "name": "Content groups", "scheme": "cohort", "groups": [{"id": 1, "name": "A"}]}]
    values = {"user_partitions": groups}
    content.edit(run, lambda draft: draft.update("course@course", values), author="carol", at=now())

    post("block_settings", {"visibility": "", "groups_7": "1"}, ("vertical@unit",))
    section = {"visibility": "toc", "highlights": "One\n\nTwo ", "start": "2027-01-01T10:00"}
    post("block_settings", section, ("chapter@week1",))

    unit = outline.item(author(), "vertical@unit").fields
    assert (unit["group_access"], unit["discussion_enabled"]) == ({"7": [1]}, False)
    chapter = outline.item(author(), "chapter@week1").fields
    assert (chapter["hide_from_toc"], chapter["highlights"], chapter["start"]) == (
        True,
        ["One", "Two"],
        "2027-01-01T10:00:00Z",
    )


def test_publishing_shows_the_change_first_and_discarding_can_be_undone(
    run: CourseLocator, carol: Client, post: Post, author: Enter
) -> None:
    outline.rename(author(), "vertical@unit", "Streams", base=None, at=now())
    shown = carol.get(reverse("studio:publishing", args=[run, "chapter@week1"])).content.decode()
    assert "Renamed: it was called “Rivers”." in shown

    gone = post("discard", {"ref": "chapter@week1", "seen": author().root})
    assert outline.item(author(), "vertical@unit").title == "Rivers"
    post(gone["undo"], {})
    assert outline.item(author(), "vertical@unit").title == "Streams"
    post("publish", {"ref": "chapter@week1", "seen": author().root})

    assert outline.item(author(), "chapter@week1").status == "published"


def test_history_pages(run: CourseLocator, carol: Client, author: Enter) -> None:
    before = author().root
    outline.rename(author("editor"), "vertical@unit", "Streams", base=None, at=now())
    outline.remove(author(), "vertical@second", at=now())

    def page(name: str, *args: str, query: str = "") -> str:
        return carol.get(reverse(f"studio:{name}", args=[run, *args]) + query).content.decode()

    everything, one = page("history"), page("history", query="?ref=vertical@unit")
    assert "Deleted Unit “Lakes”" in everything
    assert "Renamed Unit “Streams”" in one
    assert "Lakes" not in one
    assert "it was called “Rivers”" in page("change", query=f"?old={before}&ref=vertical@unit")
    assert "Rivers run." in page("version", before, "vertical@unit")
    assert "Lakes" in page("deleted")

    restored = carol.post(
        reverse("studio:restore_version", args=[run]), {"root": before, "ref": "vertical@second"}, follow=True
    )
    assert "“Lakes” is as it was then" in restored.content.decode()
    assert [one.title for one in outline.items(author(), "sequential@sub")] == ["Streams", "Lakes"]


def test_the_search_shows_where_things_are(run: CourseLocator, carol: Client) -> None:
    found = carol.get(reverse("studio:find", args=[run]), {"q": "riv"}).content.decode()

    assert "Week 1" in found
    assert reverse("studio:unit", args=[run, "vertical@unit"]) in found


def test_a_dialog_offers_every_place(run: CourseLocator, carol: Client, post: Post) -> None:
    made = post("add", {"parent": "course@course", "deep": "1"})
    other = made["focus"]
    assert 'data-kind="vertical"' in made["lists"]["course@course"]  # what was made is to be seen
    html = carol.get(reverse("studio:places", args=[run, other])).content.decode()
    assert html.count("<select") == 3

    there = carol.get(reverse("studio:places", args=[run, other]), {"in": ["chapter@week1", "x"]}).content.decode()

    assert 'name="parent" value="sequential@sub"' in there
    assert "After “Lakes”" in there
    empty = post("add", {"parent": "course@course", "title": "Empty"})["focus"]
    nowhere = carol.get(reverse("studio:places", args=[run, other]), {"in": [empty]}).content.decode()
    assert "There is nothing in there yet" in nowhere
    assert "Move it there" not in nowhere
    post("move", {"ref": other, "parent": "sequential@sub", "index": "1"})
