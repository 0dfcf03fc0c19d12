"""Compiling outlines."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from lykeion.content.outline import assemble, compile_columns, dump, load, no_facts
from lykeion.content.types import BlockFacts, ContentError, Node, ObjectId, ObjectStore, Outline
from tests.content.trees import RUN, Tree, put, root_of, shape

START = datetime(2030, 1, 1, tzinfo=UTC)


def compiled(store: ObjectStore, root: ObjectId) -> Outline:
    return assemble(RUN, root, compile_columns(store, root, no_facts))


def test_blocks_stand_in_document_order_and_know_their_place(here: ObjectStore) -> None:
    root = root_of(
        here,
        ("chapter@a", ("sequential@b", ("vertical@c", ("html@d",), ("problem@e",)))),
        ("chapter@f",),
        display_name="Trees",
    )

    outline = compiled(here, root)

    assert [(b.index, b.end, b.parent, b.depth, b.ref, b.children) for b in outline.blocks] == [
        (0, 7, -1, 0, "course@course", (1, 6)),
        (1, 6, 0, 1, "chapter@a", (2,)),
        (2, 6, 1, 2, "sequential@b", (3,)),
        (3, 6, 2, 3, "vertical@c", (4, 5)),
        (4, 5, 3, 4, "html@d", ()),
        (5, 6, 3, 4, "problem@e", ()),
        (6, 7, 0, 1, "chapter@f", ()),
    ]
    assert outline.course.title == "Trees"
    assert outline.get("problem@e") == outline.blocks[5]
    assert [block.ref for block in outline.ancestors(outline.blocks[4])] == [
        "course@course", "chapter@a", "sequential@b", "vertical@c",
    ]  # fmt: skip
    assert here.get_many([outline.blocks[4].object_id]) == {outline.blocks[4].object_id: Node("html", {})}


def test_a_block_without_a_title_is_called_by_its_id(here: ObjectStore) -> None:
    root = root_of(here, ("chapter@week_1",), ("chapter@b", {"display_name": ""}), ("chapter@c", {"display_name": 7}))

    outline = compiled(here, root)

    assert [block.title for block in outline.blocks] == ["course", "week 1", "", "c"]


def test_settings_hold_from_the_nearest_block_that_sets_them(here: ObjectStore) -> None:
    root = root_of(
        here,
        ("chapter@a", {"start": "2020-01-01T00:00:00Z"}, ("sequential@b", {"graded": True, "due": '"2021-05-01"'})),
        ("chapter@c", {"showanswer": "never"}, ("sequential@d", {"showanswer": None})),
        showanswer="always",
    )

    outline = compiled(here, root)

    opened = datetime(2020, 1, 1, tzinfo=UTC)
    due = datetime(2021, 5, 1, tzinfo=UTC)
    assert [block.settings for block in outline.blocks] == [
        {"start": START, "showanswer": "always"},
        {"start": opened, "showanswer": "always"},
        {"start": opened, "showanswer": "always", "graded": True, "due": due},
        {"start": START, "showanswer": "never"},
        {"start": START, "showanswer": None},
    ]


def test_format_and_weight_are_not_handed_down(here: ObjectStore) -> None:
    root = root_of(here, ("sequential@a", {"format": "Lab"}, ("problem@b", {"weight": 2.5, "display_name": "P"})))

    outline = compiled(here, root)

    assert [dict(block.own) for block in outline.blocks] == [
        {},
        {"format": "Lab"},
        {"weight": 2.5, "display_name": "P"},
    ]
    assert "format" not in outline.blocks[2].settings


def test_group_access_narrows_on_the_way_down(here: ObjectStore) -> None:
    root = root_of(
        here,
        ("vertical@a", {"group_access": {"50": [1, 2], "7": []}},
            ("html@b", {"group_access": {"50": [2, 3], "60": [9]}}),
            ("html@c", {"group_access": {"50": [3]}}, ("html@d", {"group_access": {"50": [1]}})),
            ("html@e", {"group_access": {}}),
            ("html@f", {"group_access": '{"50": [1]}'}),
            ("html@g", {"group_access": {"x": "all"}})),
    )  # fmt: skip

    outline = compiled(here, root)

    assert {block.id: block.settings.get("group_access") for block in outline.blocks} == {
        "course": None,
        "a": {50: [1, 2]},
        "b": {50: [2], 60: [9]},
        "c": {50: False},
        "d": {50: False},
        "e": {50: [1, 2]},
        "f": {50: [1]},
        "g": {50: [1, 2], "x": False},
    }


def test_values_that_do_not_fit_are_read_as_open_edx_does(here: ObjectStore) -> None:
    root = root_of(
        here,
        ("sequential@a", {"due": "next week", "graded": "maybe", "visible_to_staff_only": "True", "max_attempts": "3"}),
        ("sequential@b", {"max_attempts": "many", "user_partitions": "none", "showanswer": 4, "weight": "1e999"}),
    )

    outline = compiled(here, root)

    assert [(dict(block.settings), dict(block.own)) for block in outline.blocks[1:]] == [
        (
            {"start": START, "due": None, "graded": False, "visible_to_staff_only": True, "max_attempts": 3},
            {"graded": False},
        ),
        ({"start": START, "max_attempts": None}, {"weight": None}),
    ]


def test_of_a_courses_own_words_what_rules_ask_for_is_kept(here: ObjectStore) -> None:
    root = root_of(
        here,
        ("sequential@a", {"other_course_settings": {"weeks_to_complete": "6", "partner": "x"}}),
        ("sequential@b", {"other_course_settings": '{"weeks_to_complete": "many"}', "relative_weeks_due": 1e8}),
        ("sequential@c", {"other_course_settings": {"partner": "x"}, "relative_weeks_due": "2"}),
        ("sequential@d", {"other_course_settings": "none"}),
    )

    outline = compiled(here, root)

    assert [dict(block.own) for block in outline.blocks[1:]] == [
        {"other_course_settings": {"weeks_to_complete": 6}},
        {"other_course_settings": {"weeks_to_complete": None}, "relative_weeks_due": None},
        {"relative_weeks_due": 2},
        {},
    ]


def test_the_attributes_of_a_plug_ins_element_are_read(here: ObjectStore) -> None:
    xml = '<done display_name="Done?" weight="2" graded="true" due="2021-05-01" align="left" x:y="1" ' + (
        f'xmlns:x="urn:x" long="{"x" * 600}"><p>hidden="1"</p></done>'
    )
    root = root_of(here, ("done@a", {"xml": xml}), ("done@b", {"xml": "<broken"}))

    outline = compiled(here, root)

    due = datetime(2021, 5, 1, tzinfo=UTC)
    assert [(block.title, dict(block.settings), dict(block.own)) for block in outline.blocks[1:]] == [
        (
            "Done?",
            {"start": START, "graded": True, "due": due},
            {"display_name": "Done?", "weight": 2, "graded": True, "align": "left"},
        ),
        ("b", {"start": START}, {}),
    ]


def test_of_blocks_that_share_a_name_the_first_counts(here: ObjectStore) -> None:
    root = root_of(here, ("chapter@a", ("html@same",)), ("chapter@b", ("html@same",), ("video@same",)))

    outline = compiled(here, root)

    assert outline.index == {
        "course@course": 0, "chapter@a": 1, "html@same": 2, "chapter@b": 3, "video@same": 5,
    }  # fmt: skip
    assert outline.by_id["same"] == 2


def test_what_is_stored_is_what_was_compiled(here: ObjectStore) -> None:
    def facts(node: Node) -> BlockFacts:
        return BlockFacts(has_score=node.type == "problem", max_score=3.0 if node.type == "problem" else None)

    partitions = [{"id": 50, "groups": [{"id": 1}]}]
    root = root_of(
        here,
        ("chapter@a", {"start": "2020-01-01", "due": None, "group_access": {"50": [1], "x": [2]}}, ("problem@b",)),
        ("done@c", {"xml": '<done align="left"/>'}),
        user_partitions=partitions,
    )
    columns = compile_columns(here, root, facts)

    loaded = load(dump(columns))

    assert assemble(RUN, root, loaded) == assemble(RUN, root, columns)
    assert [block.facts.max_score for block in assemble(RUN, root, loaded).blocks] == [None, None, 3.0, None]


@pytest.mark.parametrize("data", [b"", b"x", b"x\x9c", dump(compile_columns.__globals__["Columns"]())[:-4]])
def test_a_damaged_stored_outline_is_told_from_a_good_one(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a stored outline"):
        load(data)


def test_what_is_no_course_is_refused(here: ObjectStore) -> None:
    page = put(here, ("html@a",))

    with pytest.raises(ContentError, match=f"Object {page} is not the root of a course"):
        compiled(here, page)


def test_a_course_may_be_very_deep(here: ObjectStore) -> None:
    [object_id] = here.put_many([Node("html", {})])
    for _ in range(2000):
        [object_id] = here.put_many([Node("wrapper", {"graded": True}, (("x", object_id),))])
    [course] = here.put_many([Node("course", {}, (("x", object_id),))])
    [root] = here.put_many([Node("run", {}, (("course", course),))])

    outline = compiled(here, root)

    assert (len(outline.blocks), outline.blocks[-1].depth) == (2002, 2001)


def test_a_small_tree_that_unfolds_without_end_is_refused(here: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lykeion.content.outline.MAX_BLOCKS", 10_000)
    [object_id] = here.put_many([Node("html", {})])
    for _ in range(40):
        [object_id] = here.put_many([Node("wrapper", {}, (("x", object_id), ("y", object_id)))])
    [root] = here.put_many([Node("run", {}, (("course", object_id),))])

    with pytest.raises(ContentError, match="at most 10,000 blocks"):
        compiled(here, root)


def large(count: int) -> list[Tree]:
    """Sections with 10 subsections of 5 units of 10 blocks."""
    sections = []
    for number in range(count // 561):
        name = f"{number:032x}"
        units = [
            (f"vertical@{name}{s}{u}", {"display_name": f"Unit {u}"},
             *((f"html@{name}{s}{u}{b}", {"display_name": f"Text {b}", "data": f"{name}{s}{u}{b} " * 50})
               for b in range(10)))
            for s in range(10) for u in range(5)
        ]  # fmt: skip
        parts = [
            (f"sequential@{name}{s}", {"format": "Lab", "graded": True, "due": f"2026-01-{s + 1:02}T00:00:00Z"},
             *units[s * 5 : s * 5 + 5])
            for s in range(10)
        ]  # fmt: skip
        sections.append((f"chapter@{name}", {"display_name": f"Week {number}"}, *parts))
    return sections


def test_a_large_course_compiles_and_loads_quickly(here: ObjectStore) -> None:
    root = root_of(here, *large(5_700))
    started = time.process_time()
    columns = compile_columns(here, root, no_facts)
    compile_time = time.process_time() - started
    data = dump(columns)

    started = time.process_time()
    outline = assemble(RUN, root, load(data))
    load_time = time.process_time() - started

    assert len(outline.blocks) == 5611
    assert compile_time < 2  # half a second on an idle machine
    assert load_time < 0.3  # a tenth of that on an idle machine
    assert len(data) < 600_000
    print(f"compiled in {compile_time:.3f} s, loaded in {load_time:.3f} s, {len(data)} bytes")


def test_shape_reads_as_it_was_written(here: ObjectStore) -> None:
    root = root_of(here, ("chapter@a", ("html@b",)), ("chapter@c",))

    assert shape(compiled(here, root)) == ("course@course", ("chapter@a", ("html@b",)), ("chapter@c",))
