"""An outline made from that of another version is the one that would be compiled."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lykeion.content.outline import assemble, columns_of, compile_columns, dump, load, no_facts
from lykeion.content.renewing import renewed
from lykeion.content.types import Node, ObjectId, ObjectStore, Outline
from tests.content.trees import RUN, Tree, put

FIELDS: list[dict[str, Any]] = [
    {},
    {"display_name": "x"},
    {"due": "2026-05-01T00:00:00Z", "format": "Exam"},
    {"group_access": {"50": [1, 2]}},
    {"group_access": {"50": [2]}, "graded": True},
]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A course of up to 12 blocks out of 14 names, of which two are of another type; many are alike but for that."""
    names = draw(st.lists(st.sampled_from("abcdefghijklmn"), unique=True, max_size=12))
    children: dict[str, list[Tree]] = {name: [] for name in ["", *names]}
    for place, name in reversed(list(enumerate(names))):
        kind = "text" if name in "mn" else "wrapper"
        block = (f"{kind}@{name}", draw(st.sampled_from(FIELDS)), *children[name])
        children[draw(st.sampled_from(["", *names[:place]]))].insert(0, block)
    return ("course@course", draw(st.sampled_from(FIELDS)), *children[""])


def root_of(store: ObjectStore, tree: Tree) -> ObjectId:
    return store.put_many([Node("run", {}, (("course", put(store, tree)),))])[0]


def compiled(store: ObjectStore, root: ObjectId) -> Outline:
    return assemble(RUN, root, compile_columns(store, root, no_facts))


@given(old=trees(), new=trees())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_renewed_outline_equals_a_compiled_one(here: ObjectStore, old: Tree, new: Tree) -> None:
    before, root = compiled(here, root_of(here, old)), root_of(here, new)

    after = renewed(here, before, root, no_facts, most=100)

    assert after == compiled(here, root)
    assert after is not None
    assert assemble(RUN, root, load(dump(columns_of(after)))) == after


def test_an_outline_that_is_too_different_is_not_made_from_the_other(here: ObjectStore) -> None:
    before = compiled(here, root_of(here, ("course@course",)))
    root = root_of(here, ("course@course", ("wrapper@a",), ("wrapper@b", ("text@m",))))

    assert renewed(here, before, root, no_facts, most=3) is None
    assert renewed(here, before, root, no_facts, most=4) == compiled(here, root)
