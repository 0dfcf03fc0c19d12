"""Publishing single blocks of random trees: what must hold whatever authors do."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lykeion.content.outline import assemble, compile_columns, no_facts
from lykeion.content.transplant import transplant
from lykeion.content.types import ContentError, Node, ObjectId, ObjectStore, Outline
from tests.content.trees import RUN, Tree, put, shape


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A course of up to 10 blocks out of 10 names, each in one place, each with one of two titles."""
    names = draw(st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=10))
    children: dict[str, list[Tree]] = {name: [] for name in ["", *names]}
    for place, name in reversed(list(enumerate(names))):
        block = (f"wrapper@{name}", {"display_name": draw(st.sampled_from(["x", "y"]))}, *children[name])
        children[draw(st.sampled_from(["", *names[:place]]))].insert(0, block)
    return ("course@course", {}, *children[""])


def outline_of(store: ObjectStore, course: ObjectId) -> Outline:
    [root] = store.put_many([Node("run", {}, (("course", course),))])
    return assemble(RUN, root, compile_columns(store, root, no_facts))


@given(old=trees(), new=trees(), data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_published_block_is_there_once_as_it_is_in_the_draft(
    here: ObjectStore, old: Tree, new: Tree, data: st.DataObject
) -> None:
    target, source = outline_of(here, put(here, old)), outline_of(here, put(here, new))
    ref = data.draw(st.sampled_from(sorted({*target.index, *source.index} - {"course@course"}) or ["course@course"]))

    try:
        result = outline_of(here, transplant(here, source, target, ref))
    except ContentError as error:
        assert "at once" in str(error)
        return

    block = source.get(ref)
    assert max(Counter(one.ref for one in result.blocks).values()) == 1
    if block is None:
        gone = target.get(ref)
        assert gone is not None
        assert {*result.index} == {*target.index} - {one.ref for one in target.subtree(gone)}
        return
    there = result.get(ref)
    assert there is not None
    assert there.object_id == block.object_id
    way = {one.ref for one in [*source.ancestors(block), *source.subtree(block)]}
    assert {*result.index} <= {*target.index} | way
    parents = [outline.blocks[outline.blocks[outline.index[ref]].parent].ref for outline in (source, result)]
    assert parents[0] == parents[1]
    for one in result.blocks:
        if one.ref not in way:
            assert one.title == target.blocks[target.index[one.ref]].title


@given(old=trees(), new=trees())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_publishing_the_course_block_makes_the_trees_equal(here: ObjectStore, old: Tree, new: Tree) -> None:
    target, source = outline_of(here, put(here, old)), outline_of(here, put(here, new))

    result = outline_of(here, transplant(here, source, target, "course@course"))

    assert shape(result) == shape(source)
