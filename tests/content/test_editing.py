"""Edits of a draft: what is changed is changed, the rest stays, and nobody's work is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from lykeion.content import api, cache, shapes
from lykeion.content.editing import TOP, Draft, edit
from lykeion.content.types import ChangedMeanwhile, ContentError, Edited, NewBlock, ObjectStore
from lykeion.core.keys import CourseLocator, run_of
from tests.content.trees import NOON, RUN, Tree, make_run, root_of, shape

COURSE: Tree = (
    "chapter@week1",
    ("sequential@a", ("vertical@u1", ("html@x", {"data": "<p>old</p>", "display_name": "X"})), ("vertical@u2",)),
    ("sequential@b", ("vertical@u3", ("problem@p",))),
)


def changed(change: Callable[[Draft], Any], run: CourseLocator = RUN) -> Edited[Any]:
    return api.edit(run, change, author="carol", at=NOON, why="Edited")


def drafted(run: CourseLocator = RUN) -> Tree:
    return shape(api.outline(run, "draft"))


def fields(ref: str) -> dict[str, Any]:
    block = api.outline(RUN, "draft").get(ref)
    assert block is not None
    return dict(api.nodes([block.object_id])[block.object_id].fields)


@pytest.fixture
def run(here: ObjectStore) -> None:
    make_run(here, root_of(here, COURSE, ("chapter@week2",), display_name="T"))


@pytest.mark.usefixtures("run")
def test_an_edit_changes_the_draft_and_is_told_in_its_history() -> None:
    before = api.head(RUN, "draft")

    done = api.edit(
        RUN, lambda draft: draft.update("html@x", {"data": "new"}), author="carol", at=NOON, why="Edited: html@x"
    )

    assert fields("html@x") == {"data": "new", "display_name": "X"}
    assert (done.old, done.new) == (before, api.head(RUN, "draft"))
    assert api.head(RUN, "published") == before
    [newest, *_rest] = api.history(RUN, "draft")
    assert (newest.old, newest.new, newest.author, newest.why) == (done.old, done.new, "carol", "Edited: html@x")


@pytest.mark.usefixtures("run")
def test_an_edit_that_changes_nothing_moves_nothing() -> None:
    moves = len(api.history(RUN, "draft"))

    done = changed(lambda draft: draft.update("html@x", {"display_name": "X"}))

    assert done.old == done.new
    assert len(api.history(RUN, "draft")) == moves


@pytest.mark.usefixtures("run")
def test_a_field_can_be_forgotten() -> None:
    changed(lambda draft: draft.update("html@x", {}, unset=["display_name", "never_set"]))

    assert fields("html@x") == {"data": "<p>old</p>"}


@pytest.mark.usefixtures("run")
def test_blocks_are_added_with_all_below_them_where_they_shall_be() -> None:
    new = NewBlock("sequential", "n", {"display_name": "New"}, (NewBlock("vertical", "nv"),))

    ref = changed(lambda draft: draft.add("chapter@week1", new, 1)).value

    assert ref == "sequential@n"
    assert drafted()[1] == (
        "chapter@week1",
        ("sequential@a", ("vertical@u1", ("html@x",)), ("vertical@u2",)),
        ("sequential@n", ("vertical@nv",)),
        ("sequential@b", ("vertical@u3", ("problem@p",))),
    )


@pytest.mark.usefixtures("run")
def test_a_name_that_is_taken_cannot_be_added_and_nothing_changes() -> None:
    before = api.head(RUN, "draft")

    with pytest.raises(ContentError, match="html@x is in the course already"):
        changed(lambda draft: draft.add("vertical@u3", NewBlock("html", "x")))

    assert api.head(RUN, "draft") == before


@pytest.mark.usefixtures("run")
def test_what_was_removed_can_be_brought_back_where_it_was() -> None:
    before = drafted()

    gone = changed(lambda draft: draft.remove("sequential@a")).value
    assert drafted()[1] == ("chapter@week1", ("sequential@b", ("vertical@u3", ("problem@p",))))
    changed(lambda draft: draft.bring(gone.parent, gone.id, gone.object_id, gone.index))

    assert drafted() == before


@pytest.mark.usefixtures("run")
def test_what_was_changed_and_removed_in_one_edit_is_brought_back_as_it_was_then() -> None:
    def change(draft: Draft) -> Any:
        draft.update("html@x", {"data": "later"})
        gone = draft.remove("vertical@u1")
        assert not draft.has("html@x")
        return gone

    gone = changed(change).value
    changed(lambda draft: draft.bring("vertical@u3", gone.id, gone.object_id))

    assert fields("html@x")["data"] == "later"


@pytest.mark.usefixtures("run")
def test_blocks_move_between_places_and_among_their_siblings() -> None:
    changed(lambda draft: draft.move("vertical@u1", "sequential@b", 0))
    assert drafted()[1] == (
        "chapter@week1",
        ("sequential@a", ("vertical@u2",)),
        ("sequential@b", ("vertical@u1", ("html@x",)), ("vertical@u3", ("problem@p",))),
    )

    changed(lambda draft: draft.move("vertical@u1", "sequential@b", 1))
    assert drafted()[1][2] == ("sequential@b", ("vertical@u3", ("problem@p",)), ("vertical@u1", ("html@x",)))


@pytest.mark.usefixtures("run")
def test_a_block_cannot_be_put_into_itself_and_the_course_cannot_go() -> None:
    with pytest.raises(ContentError, match="into itself"):
        changed(lambda draft: draft.move("chapter@week1", "sequential@a"))
    with pytest.raises(ContentError, match="cannot be moved or removed"):
        changed(lambda draft: draft.remove(TOP))
    with pytest.raises(ContentError, match="html@nowhere is not in the course"):
        changed(lambda draft: draft.update("html@nowhere", {}))


@pytest.mark.usefixtures("run")
def test_two_authors_of_different_fields_both_get_what_they_wanted() -> None:
    seen = api.outline(RUN, "draft").get("html@x").object_id  # type: ignore[union-attr]

    changed(lambda draft: draft.update("html@x", {"data": "hers"}, base=seen))
    changed(lambda draft: draft.update("html@x", {"display_name": "his"}, base=seen))

    assert fields("html@x") == {"data": "hers", "display_name": "his"}


@pytest.mark.usefixtures("run")
def test_nobody_overwrites_what_somebody_else_changed_meanwhile() -> None:
    seen = api.outline(RUN, "draft").get("html@x").object_id  # type: ignore[union-attr]
    changed(lambda draft: draft.update("html@x", {"data": "hers"}, base=seen))

    with pytest.raises(ChangedMeanwhile) as told:
        changed(lambda draft: draft.update("html@x", {"data": "his", "display_name": "his"}, base=seen))

    assert (told.value.ref, told.value.fields) == ("html@x", ("data",))
    assert told.value.present == api.outline(RUN, "draft").get("html@x").object_id  # type: ignore[union-attr]
    assert fields("html@x") == {"data": "hers", "display_name": "X"}


@pytest.mark.usefixtures("run")
def test_who_was_slower_changes_what_is_there_now(here: ObjectStore) -> None:
    calls = []

    def slow(draft: Draft) -> None:
        if not calls:
            changed(lambda other: other.update("html@x", {"data": "quick"}))
        calls.append(draft.root)
        draft.update("html@x", {"display_name": "slow"})

    edit(here, RUN, slow, author="bob", at=NOON, why="")

    assert len(calls) == 2
    assert fields("html@x") == {"data": "quick", "display_name": "slow"}


@pytest.mark.usefixtures("run")
def test_a_page_of_a_draft_needs_only_what_lies_on_its_way() -> None:
    root = api.head(RUN, "draft")
    changed(lambda draft: draft.update("sequential@a", {"due": "2026-05-01T00:00:00Z"}))
    root = api.head(RUN, "draft")

    unit = api.part_outline(RUN, root, "vertical@u1")

    assert shape(unit) == (TOP, ("chapter@week1", ("sequential@a", ("vertical@u1", ("html@x",)))))
    html = unit.get("html@x")
    assert html is not None
    assert html.settings == api.outline_at(RUN, root).get("html@x").settings  # type: ignore[union-attr]


class Model:
    """What a draft should be: refs in nested lists."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}
        self.children: dict[str, list[str]] = {TOP: []}

    def add(self, parent: str, ref: str, place: int) -> None:
        self.children[ref] = []
        self.children[parent].insert(place, ref)
        self.parent[ref] = parent

    def take(self, ref: str) -> None:
        self.children[self.parent.pop(ref)].remove(ref)

    def below(self, ref: str) -> list[str]:
        return [ref, *(one for child in self.children[ref] for one in self.below(child))]

    def tree(self, ref: str = TOP) -> Tree:
        return (ref, *(self.tree(child) for child in self.children[ref]))


RUNS = count()
STEP = st.tuples(st.sampled_from(["add", "move", "remove"]), st.integers(0, 30), st.integers(0, 30), st.integers(0, 5))


@pytest.mark.django_db(transaction=True)
@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEP, max_size=30), together=st.booleans())
def test_any_row_of_edits_does_what_a_simple_model_says(steps: list[tuple[str, int, int, int]], together: bool) -> None:
    store = api.store()
    run = make_run(store, root_of(store), run=run_of("Lykeion", "T1", f"r{next(RUNS)}"))
    model, names = Model(), count()

    def one(draft: Draft, kind: str, a: int, b: int, place: int) -> None:
        refs = sorted(model.children)
        what, where = refs[a % len(refs)], refs[b % len(refs)]
        if kind == "add":
            name = f"b{next(names)}"
            place = min(place, len(model.children[where]))
            draft.add(where, NewBlock("vertical", name), place)
            model.add(where, f"vertical@{name}", place)
        elif what == TOP:
            return
        elif kind == "remove":
            draft.remove(what)
            gone = model.below(what)
            model.take(what)
            for ref in gone:
                del model.children[ref]
                model.parent.pop(ref, None)
        elif where not in model.below(what):
            draft.move(what, where, place)
            model.take(what)
            model.children[where].insert(place, what)
            model.parent[what] = where

    if together:
        changed(lambda draft: [one(draft, *step) for step in steps], run)
    else:
        for step in steps:
            changed(lambda draft, step=step: one(draft, *step), run)  # type: ignore[misc]

    assert drafted(run) == model.tree()


def unit_of(count: int) -> NewBlock:
    texts = tuple(NewBlock("html", f"t{count}_{place}", {"data": f"{count} {place}"}) for place in range(count))
    return NewBlock("vertical", f"of{count}", {}, texts)


@pytest.mark.usefixtures("run")
def test_blocks_are_looked_for_all_at_once_wherever_the_change_has_put_them() -> None:
    def change(draft: Draft) -> frozenset[str]:
        draft.remove("html@x")
        draft.move("problem@p", "vertical@u1")
        draft.add("vertical@u2", NewBlock("html", "new"))
        return draft.holding(["html@x", "problem@p", "html@new", "vertical@u3", TOP, "html@none"])

    assert changed(change).value == {"problem@p", "html@new", "vertical@u3", TOP}


@pytest.mark.usefixtures("run")
def test_two_blocks_of_one_name_are_not_added() -> None:
    twice = NewBlock("vertical", "new", {}, (NewBlock("html", "y"), NewBlock("html", "y")))

    for block in (twice, NewBlock("vertical", "new", {}, (NewBlock("html", "x"),))):
        with pytest.raises(ContentError, match="is in the course already"):
            changed(lambda draft, block=block: draft.add("sequential@b", block))  # type: ignore[misc]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("is_cold", [False, True])
def test_what_is_added_copied_or_brought_back_costs_the_same_for_one_three_and_a_hundred(is_cold: bool) -> None:
    asked: dict[str, list[int]] = {"added": [], "copied": [], "brought": []}

    def counted(name: str, work: Callable[[], Any]) -> Any:
        if is_cold:
            cache.forget()
            shapes.forget()
        with CaptureQueriesContext(connection) as queries:
            found = work()
        asked[name].append(sum("content_object" in one["sql"] for one in queries))
        return found

    for many in (2, 1, 3, 100):  # the first one reads what the others know
        unit = unit_of(many)
        ref = counted("added", partial(changed, lambda draft, unit=unit: draft.add("sequential@b", unit))).value
        gone = changed(lambda draft, ref=ref: draft.remove(ref)).value  # type: ignore[misc]
        assert len(counted("copied", partial(api.copied, gone.object_id, "again")).children) == many
        where = (gone.parent, gone.id, gone.object_id, gone.index)
        counted("brought", partial(changed, lambda draft, where=where: draft.bring(*where)))

    assert [len(set(counts[1:])) for counts in asked.values()] == [1, 1, 1], asked
