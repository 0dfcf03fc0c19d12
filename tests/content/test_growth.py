"""What an edit and a publish read and write does not grow with the course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from lykeion.content import api, cache, shapes
from lykeion.content.models import CompiledOutline
from lykeion.content.types import NewBlock, ObjectStore
from lykeion.core.keys import run_of
from tests.content.trees import NOON, Tree, make_run, root_of

SMALL = run_of("Lykeion", "Small", "now")
LARGE = run_of("Lykeion", "Large", "now")
AUTHOR: dict[str, Any] = {"author": "carol", "at": NOON}


def section(number: int, units: int, words: str) -> Tree:
    below = (
        (f"vertical@u{number}_{unit}", (f"html@h{number}_{unit}", {"data": f"{words} {number} {unit}"}))
        for unit in range(units)
    )
    return (f"chapter@c{number}", (f"sequential@s{number}", *below))


@pytest.fixture
def counted(here: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many objects of a small and of a large course (9 and 400 blocks beside one another) are read and written."""
    others = [section(number, 10, "b") for number in range(1, 20)]
    make_run(here, root_of(here, section(0, 3, "a")), run=SMALL)
    make_run(here, root_of(here, section(0, 3, "b"), *others), run=LARGE)
    counts: Counter[str] = Counter()
    read, put = type(here).read_many, type(here).put_many

    def reading(self: Any, ids: Any) -> Any:
        counts["read"] += len(set(ids))
        return read(self, ids)

    def putting(self: Any, nodes: Any) -> Any:
        counts["written"] += len(nodes)
        return put(self, nodes)

    for run in (SMALL, LARGE):
        api.outline(run)
        warm(run)
    monkeypatch.setattr(type(here), "read_many", reading)
    monkeypatch.setattr(type(here), "put_many", putting)
    return counts


def warm(run: Any) -> None:
    """A first edit, after which this process knows the draft."""
    api.edit(run, lambda draft: draft.update("html@h0_2", {"data": str(run)}), **AUTHOR)


ACTS: dict[str, Callable[[Any], object]] = {
    "edit": lambda run: api.edit(run, lambda draft: draft.update("html@h0_1", {"data": str(run)}), **AUTHOR),
    "add": lambda run: api.edit(
        run, lambda draft: draft.add("vertical@u0_1", NewBlock("html", "new", {"data": str(run)})), **AUTHOR
    ),
    "move": lambda run: api.edit(run, lambda draft: draft.move("vertical@u0_2", "sequential@s0", 0), **AUTHOR),
    "ask": lambda run: api.has_unpublished_changes(run, "vertical@u0_2"),
    "publish": lambda run: api.publish(run, ref="vertical@u0_2", **AUTHOR),
    "first page": lambda run: api.outline(run),
    "discard": lambda run: api.discard(run, ref="vertical@u0_1", **AUTHOR),
    "undo": lambda run: api.undo(run, **AUTHOR),
}


def test_the_cost_of_editing_and_publishing_does_not_grow_with_the_course(counted: Counter[str]) -> None:
    costs = {}
    for run in (SMALL, LARGE):
        for name, act in ACTS.items():
            counted.clear()
            act(run)
            costs[run, name] = dict(counted)

    for name in ACTS:
        assert costs[LARGE, name] == costs[SMALL, name]
    assert costs[LARGE, "edit"]["written"] == 6  # text, unit, subsection, section, course, run
    assert costs[LARGE, "first page"] == {}


def test_a_process_that_knows_nothing_starts_with_a_stored_outline(counted: Counter[str]) -> None:
    api.publish(LARGE, ref="vertical@u0_2", **AUTHOR)
    cache.forget()
    counted.clear()

    outline = api.outline(LARGE)

    assert outline.get("html@h0_2") is not None
    assert CompiledOutline.objects.filter(root=outline.root).count() == 0
    assert counted["read"] < 10


def test_an_outline_is_stored_now_and_then(counted: Counter[str]) -> None:
    stored = CompiledOutline.objects.count()

    for turn in range(20):
        text = f"turn {turn}"
        api.edit(LARGE, lambda draft, text=text: draft.update("html@h0_1", {"data": text}), **AUTHOR)  # type: ignore[misc]
        api.publish(LARGE, ref="html@h0_1", **AUTHOR)

    assert CompiledOutline.objects.count() == stored + 1


def test_the_first_edit_of_a_process_reads_no_more_than_the_next(counted: Counter[str]) -> None:
    cache.forget()
    shapes.forget()
    counted.clear()

    ACTS["edit"](LARGE)

    assert counted["read"] < 40
    assert counted["written"] == 6
