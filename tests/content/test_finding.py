"""Many blocks in many versions at once."""

from __future__ import annotations

import pytest

from lykeion.content import api as content
from lykeion.content.types import Node
from tests.content.trees import root_of

pytestmark = pytest.mark.django_db
UNIT = ("vertical@u", {"display_name": "Unit"}, ("html@h",))


def test_blocks_are_found_in_each_version_with_what_they_lie_in() -> None:
    first = root_of(content.store(), ("chapter@a", ("sequential@s", UNIT)))
    second = root_of(content.store(), ("chapter@a", ("sequential@s",)), ("chapter@b", ("sequential@t", UNIT)))

    found = content.find_many([(first, "html@h"), (second, "html@h"), (second, "html@none"), (first, "course@course")])

    assert {one: [step.ref for step in way] for one, way in found.items()} == {
        (first, "html@h"): ["course@course", "chapter@a", "sequential@s", "vertical@u", "html@h"],
        (second, "html@h"): ["course@course", "chapter@b", "sequential@t", "vertical@u", "html@h"],
        (first, "course@course"): ["course@course"],
    }


def test_what_moved_to_another_section_is_not_gone() -> None:
    first = root_of(content.store(), ("chapter@a", ("sequential@s", UNIT, ("vertical@v",))), ("chapter@b",))
    second = root_of(content.store(), ("chapter@a", ("sequential@s",)), ("chapter@b", ("sequential@t", UNIT)))

    assert content.gone([(first, second)]) == {(first, second): frozenset({"vertical@v"})}
    assert content.refs_of(second) == {
        "course@course", "chapter@a", "sequential@s", "chapter@b", "sequential@t", "vertical@u", "html@h",
    }  # fmt: skip


def test_settings_hold_below_what_set_them() -> None:
    course = Node("course", {"start": "2026-01-01T00:00:00Z", "group_access": {"1": [1, 2]}})
    unit = Node("vertical", {"group_access": {"1": [2]}, "display_name": "Unit"})

    held, own = content.settings_along([course, unit])

    assert (held["start"].isoformat(), held["group_access"]) == ("2026-01-01T00:00:00+00:00", {1: [2]})
    assert own == {"display_name": "Unit"}
