"""Copies of items of libraries in courses: what they know of their items, and how they follow them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from lykeion.content import api
from lykeion.content.types import ContentError, FieldComparison, NewBlock, ObjectStore, Update
from lykeion.core.keys import BadKey, library_of, run_of
from tests.content.trees import NOON, RUN, make_run, root_of, shape

LIBRARY = library_of("Lykeion", "pool")
CAROL: dict[str, Any] = {"author": "carol", "at": NOON}
UNIT = NewBlock(
    "vertical",
    "u",
    {"display_name": "Unit"},
    (
        NewBlock("html", "x", {"data": "<img src='/static/components/html/x/a.png'/>", "display_name": "X"}),
        NewBlock("problem", "p", {"data": "<problem/>", "weight": 1.0}),
    ),
)


class Bytes:
    """Something to store."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def open(self) -> BinaryIO:
        return BytesIO(self._content)


@pytest.fixture(autouse=True)
def _course_and_library(here: ObjectStore) -> None:
    make_run(here, root_of(here, ("chapter@c", ("sequential@s", ("vertical@v", ("html@own",))))))
    api.create_library(LIBRARY, title="Pool", **CAROL)
    stored = api.store_file("components/html/x/a.png", Bytes(b"one"))
    in_library(lambda draft: (draft.add("library@library", UNIT), draft.set_file(stored.path, stored)))


def in_library(change: Callable[[api.Draft], Any]) -> None:
    api.edit(LIBRARY, change, **CAROL)
    api.publish(LIBRARY, **CAROL)


def in_course(change: Callable[[api.Draft], Any]) -> None:
    api.edit(RUN, change, **CAROL)


def used(item: str = "lct:Lykeion:pool:unit:u", parent: str = "sequential@s", index: int | None = None) -> str:
    """The ids of what is copied are ``n0``, ``n1``, ... from the inside out."""
    numbers = count()
    return api.use(RUN, item, parent, index, make_id=lambda _kind: f"n{next(numbers)}", **CAROL).value


def fields(ref: str) -> Mapping[str, Any]:
    object_id = api.way(api.head(RUN, "draft"), ref)[-1].object_id
    return api.nodes([object_id])[object_id].fields


def version(ref: str) -> str:
    return api.way(api.head(LIBRARY), ref)[-1].object_id


def outdated() -> list[Update]:
    return api.updates(RUN, api.head(RUN, "draft"))


def below(ref: str) -> list[str]:
    return [step.ref for step in api.children(api.way(api.head(RUN, "draft"), ref)[-1].object_id)]


def test_a_copy_knows_its_item_and_brings_its_files() -> None:
    ref = used(index=0)

    assert ref == "vertical@n2"
    assert shape(api.outline(RUN, "draft"))[1][1] == (
        "sequential@s",
        (ref, ("html@n0",), ("problem@n1",)),
        ("vertical@v", ("html@own",)),
    )
    assert fields(ref) == {
        "display_name": "Unit",
        "upstream": "lct:Lykeion:pool:unit:u",
        "upstream_version": version("vertical@u"),
    }
    assert fields("problem@n1")["upstream"] == "lb:Lykeion:pool:problem:p"
    assert fields("problem@n1")["upstream_version"] == version("problem@p")
    assert api.file(api.head(RUN, "draft"), "components/html/x/a.png") is not None
    assert api.head(RUN) != api.head(RUN, "draft")
    assert outdated() == []


def test_a_component_of_a_unit_can_be_used_alone_and_in_a_problem_bank() -> None:
    in_course(lambda draft: draft.add("vertical@v", NewBlock("itembank", "bank", {"max_count": 1})))

    for _ in range(2):
        api.use(RUN, "lb:Lykeion:pool:problem:p", "itembank@bank", **CAROL)

    assert len(below("itembank@bank")) == 2
    assert {fields(ref)["upstream"] for ref in below("itembank@bank")} == {"lb:Lykeion:pool:problem:p"}


def test_only_what_is_published_can_be_used() -> None:
    api.edit(LIBRARY, lambda draft: draft.add("library@library", NewBlock("html", "new")), **CAROL)

    with pytest.raises(ContentError, match=r"lb:Lykeion:pool:html:new is not in the published library"):
        used("lb:Lykeion:pool:html:new")
    with pytest.raises(BadKey):
        used("html@new")


def test_another_version_of_the_item_is_an_update() -> None:
    ref = used()
    before = version("vertical@u"), version("problem@p")

    in_library(lambda draft: draft.update("problem@p", {"weight": 2.0}))

    unit, problem = "lct:Lykeion:pool:unit:u", "lb:Lykeion:pool:problem:p"
    assert outdated() == [
        Update(ref, "Unit", unit, before[0], version("vertical@u")),  # type: ignore[arg-type]
        Update("problem@n1", "n1", problem, before[1], version("problem@p"), inside=ref),  # type: ignore[arg-type]
    ]
    api.update(RUN, ref, **CAROL)
    assert fields("problem@n1")["weight"] == 2.0
    assert outdated() == []


def test_an_update_keeps_what_was_changed_here() -> None:
    used("lb:Lykeion:pool:html:x", "vertical@v")
    in_course(lambda draft: draft.update("html@n0", {"display_name": "Mine", "editor": "raw"}))
    in_library(lambda draft: draft.update("html@x", {"display_name": "Theirs", "data": "<p>new</p>"}))

    assert fields("html@n0")["downstream_customized"] == ["display_name", "editor"]
    assert outdated()[0].customized == ("display_name", "editor")
    kept = api.update(RUN, "html@n0", **CAROL).value

    assert kept == ("display_name", "editor")
    assert fields("html@n0") == {
        "data": "<p>new</p>",
        "display_name": "Mine",
        "editor": "raw",
        "upstream": "lb:Lykeion:pool:html:x",
        "upstream_version": version("html@x"),
        "downstream_customized": ["display_name", "editor"],
    }
    in_library(lambda draft: draft.update("html@x", {"display_name": "Again"}))
    api.update(RUN, "html@n0", **CAROL)
    assert fields("html@n0")["display_name"] == "Mine"


def test_the_author_may_choose_what_is_kept() -> None:
    used("lb:Lykeion:pool:html:x", "vertical@v")
    in_course(lambda draft: draft.update("html@n0", {"display_name": "Mine", "data": "mine"}))
    in_library(lambda draft: draft.update("html@x", {"data": "theirs"}))

    kept = api.update(RUN, "html@n0", keep=["display_name"], **CAROL).value

    assert kept == ("display_name",)
    assert (fields("html@n0")["data"], fields("html@n0")["display_name"]) == ("theirs", "Mine")
    assert api.update(RUN, "html@n0", keep=[], **CAROL).value == ()
    assert "downstream_customized" not in fields("html@n0")


def test_what_is_in_a_unit_follows_too_and_own_blocks_stay() -> None:
    ref = used()
    in_course(lambda draft: draft.add(ref, NewBlock("html", "mine"), 1))

    in_library(lambda draft: draft.add("vertical@u", NewBlock("video", "w"), 1))
    in_library(lambda draft: draft.move("problem@p", "vertical@u", 0))
    api.update(RUN, ref, make_id=lambda kind: f"new_{kind}", **CAROL)

    assert below(ref) == ["problem@n1", "html@mine", "html@n0", "video@new_video"]
    assert outdated() == []


def test_what_is_gone_there_goes_here_unless_it_was_changed() -> None:
    first, second = used(), api.use(RUN, "lct:Lykeion:pool:unit:u", "sequential@s", **CAROL).value
    in_course(lambda draft: draft.update("html@n0", {"display_name": "Mine"}))

    in_library(lambda draft: draft.remove("html@x"))
    for ref in (first, second):
        api.update(RUN, ref, **CAROL)

    assert below(first) == ["html@n0", "problem@n1"]
    assert len(below(second)) == 1
    [gone] = outdated()
    assert (gone.ref, gone.version) == ("html@n0", None)
    with pytest.raises(ContentError, match="not in the published library"):
        api.update(RUN, "html@n0", **CAROL)


def test_what_was_taken_out_here_stays_out() -> None:
    ref = used()
    in_course(lambda draft: draft.remove("html@n0"))

    in_library(lambda draft: draft.update("html@x", {"data": "new"}))
    api.update(RUN, ref, **CAROL)

    assert below(ref) == ["problem@n1"]


def test_an_update_brings_new_content_of_the_files_of_the_item() -> None:
    used("lb:Lykeion:pool:html:x", "vertical@v")
    stored = api.store_file("components/html/x/a.png", Bytes(b"two"))
    in_library(lambda draft: (draft.set_file(stored.path, stored), draft.update("html@x", {"display_name": "Y"})))

    api.update(RUN, "html@n0", **CAROL)

    assert api.file(api.head(RUN, "draft"), "components/html/x/a.png") == stored


def test_a_copy_is_compared_with_its_item() -> None:
    ref = used()
    in_course(lambda draft: draft.update("problem@n1", {"max_attempts": 3}))
    in_library(lambda draft: draft.update("problem@p", {"weight": 2.0, "display_name": "P"}))

    one, unit = api.compare(RUN, "problem@n1"), api.compare(RUN, ref)

    assert one.fields == (
        FieldComparison("display_name", None, None, "P", is_own=False, is_new=True),
        FieldComparison("max_attempts", None, 3, None, is_own=True, is_new=False),
        FieldComparison("weight", 1.0, 1.0, 2.0, is_own=False, is_new=True),
    )
    assert (one.upstream, one.version) == ("lb:Lykeion:pool:problem:p", version("problem@p"))
    assert (unit.fields, unit.here, unit.there) == ((), ("X", "n1"), ("X", "P"))
    with pytest.raises(ContentError, match="html@own is not a copy"):
        api.compare(RUN, "html@own")


def test_an_update_can_be_declined_until_there_is_another() -> None:
    used("lb:Lykeion:pool:html:x", "vertical@v")
    in_library(lambda draft: draft.update("html@x", {"data": "worse"}))

    api.decline(RUN, "html@n0", **CAROL)

    assert [one.is_declined for one in outdated()] == [True]
    in_library(lambda draft: draft.update("html@x", {"data": "better"}))
    assert [one.is_declined for one in outdated()] == [False]
    api.update(RUN, "html@n0", **CAROL)
    assert "upstream_version_declined" not in fields("html@n0")
    assert "downstream_customized" not in fields("html@n0")


def test_a_copy_can_be_cut_from_its_library() -> None:
    ref = used()

    api.unlink(RUN, ref, **CAROL)

    in_library(lambda draft: draft.update("html@x", {"data": "new"}))
    assert outdated() == []
    assert fields(ref) == {"display_name": "Unit"}


def test_a_copy_from_elsewhere_follows_by_what_it_notes() -> None:
    """Versions of Open edX are numbers: what the item was then is not known."""
    elsewhere = {"upstream": "lb:Lykeion:pool:html:x", "upstream_version": 3, "downstream_customized": ["display_name"]}
    block = NewBlock("html", "old", {"display_name": "Mine", "data": "old", **elsewhere})
    other = NewBlock("html", "far", {"upstream": "lb:Other:lib:html:x", "upstream_version": 1})
    odd = NewBlock("html", "odd", {"upstream": "no key"})
    in_course(lambda draft: [draft.add("vertical@v", one) for one in (block, other, odd)])

    assert [one.ref for one in outdated()] == ["html@old"]
    assert api.update(RUN, "html@old", **CAROL).value == ("display_name",)
    assert fields("html@old")["data"] == "<img src='/static/components/html/x/a.png'/>"


def test_garbage_collection_keeps_the_version_that_a_copy_was_taken_from(here: ObjectStore) -> None:
    used("lb:Lykeion:pool:html:x", "vertical@v")
    base = version("html@x")
    for turn in range(25):
        in_library(lambda draft, turn=turn: draft.update("html@x", {"data": f"{turn}"}))  # type: ignore[misc]

    report = api.collect_garbage(dry_run=False, at=NOON + timedelta(days=9000))

    assert report.objects > 0
    assert here.get_many([base])  # type: ignore[list-item]


def test_copies_are_copies_after_export_and_import(tmp_path: Path) -> None:
    in_library(lambda draft: draft.add("library@library", NewBlock("poll", "q", {"xml": '<poll question="?"/>'})))
    refs = [used(), api.use(RUN, "lb:Lykeion:pool:poll:q", "vertical@v", make_id=lambda _kind: "q", **CAROL).value]
    in_course(lambda draft: draft.update("poll@q", {"xml": '<poll question="!"/>'}))
    api.publish(RUN, **CAROL)
    other = run_of("Other", "T2", "then")

    api.export_course(RUN, tmp_path / "course.tar.gz")
    report = api.import_course(tmp_path / "course.tar.gz", run=other, **CAROL)

    assert [one.message for one in report.warnings if "upstream" in one.message] == []
    for ref in [*refs, "html@n0", "problem@n1"]:
        object_id = api.way(report.draft, ref)[-1].object_id
        assert api.nodes([object_id])[object_id].fields == fields(ref)
    assert fields("poll@q")["downstream_customized"] == ["xml"]
    in_library(lambda draft: draft.update("html@x", {"data": "<p>newer</p>"}))
    assert [one.ref for one in api.updates(other, api.head(other, "draft"))] == ["vertical@n2", "html@n0"]
