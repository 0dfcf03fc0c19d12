"""Canonical form and ids."""

from __future__ import annotations

import zlib

import pytest

from lykeion.content.objects import canonical, id_of, node_of, pack, unpack
from lykeion.content.types import ContentError, Node, ObjectId, ObjectMissing

CHILD = ObjectId("c" * 48)


def test_the_canonical_form_is_sorted_json_without_blanks() -> None:
    node = Node("html", {"b": [1, 2.0, None], "a": {"z": "ü", "y": True}}, (("x", CHILD),))

    data = canonical(node)

    assert data.decode() == (
        f'{{"children":[["x","{CHILD}"]],"fields":{{"a":{{"y":true,"z":"ü"}},"b":[1,2.0,null]}},"type":"html"}}'
    )
    assert node_of(data) == node


@pytest.mark.parametrize(
    "other",
    [
        Node("html", {"a": 1.0}, (("x", CHILD),)),
        Node("html", {"a": True}, (("x", CHILD),)),
        Node("html", {"a": 1}, (("X", CHILD),)),
        Node("html", {"a": 1}, (("x", CHILD), ("x", CHILD))),
        Node("htm", {"a": 1}, (("x", CHILD),)),
        Node("html", {"a": 1}, ()),
    ],
)
def test_whatever_differs_has_another_id(other: Node) -> None:
    assert id_of(canonical(other)) != id_of(canonical(Node("html", {"a": 1}, (("x", CHILD),))))


@pytest.mark.parametrize("text", ["", "x" * 100_000, "{" * 1000])
def test_what_is_packed_is_unpacked_to_the_same_bytes(text: str) -> None:
    data = canonical(Node("html", {"data": text}))

    packed = pack(data)

    assert unpack(id_of(data), packed) == data
    assert len(packed) <= len(data)


def test_a_damaged_object_is_never_taken_for_a_good_one() -> None:
    data = canonical(Node("html", {"data": "x" * 1000}))

    for stored in (b"", b"nonsense", pack(data)[:-9], zlib.compress(b"{}"), data.replace(b"x", b"y")):
        with pytest.raises(ObjectMissing, match=f"Object {id_of(data)} is damaged"):
            unpack(id_of(data), stored)


def test_fields_nested_too_deep_are_refused() -> None:
    deep: list[object] = []
    for _ in range(1000):
        deep = [deep]

    with pytest.raises(ContentError, match="A html block has a field that cannot be stored"):
        canonical(Node("html", {"deep": deep}))
