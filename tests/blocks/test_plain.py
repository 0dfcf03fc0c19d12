from __future__ import annotations

from collections import OrderedDict, namedtuple
from copy import deepcopy
from decimal import Decimal
from enum import IntEnum

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from lykeion.blocks.plain import Kept, copied, plain
from tests.blocks.visits import RUN

Point = namedtuple("Point", "x y")


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"a": Point(1, Point(2, None))}, {"a": {"x": 1, "y": {"x": 2, "y": None}}}),
        ((1, (2,)), [1, [2]]),
        ({2: "a", None: "b", True: "c", 2.5: "d"}, {"2": "a", "null": "b", "true": "c", "2.5": "d"}),
        (OrderedDict(a=1), {"a": 1}),
        ({"b", "a"}, ["a", "b"]),
        (Decimal("1.5"), 1.5),
        (Level.HIGH, 3),
        (RUN, "course-v1:Lyceum+ETH1+2026"),
        (mark_safe("<b>"), "<b>"),
        (gettext_lazy("word"), "word"),
    ],
)
def test_values_are_kept_as_json_would_give_them_back(value: object, kept: object) -> None:
    found = plain(value)

    assert found == kept
    assert type(found) is type(kept)


def test_what_cannot_be_kept_is_named() -> None:
    with pytest.raises(TypeError, match=r"object \(object\)|cannot be kept as JSON"):
        plain({"a": [object()]})


def test_copies_share_nothing_that_can_change() -> None:
    value = {"a": [{"b": 1}]}
    other = copied(value)

    other["a"][0]["b"] = 2

    assert value == {"a": [{"b": 1}]}


def test_a_kept_list_grows_by_being_replaced_and_is_never_copied() -> None:
    first = Kept().plus({"answer": ("a", "b")}, most=1000)
    second = first.plus({"answer": "c"}, most=1000)

    assert (first, second) == ([{"answer": ["a", "b"]}], [{"answer": ["a", "b"]}, {"answer": "c"}])
    assert (deepcopy(second) is second, plain(second) is second) == (True, True)
